"""What the handlers need from the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from resume_contracts.facts import Research
from resume_contracts.messages import Usage
from resume_core.changes import Change
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.tailoring import PostingView
from tailor_svc.bill import Bill
from tailor_svc.proposed import ProposedChanges


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a model is asked to propose changes for, and the languages asked and written in."""

    resume: Resume
    posting: PostingView
    requirements: Sequence[Requirement]
    research: Research | None
    language: str | None
    posting_language: str | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom a model is asked, until when (monotonic), how its calls are named, and their bill.

    `start_call` counts a call and names it; every call goes on the `bill`, whatever comes of it.
    """

    user_id: UUID
    job_id: UUID
    deadline: float
    start_call: Callable[[], str]
    bill: Bill = field(default_factory=Bill)


@dataclass(frozen=True, slots=True)
class Answered:
    """A model's whole answer, in its own words, and what the call that brought it cost."""

    changes: ProposedChanges
    usage: Usage


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model proposed; `notes` say what the person should know of how it came about."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


class RefusedByModelError(Exception):
    """The model declined to answer; asking again will not change that."""


class Proposer(Protocol):
    """Proposes changes to a resume. Nothing it says is believed: the truth gate decides."""

    async def propose(self, assignment: Assignment, asking: Asking) -> Proposal:
        """Ask before the deadline.

        Raises:
            OutboundError: the provider cannot answer.
            RefusedByModelError: it answered, and declined.
        """


class Answers(Protocol):
    """Answers kept for those who gave rise to them. Every method may raise anything."""

    async def read(self, user_id: UUID, digest: bytes, now: datetime) -> Answered | None:
        """The answer to a user's question, unless its time is over."""

    async def write(
        self, user_id: UUID, digest: bytes, answer: Answered, *, now: datetime, until: datetime
    ) -> bool:
        """Keep an answer; False when it is too long or its user erased."""
