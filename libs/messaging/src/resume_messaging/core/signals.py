"""A flag that is raised once, and a pause that ends early when one is raised."""

import asyncio
from collections.abc import Awaitable, Callable


class Signal:
    """Raised once and for good. Unlike an event it can be waited for without a task."""

    def __init__(self) -> None:
        self._is_set = False
        self._callbacks: list[Callable[[], object]] = []

    @property
    def is_set(self) -> bool:
        """Whether it was raised."""
        return self._is_set

    def set(self) -> None:
        """Raise it and call everybody who asked for it."""
        self._is_set = True
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_set(self, callback: Callable[[], object]) -> Callable[[], None]:
        """Call `callback` when raised (at once when it was); returns the way to unsubscribe."""
        if self._is_set:
            callback()
        else:
            self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe


async def pause(
    sleep: Callable[[float], Awaitable[None]], seconds: float, *signals: Signal
) -> None:
    """Sleep for `seconds`, or until one of the signals is raised."""
    woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def wake(*_: object) -> None:
        if not woken.done():
            woken.set_result(None)

    timer = asyncio.ensure_future(sleep(seconds))
    timer.add_done_callback(wake)
    unsubscribes = [signal.on_set(wake) for signal in signals]
    try:
        await woken
        if timer.done():
            timer.result()
    finally:
        timer.cancel()
        for unsubscribe in unsubscribes:
            unsubscribe()
