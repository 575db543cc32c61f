"""What the handlers need from the world, in our own terms."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from resume_contracts.facts import Research
from resume_contracts.messages import Usage
from resume_messaging.core.ports import StartCall

A = TypeVar("A")
Q_contra = TypeVar("Q_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class CompanyQuestion:
    """Which company: a tidied name, and the domain only when the user gave it.

    What a posting says about its own domain has no place here.
    """

    name: str
    domain: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class SalaryQuestion:
    """Pay for an occupation in a region; both tidied."""

    title: str
    region: str


class CompanyFindings(BaseModel):
    """What is publicly known of a company.

    `domain` is the company's own, when a source is of that domain; `research.company` is empty:
    each asker has a spelling of the name of his own.
    """

    model_config = ConfigDict(frozen=True)

    research: Research
    domain: str | None = None


class SalaryFigure(BaseModel):
    """A published range of pay, with everything needed to judge it.

    `occupation` and `region` are the source's own words.
    """

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    occupation: str = Field(min_length=1, max_length=200)
    low: float = Field(gt=0)
    high: float = Field(gt=0)
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    period: Literal["year", "month", "week", "day", "hour"]
    region: str = Field(min_length=1, max_length=200)
    as_of: date
    sample_size: int = Field(ge=1, le=1_000_000_000)
    url: str = Field(min_length=1, max_length=600)


class SalaryFindings(BaseModel):
    """Published pay; empty when nothing is known."""

    model_config = ConfigDict(frozen=True)

    figures: tuple[SalaryFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """How long a question may take (monotonic), how its paid calls are named, and their bill.

    `start_call` counts a call; each answer that was paid for is added to `bill`, whatever comes
    of it.
    """

    deadline: float
    start_call: StartCall
    bill: list[Usage] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer(Generic[A]):
    """What a provider answered. `is_known`: something citable was found.

    `is_sound`: it searched. An answer that did not says nothing about the question and is not kept.
    """

    value: A
    is_known: bool
    is_sound: bool = True


class Researcher(Protocol[Q_contra, A]):
    """Finds out, with sources; every call is guarded and paid for."""

    async def ask(self, question: Q_contra, asking: Asking) -> Answer[A]:
        """What is known before the deadline.

        Raises:
            OutboundError: the provider cannot answer.
            CallsExhaustedError: no paid call is left.
        """


@dataclass(frozen=True, slots=True)
class Entry(Generic[A]):
    """A stored answer, what it cost and when it was had."""

    value: A
    is_known: bool
    cost_usd: float | None
    at: datetime


class Shelf(Protocol[Q_contra, A]):
    """Stored answers. Every method may raise `StoreUnavailableError`."""

    def key(self, question: Q_contra) -> bytes:
        """What identifies a question wherever it is asked."""

    async def read(self, question: Q_contra) -> Entry[A] | None:
        """The newest stored answer, however old."""

    async def write(self, question: Q_contra, entry: Entry[A]) -> None:
        """Store an answer in place of the former one."""


class Answers(Protocol[Q_contra, A]):
    """Answers, from wherever; `research_svc.cache.SharedCache` gives them."""

    async def get(self, question: Q_contra, asking: Asking) -> Entry[A]:
        """The answer to a question; `SharedCache.get` says what it raises."""
