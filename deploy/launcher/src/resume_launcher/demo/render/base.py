"""What every product's result has: how it came about, how the posting was read, what it cost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

T = TypeVar("T")

QUOTED = 96
ROUTES = {
    "board": "the job board's data",
    "json_ld": "the page's JSON-LD",
    "firecrawl": "Firecrawl",
    "rendered": "Chromium",
    "page_text": "the page's text",
    "user": "the text you gave",
}
Status = Mapping[str, Any]


class Read(BaseModel):
    """A part of an answer; what is not needed here is passed over."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What a result refers to, and how much of it is shown.

    Attributes:
        facts: the resume's statements by their ids.
        posting: the stored posting as the API gives it.
        most: how many of a kind are shown; None: all.
    """

    facts: Mapping[str, str] = field(default_factory=dict)
    posting: Mapping[str, Any] = field(default_factory=dict)
    most: int | None = None

    def some(self, items: Sequence[T]) -> Sequence[T]:
        """The items that are shown."""
        return items if self.most is None else items[: self.most]

    def rest(self, items: Sequence[Any], indent: str = "  ") -> Iterator[str]:
        """A line about those that are not."""
        left = len(items) - len(self.some(items))
        if left:
            yield f"{indent}… and {left} more"


class RouteTried(Read):
    """A way to the posting that was tried, and what came of it."""

    route: str
    outcome: str
    code: str | None = None


class Reading(Read):
    """How the posting was read."""

    route: str
    routes: tuple[RouteTried, ...] = ()
    expired: bool = False
    hidden_removed: int = 0


class Place(Read):
    """The posting, as far as it names itself."""

    title: str | None = None
    company: str | None = None
    read: Reading | None = None


class Made(Read):
    """How a result came about."""

    engine: str
    degraded: bool = False
    notes: tuple[str, ...] = ()
    posting: Place = Place()


class Receipt(Read):
    """What the job cost, and what earlier answers spared."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    unpriced_calls: int = 0
    cached_answers: int = 0
    saved_usd: float = 0.0


def about(made: Made, kept_out: str) -> Iterator[str]:
    """How it came about; `kept_out` says what was not believed."""
    if made.posting.read is not None:
        yield from reading(made.posting.read)
    by = "rules" if made.engine == "rules" else "a model, each statement checked"
    lesser = " (a lesser route than asked for)" if made.degraded else ""
    yield f"  Written by {by}{lesser}; {kept_out}."
    yield from (f"  Note: {note}" for note in made.notes)


def ending(status: Status) -> Iterator[str]:
    """What was not to be had, and the receipt."""
    for note in status.get("notes", ()):
        if note.get("unavailable"):
            yield f"  Not to be had: {note['stage']} ({str(note['unavailable']).rstrip('.')})"
    yield f"  Receipt: {receipt(Receipt.model_validate(status.get('receipt') or {}))}."


def receipt(spent: Receipt) -> str:
    """A receipt in words."""
    parts = []
    if spent.calls:
        tokens = spent.input_tokens + spent.output_tokens
        unknown = " and what has no known price" if spent.unpriced_calls else ""
        parts.append(
            f"{count(spent.calls, 'call')}, {tokens} tokens, {spent.cost_usd:.4f} USD{unknown}"
        )
    if spent.cached_answers:
        again = f"{count(spent.cached_answers, 'earlier answer')} used again"
        parts.append(f"{again}, {spent.saved_usd:.4f} USD saved")
    return "; ".join(parts) or "nothing was paid for"


def reading(read: Reading) -> Iterator[str]:
    """The way the posting was read by, and the ways that led nowhere."""
    used = ROUTES.get(read.route, read.route)
    tried = ", ".join(
        f"{ROUTES.get(one.route, one.route)} ({(one.code or one.outcome).replace('_', ' ')})"
        for one in read.routes
        if one.outcome not in {"used", "not_applicable"} or one.code
    )
    yield f"  Posting read from {used}" + (f"; without result: {tried}." if tried else ".")
    if read.expired:
        yield "  Note: the posting itself says that its time to apply is over."
    if read.hidden_removed:
        yield f"  Note: text that the page hides was left out ({read.hidden_removed} found)."


def short(text: str, longest: int = QUOTED) -> str:
    """One line of at most so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1].rstrip() + "…"


def count(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def named(place: Place) -> str:
    """Title and company, as far as they are known."""
    return " at ".join(filter(None, (place.title, place.company)))
