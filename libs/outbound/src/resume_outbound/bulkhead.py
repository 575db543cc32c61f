"""A provider's slots in this process, shared by all its queues."""

import asyncio
import heapq
from itertools import count

from resume_outbound.errors import ConcurrencyLimitError
from resume_outbound.timing import ElapsedError, within
from resume_runtime.clock import Sleep

#: What a caller that got no slot is told to wait before it asks again, seconds.
ASK_AGAIN_S = 5.0


class Bulkhead:
    """`limit` slots; whoever has the oldest deadline is served first."""

    def __init__(self, name: str, limit: int, sleep: Sleep) -> None:
        self._name = name
        self._free = limit
        self._sleep = sleep
        self._order = count()
        self._waiters: list[tuple[float, int, asyncio.Future[None]]] = []

    @property
    def free(self) -> int:
        """Slots nobody holds."""
        return self._free

    @property
    def waiting(self) -> int:
        """Callers in the queue."""
        return len(self._waiters)

    def slot(self, *, deadline: float, wait: float) -> "_Slot":
        """Hold a slot for the body of `async with`.

        Args:
            deadline: monotonic seconds; the caller's place in the queue.
            wait: seconds to queue for at most.

        Raises:
            ConcurrencyLimitError: no slot came free in time.
        """
        return _Slot(self, deadline, wait)

    async def acquire(self, deadline: float, wait: float) -> None:
        """Take a slot; `release` it. See `slot`."""
        if self._free and not self._waiters:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (deadline, next(self._order), turn)
        heapq.heappush(self._waiters, entry)
        try:
            await within(wait, lambda: asyncio.shield(turn), self._sleep)
        except BaseException as error:
            if turn.done():  # the slot was handed over in the same moment
                if isinstance(error, ElapsedError):
                    return
                self.release()
            else:
                self._waiters.remove(entry)
                heapq.heapify(self._waiters)
            if isinstance(error, ElapsedError):
                raise ConcurrencyLimitError(self._name, ASK_AGAIN_S) from None
            raise

    def release(self) -> None:
        """Hand the slot to the next in the queue."""
        if self._waiters:
            _, _, turn = heapq.heappop(self._waiters)
            turn.set_result(None)
        else:
            self._free += 1


class _Slot:
    """`acquire` and `release` around a body, without the cost of a generator."""

    __slots__ = ("_bulkhead", "_deadline", "_wait")

    def __init__(self, bulkhead: Bulkhead, deadline: float, wait: float) -> None:
        self._bulkhead = bulkhead
        self._deadline = deadline
        self._wait = wait

    async def __aenter__(self) -> None:
        await self._bulkhead.acquire(self._deadline, self._wait)

    async def __aexit__(self, *_error: object) -> None:
        self._bulkhead.release()
