"""How much goes wrong in one history, drawn from its seed."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from resume_messaging.core.ports import Outgoing
from resume_messaging.sim.chaos import Process
from resume_runtime.clock import Sleep


@dataclass(slots=True)
class Plan:
    """The troubles of one history.

    Attributes:
        crashes: processes that may still die at a random point.
        crash_odds: of dying at each point.
        publish_odds: of losing a confirm, or a part of a batch.
        store_odds: of losing the store's connection before or after a statement.
    """

    crashes: int
    crash_odds: float
    publish_odds: float
    store_odds: float

    @classmethod
    def draw(cls, rng: random.Random) -> "Plan":
        """Draw a plan; one in five is calm."""
        if rng.random() < 0.2:
            return cls(0, 0.0, 0.0, 0.0)
        return cls(
            crashes=rng.randint(0, 5),
            crash_odds=rng.choice((0.01, 0.03, 0.1)),
            publish_odds=rng.choice((0.0, 0.05, 0.2)),
            store_odds=rng.choice((0.0, 0.0, 0.02, 0.1)),
        )


class RandomChaos:
    """`Chaos` by dice."""

    def __init__(
        self,
        plan: Plan,
        *,
        rng: random.Random,
        sleep: Sleep,
        crash: Callable[[Process], None],
    ) -> None:
        self._plan = plan
        self._rng = rng
        self._sleep = sleep
        self._crash = crash
        self.faults = 0

    async def at(self, process: Process, point: str) -> None:
        """Take a moment; perhaps die."""
        del point
        roll = self._rng.random()
        if roll < 0.25:
            await self._sleep(roll * 0.1)
        elif roll < 0.28:
            await self._sleep(roll * 5.0)
        elif roll < 0.6:
            await self._sleep(0)
        plan = self._plan
        if plan.crashes and self._rng.random() < plan.crash_odds:
            plan.crashes -= 1
            self._crash(process)

    def store_fails(self, process: Process, point: str) -> bool:
        """By dice."""
        del process, point
        failed = self._rng.random() < self._plan.store_odds
        self.faults += failed
        return failed

    def confirmed(self, process: Process, batch: Sequence[Outgoing]) -> tuple[int, bool]:
        """By dice: half of the faults lose the confirms, the others lose messages too."""
        del process
        if self._rng.random() >= self._plan.publish_odds:
            return len(batch), True
        self.faults += 1
        if self._rng.random() < 0.5:
            return len(batch), False
        return self._rng.randrange(len(batch)), False
