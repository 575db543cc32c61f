"""What the runner knows of the one delivery it works on."""

from dataclasses import dataclass

from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import reserve_of
from resume_messaging.core.attempt import Context
from resume_messaging.core.outcome import Settlement, Wait
from resume_messaging.core.ports import Delivery, MemoKey
from resume_messaging.core.signals import Signal


class SettledError(Exception):
    """Ends the work on a delivery early; no failure. Never leaves the runner."""

    def __init__(self, settlement: Settlement) -> None:
        super().__init__(settlement.value)
        self.settlement = settlement


@dataclass(slots=True, eq=False)
class Work:
    """One delivery's progress.

    Attributes:
        delivery: what came.
        key: where its memo is.
        owner: the name its claims are made in; this delivery's alone.
        stop: raised when the run is stopped.
        deadline: the job's, monotonic.
        limit: the stage's, monotonic; at most the deadline.
        context: what its handler gets.
        is_suspect: its message came back from crashes again and again.
        wait: the handler's last wish to wait, until the gate has heard it.
        spent: what was paid for before such wishes.
        is_announced: `StageStarted` is out.
        is_counted: as a suspect, its start is counted; waiting and coming back is no new start.
        contended: how often another's claim was in the way.
        settlement: what becomes of the delivery when its outcome is published.
    """

    delivery: Delivery
    key: MemoKey
    owner: str
    stop: Signal
    deadline: float
    limit: float
    context: Context
    is_suspect: bool
    wait: Wait | None = None
    spent: tuple[Usage, ...] = ()
    is_announced: bool = False
    is_counted: bool = False
    contended: int = 0
    settlement: Settlement = Settlement.ACK

    @property
    def command(self) -> Command:
        """What is asked for."""
        return self.delivery.command

    @property
    def provider(self) -> str | None:
        """Whom to wait for at the gate."""
        if self.context.do_without_provider:
            return None
        return self.command.provider if self.wait is None else self.wait.provider

    @property
    def reserve_s(self) -> float | None:
        """Seconds before the limit at which the stage goes on without its provider; None: never."""
        command = self.command
        return None if command.provider is None else reserve_of(command.stage, command.engine)
