"""What a history leaves behind for the checks."""

import hashlib
from dataclasses import dataclass, field
from uuid import UUID

from resume_contracts.messages import EventKind, JobEvent
from resume_messaging.core.gate import Gate
from resume_messaging.core.ports import Outgoing
from resume_messaging.core.runner import StageRunner
from resume_messaging.sim.store import MemoryMemoStore

#: A job's id and the number of its run.
Run = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Parts:
    """The code under test, so that a bug can be planted in it."""

    gate: type[Gate] = Gate
    runner: type[StageRunner] = StageRunner
    store: type[MemoryMemoStore] = MemoryMemoStore


class Trace:
    """A digest of everything that was published and when: equal for equal histories."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, seconds: float, message_id: UUID) -> None:
        """One message more."""
        self._hash.update(f"{seconds:.6f}{message_id}".encode())

    def hexdigest(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()


@dataclass(slots=True)
class Record:
    """What happened.

    Attributes:
        deadlines: of every accepted run, virtual seconds.
        terminal: the first fact that ended each run.
        cancelled: when the services' stores had committed a run's stop (infinity: not yet).
        bodies: what was first published under each id.
        copies: how often something was published under each id.
        conflicts: what was published under an id with another content than first.
        crowds: times at which a second delivery passed a half-open gate.
        errors: exceptions that nobody caught.
        died: processes that crashed.
        troubles: crashes, stops and copies, each good for some repetition.
        trace: of all publishes.
    """

    deadlines: dict[Run, float] = field(default_factory=dict)
    terminal: dict[Run, JobEvent] = field(default_factory=dict)
    cancelled: dict[Run, float] = field(default_factory=dict)
    bodies: dict[UUID, bytes] = field(default_factory=dict)
    copies: dict[UUID, int] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    crowds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    died: set[str] = field(default_factory=set)
    troubles: int = 0
    trace: Trace = field(default_factory=Trace)

    def is_over(self, run: Run) -> bool:
        """Whether a run has its end."""
        return run in self.terminal or run in self.cancelled

    def published(self, message: Outgoing, seconds: float) -> None:
        """A message was routed."""
        message_id = message.message_id
        self.trace.add(seconds, message_id)
        self.copies[message_id] = self.copies.get(message_id, 0) + 1
        # A start is told anew, with a new time, by whoever starts anew.
        if message.kind == EventKind.STAGE_STARTED:
            return
        if self.bodies.setdefault(message_id, message.body) != message.body:
            self.conflicts.append(f"{message.kind} {message.routing_key} {message_id}")
