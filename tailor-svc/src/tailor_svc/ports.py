"""What the handlers need from the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from resume_contracts.facts import Research
from resume_core.changes import Change
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.tailoring import PostingView
from tailor_svc.bill import Bill


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a model is asked to propose changes for."""

    resume: Resume
    posting: PostingView
    requirements: Sequence[Requirement]
    research: Research | None
    language: str | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a model proposed; `notes` say what the person should know of how it came about."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


class RefusedByModelError(Exception):
    """The model declined to answer; asking again will not change that."""


class Proposer(Protocol):
    """Proposes changes to a resume. Nothing it says is believed: the truth gate decides."""

    async def propose(
        self,
        assignment: Assignment,
        *,
        deadline: float,
        start_call: Callable[[], str],
        bill: Bill,
    ) -> Proposal:
        """Ask before `deadline` (monotonic seconds).

        `start_call` counts a call and names it; every call goes on the `bill`, whatever comes of
        it.

        Raises:
            OutboundError: the provider cannot answer.
            RefusedByModelError: it answered, and declined.
        """
