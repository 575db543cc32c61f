"""The outcome of a job for people: the honest ceiling on top, changes with reasons, gaps."""

from collections.abc import Iterator
from typing import Any, Self

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

WIDTH = 96
ROUTES = {
    "board": "the job board's data",
    "json_ld": "the page's JSON-LD",
    "firecrawl": "Firecrawl",
    "rendered": "Chromium",
    "page_text": "the page's text",
    "user": "the text you gave",
}


class _Read(BaseModel):
    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )


class RouteTried(_Read):
    """A way to the posting that was tried, and what came of it."""

    route: str
    outcome: str
    code: str | None = None


class Reading(_Read):
    """How the posting was read."""

    route: str
    routes: tuple[RouteTried, ...] = ()
    expired: bool = False
    hidden_removed: int = 0


class Place(_Read):
    """The posting, as far as it names itself."""

    title: str | None = None
    company: str | None = None
    read: Reading | None = None


class Change(_Read):
    """One change; `before` and `after` are texts, or ids in a new order."""

    kind: str
    section: str
    before: str | tuple[str, ...] | None = None
    after: str | tuple[str, ...] | None = None
    reason: str = ""
    status: str

    @property
    def waits(self) -> bool:
        """It is only proposed: the person decides."""
        return self.status == "proposed"


class Coverage(_Read):
    """Shares (0 to 1) of the posting's requirements that the resume shows."""

    before: float
    after: float
    ceiling: float


class Gap(_Read):
    """Something the posting asks for that the resume does not show."""

    question: str


class Receipt(_Read):
    """What the job cost, and what earlier answers spared."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0
    unpriced_calls: int = 0
    cached_answers: int = 0
    saved_usd: float = 0.0


class Outcome(_Read):
    """The result of a tailoring job, as far as the demo prints it."""

    engine: str
    degraded: bool = False
    notes: tuple[str, ...] = ()
    posting: Place
    resume: dict[str, Any]
    changes: tuple[Change, ...]
    blocked: tuple[dict[str, Any], ...] = ()
    coverage: Coverage
    gaps: tuple[Gap, ...] = ()
    receipt: Receipt | None = None

    @classmethod
    def of(cls, status: dict[str, Any]) -> Self:
        """Read a completed job's status."""
        return cls.model_validate({**status["result"], "receipt": status.get("receipt")})


def lines(outcome: Outcome) -> Iterator[str]:
    """The outcome, a line at a time."""
    coverage = outcome.coverage
    place = " at ".join(filter(None, (outcome.posting.title, outcome.posting.company)))
    yield f"Honest ceiling {coverage.ceiling:.0%}" + (f" for {place}" if place else "")
    yield (
        f"  Your resume showed {coverage.before:.0%} of what the posting asks for; it now shows "
        f"{coverage.after:.0%}."
    )
    yield f"  More than {coverage.ceiling:.0%} could only be had by claiming what is not true."
    if outcome.posting.read is not None:
        yield from _reading(outcome.posting.read)
    yield from _engine(outcome)
    if outcome.receipt is not None:
        yield f"  Receipt: {_receipt(outcome.receipt)}."
    applied = [change for change in outcome.changes if not change.waits]
    yield ""
    yield f"Changes ({len(applied)}):" if applied else "Changes: none were needed."
    for change in applied:
        yield from _change(change)
    waiting = [change for change in outcome.changes if change.waits]
    if waiting:
        yield ""
        yield f"Proposed, for you to decide ({len(waiting)}):"
        for change in waiting:
            yield from _change(change)
    yield ""
    yield f"Gaps ({len(outcome.gaps)}):" if outcome.gaps else "Gaps: none."
    yield from (f"  ? {gap.question}" for gap in outcome.gaps)


def _engine(outcome: Outcome) -> Iterator[str]:
    by = "rules" if outcome.engine == "rules" else "a model, each change checked"
    degraded = " (a lesser route than asked for)" if outcome.degraded else ""
    blocked = len(outcome.blocked)
    yield f"  Proposed by {by}{degraded}; {blocked} proposals blocked as not true of you."
    yield from (f"  Note: {note}" for note in outcome.notes)


def _receipt(receipt: Receipt) -> str:
    parts = []
    if receipt.calls:
        tokens = receipt.input_tokens + receipt.output_tokens
        unknown = " and what has no known price" if receipt.unpriced_calls else ""
        calls = "1 paid call" if receipt.calls == 1 else f"{receipt.calls} paid calls"
        parts.append(f"{calls}, {tokens} tokens, {receipt.cost_usd:.4f} USD{unknown}")
    if receipt.cached_answers:
        answers = "answer" if receipt.cached_answers == 1 else "answers"
        again = f"{receipt.cached_answers} earlier {answers} used again"
        parts.append(f"{again}, {receipt.saved_usd:.4f} USD saved")
    return "; ".join(parts) or "nothing was paid for"


def _reading(reading: Reading) -> Iterator[str]:
    used = ROUTES.get(reading.route, reading.route)
    tried = ", ".join(
        f"{ROUTES.get(one.route, one.route)} ({(one.code or one.outcome).replace('_', ' ')})"
        for one in reading.routes
        if one.outcome not in {"used", "not_applicable"} or one.code
    )
    yield f"  Posting read from {used}" + (f"; without result: {tried}." if tried else ".")
    if reading.expired:
        yield "  Note: the posting itself says that its time to apply is over."
    if reading.hidden_removed:
        yield f"  Note: text that the page hides was left out ({reading.hidden_removed} found)."


def _change(change: Change) -> Iterator[str]:
    what = f"  * {change.section}: {change.kind.replace('_', ' ')}"
    texts = [
        f"      {sign} {_short(text)}"
        for sign, text in (("-", change.before), ("+", change.after))
        if isinstance(text, str) and text
    ]
    yield what
    yield from texts
    if change.reason:
        yield f"      why: {change.reason}"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDTH else flat[: WIDTH - 1].rstrip() + "…"
