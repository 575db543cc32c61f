"""An event loop whose time passes at once, and its clock."""

import asyncio
import selectors
from collections.abc import Coroutine, Mapping
from contextvars import ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


class DeadlockError(Exception):
    """Nothing will ever happen again, and the simulation is not at its end."""


class Owner(Protocol):
    """A simulated process: knows the tasks that were started in it."""

    tasks: dict["asyncio.Task[Any]", None]


#: Whose task runs now; tasks inherit it from the one that started them.
OWNER: ContextVar[Owner | None] = ContextVar("owner", default=None)


class _Selector(selectors.BaseSelector):
    """No file is ever ready: waiting for one only moves the time."""

    def __init__(self) -> None:
        self.now = 0.0
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = selectors.SelectorKey(fileobj, fileobj, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise DeadlockError
        if timeout > 0:
            self.now += timeout
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs what is ready; when nothing is, it is already later."""

    def __init__(self) -> None:
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self.set_task_factory(_create_task)

    def time(self) -> float:
        """Virtual seconds since the start."""
        return self._virtual.now


class VirtualClock:
    """`Clock` of a virtual loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def now(self) -> datetime:
        """The time of day."""
        return EPOCH + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """Virtual seconds since the start."""
        return self._loop.time()


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` on a loop of its own, and end whatever it left behind.

    Raises:
        DeadlockError: `main` waits for something that cannot happen any more.
    """
    loop = VirtualLoop()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(main)
    finally:
        _end_all(loop)
        asyncio.set_event_loop(None)
        loop.close()


def spawn_in(owner: Owner | None, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    """Start a task as a part of a process, or of none."""
    context = copy_context()
    context.run(OWNER.set, owner)
    return context.run(asyncio.ensure_future, work)


def _end_all(loop: VirtualLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))


def _create_task(
    loop: asyncio.AbstractEventLoop, coroutine: Any, **options: Any
) -> "asyncio.Task[Any]":
    task: asyncio.Task[Any] = asyncio.Task(coroutine, loop=loop, **options)
    owner = OWNER.get()
    if owner is not None:
        owner.tasks[task] = None
        task.add_done_callback(owner.tasks.pop)
    return task
