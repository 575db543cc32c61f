"""What goes wrong in a simulation, and when."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from resume_messaging.core.ports import Outgoing

if TYPE_CHECKING:
    from resume_messaging.sim.process import SimProcess


class CrashedError(BaseException):
    """The process is dead: nothing in it happens any more. Not to be caught."""


class Chaos(Protocol):
    """Asked at every point where a process touches the world."""

    async def at(self, process: "SimProcess", point: str) -> None:
        """Take some time; may call `process.kill()`. `point` is e.g. `save:before`."""

    def store_fails(self, process: "SimProcess", point: str) -> bool:
        """Whether the store is away now."""

    def confirmed(self, process: "SimProcess", batch: Sequence[Outgoing]) -> tuple[int, bool]:
        """How many messages of a batch arrive, and whether their confirms do."""


class Calm:
    """Nothing goes wrong, except what a scenario asks for.

    Attributes:
        crash_at: points at which the next process to come along dies, once each.
        publishes: for each of the next batches, what `Chaos.confirmed` says.
    """

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._sleep = sleep
        self.crash_at: list[str] = []
        self.publishes: list[tuple[int, bool]] = []

    async def at(self, process: "SimProcess", point: str) -> None:
        """Die here, if that was asked for."""
        await self._sleep(0)
        if point in self.crash_at:
            self.crash_at.remove(point)
            process.kill()

    def store_fails(self, process: "SimProcess", point: str) -> bool:
        """Never."""
        del process, point
        return False

    def confirmed(self, process: "SimProcess", batch: Sequence[Outgoing]) -> tuple[int, bool]:
        """All and always, unless scripted."""
        del process
        if not self.publishes:
            return len(batch), True
        arrive, confirmed = self.publishes.pop(0)
        return min(arrive, len(batch)), confirmed
