"""What the handlers need from the world."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Protocol
from uuid import UUID

from resume_contracts.messages import Usage
from resume_messaging.core.ports import StartCall
from tailor_svc.bill import Bill
from tailor_svc.form import A, Form


@dataclass(frozen=True, slots=True)
class Question:
    """The fenced data that is asked about; `notes` say what had to be left out."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Request(Generic[A]):
    """What is asked: in which form, and about what, in at most so many tokens (`fit`)."""

    form: Form[A]
    fit: Callable[[int], Question]


@dataclass(frozen=True, slots=True)
class Asking:
    """For whom a model is asked, until when (monotonic), how its calls are named, and their bill.

    `start_call` counts a call and names it; every call goes on the `bill`, whatever comes of it.
    """

    user_id: UUID
    job_id: UUID
    deadline: float
    start_call: StartCall
    bill: Bill = field(default_factory=Bill)


@dataclass(frozen=True, slots=True)
class Answered(Generic[A]):
    """A model's whole answer, in its own words, and what the call that brought it cost."""

    answer: A
    usage: Usage


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote an answer: which model where, by which version of the prompt."""

    provider: str
    model: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[A]):
    """What a model answered; `notes` say what the person should know of how it came about."""

    answer: A
    author: Author
    notes: tuple[str, ...] = ()


class RefusedByModelError(Exception):
    """The model declined to answer; asking again will not change that."""


class Model(Protocol):
    """Answers requests. Nothing it says is believed: what is made of it is checked."""

    async def ask(self, request: Request[A], asking: Asking) -> Reply[A]:
        """Ask before the deadline.

        Raises:
            OutboundError: the provider cannot answer.
            RefusedByModelError: it answered, and declined.
        """


class Answers(Protocol):
    """Answers kept for those who gave rise to them. Every method may raise anything."""

    async def read(
        self, user_id: UUID, digest: bytes, form: Form[A], now: datetime
    ) -> Answered[A] | None:
        """The answer to a user's question, unless its time is over or it has another form."""

    async def write(
        self, user_id: UUID, digest: bytes, answer: Answered[A], *, now: datetime, until: datetime
    ) -> bool:
        """Keep an answer; False when it is too long or its user erased."""
