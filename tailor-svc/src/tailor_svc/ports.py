"""What the handlers need from the world."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from resume_contracts.facts import Research
from resume_contracts.messages import Usage
from resume_core.changes import Change
from resume_core.model import Resume
from resume_core.requirements import Requirement
from resume_core.tailoring import PostingView


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
    """What a model proposed, and what the asking cost."""

    changes: tuple[Change, ...]
    usage: Usage


class RefusedByModelError(Exception):
    """The model declined to answer; asking again will not change that."""

    def __init__(self, usage: Usage) -> None:
        super().__init__("refused")
        self.usage = usage


class Proposer(Protocol):
    """Proposes changes to a resume. Nothing it says is believed: the truth gate decides."""

    async def propose(
        self, assignment: Assignment, *, deadline: float, start_call: Callable[[], str]
    ) -> Proposal:
        """Ask before `deadline` (monotonic seconds); `start_call` counts a call and names it.

        Raises:
            OutboundError: the provider cannot answer.
            RefusedByModelError: it answered, and declined.
        """
