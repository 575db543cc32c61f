"""What goes wrong in a simulation, and when."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from resume_messaging.core.ports import Memo, MemoKey, Outgoing


class CrashedError(BaseException):
    """The process is dead: nothing in it happens any more. Not to be caught."""


class Process(Protocol):
    """What a consumer process shows to its ports: where it may die, and who listens."""

    @property
    def name(self) -> str:
        """Which one."""

    @property
    def chaos(self) -> "Chaos":
        """What goes wrong."""

    async def at(self, point: str) -> None:
        """A touch of the world: takes time, and may be the last one.

        Raises:
            CrashedError: the process died here, or is dead.
        """

    def kill(self) -> None:
        """Die.

        Raises:
            CrashedError: in a task of the process itself.
        """

    def on_publish(self, batch: Sequence[Outgoing], *, confirmed: bool) -> None:
        """Told before (unconfirmed) and after (confirmed) a batch is published."""

    def on_saved(self, key: MemoKey, memo: Memo) -> None:
        """Told of every outcome that is in the store."""


class Chaos(Protocol):
    """Asked at every point where a process touches the world."""

    async def at(self, process: Process, point: str) -> None:
        """Take some time; may call `process.kill()`. `point` is e.g. `save:before`."""

    def store_fails(self, process: Process, point: str) -> bool:
        """Whether the store is away now."""

    def confirmed(self, process: Process, batch: Sequence[Outgoing]) -> tuple[int, bool]:
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

    async def at(self, process: Process, point: str) -> None:
        """Die here, if that was asked for."""
        await self._sleep(0)
        if point in self.crash_at:
            self.crash_at.remove(point)
            process.kill()

    def store_fails(self, process: Process, point: str) -> bool:
        """Never."""
        del process, point
        return False

    def confirmed(self, process: Process, batch: Sequence[Outgoing]) -> tuple[int, bool]:
        """All and always, unless scripted."""
        del process
        if not self.publishes:
            return len(batch), True
        arrive, confirmed = self.publishes.pop(0)
        return min(arrive, len(batch)), confirmed
