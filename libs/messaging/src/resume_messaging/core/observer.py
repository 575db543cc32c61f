"""What the runner tells those who measure it."""

from collections.abc import Iterable
from typing import Protocol

from resume_contracts.messages import Usage


class Observer(Protocol):
    """Told what happens; must be quick and must not raise."""

    def started(self, stage: str) -> None:
        """A handler starts."""

    def finished(self, stage: str, outcome: str, seconds: float) -> None:
        """A handler ended: `done`, `retry`, `fail`, `expired`, `wait` or `stopped`."""

    def failed(self, stage: str, code: str) -> None:
        """A stage failed for good."""

    def held(self, provider: str, verdict: str, seconds: float) -> None:
        """A delivery left the gate: `passed`, `expired`, `stopped` or `shutdown`."""

    def recalled(self, stage: str) -> None:
        """A stored outcome was published instead of doing the stage again."""

    def wasted(self, stage: str, calls: int) -> None:
        """Paid calls whose result nobody wants any more."""

    def billed(self, usage: Iterable[Usage]) -> None:
        """What a stage came to has cost this, or spared it."""

    def requeued(self, stage: str) -> None:
        """A delivery went back to its queue."""


class NullObserver:
    """Listens to nothing."""

    def started(self, stage: str) -> None:
        """Ignore."""

    def finished(self, stage: str, outcome: str, seconds: float) -> None:
        """Ignore."""

    def failed(self, stage: str, code: str) -> None:
        """Ignore."""

    def held(self, provider: str, verdict: str, seconds: float) -> None:
        """Ignore."""

    def recalled(self, stage: str) -> None:
        """Ignore."""

    def wasted(self, stage: str, calls: int) -> None:
        """Ignore."""

    def billed(self, usage: Iterable[Usage]) -> None:
        """Ignore."""

    def requeued(self, stage: str) -> None:
        """Ignore."""
