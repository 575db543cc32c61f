"""A career path: next roles, what postings ask for and the resume shows or not, and pay."""

from collections.abc import Iterator, Sequence

from resume_launcher.demo.render.base import Known, Made, Read, Status, about, count, ending
from resume_launcher.demo.render.grounds import Sentence

KINDS = {"step_up": "a step up", "sideways": "a field beside", "seen": "in your postings"}
NO_DATA = "no data (no page with source, date, region and sample size was found)"


class Counted(Read):
    """A requirement counted over postings."""

    skill: str
    count: int
    of: int


class Pay(Read):
    """A published range."""

    role: str
    low: float
    high: float
    currency: str
    period: str
    region: str
    date: str
    sample_size: int
    url: str


class Role(Read):
    """A role to aim at."""

    title: str
    field: str = ""
    kind: str
    posting_ids: tuple[str, ...] = ()
    missing: tuple[Counted, ...] = ()
    present: tuple[Counted, ...] = ()
    pay: tuple[Pay, ...] = ()
    reasons: tuple[Sentence, ...] = ()


class Current(Read):
    """Where the person stands."""

    title: str = ""
    field: str | None = None
    months: int = 0


class Career(Made):
    """The result of a career path's job, as far as it is printed."""

    current: Current
    roles: tuple[Role, ...] = ()
    missing: tuple[Counted, ...] = ()
    present: tuple[Counted, ...] = ()
    postings: int = 0
    pay: tuple[Pay, ...] = ()
    dropped: int = 0
    ladder_source: str = ""


def lines(status: Status, known: Known) -> Iterator[str]:
    """Where one stands, where one may go, what is missing, and what is paid."""
    made = Career.model_validate(status["result"])
    now = made.current
    field = f", {now.field}" if now.field else ""
    years, months = divmod(now.months, 12)
    worked = f"{count(years, 'year')} and {count(months, 'month')}"
    yield f"Career path from {now.title or 'where you are'}{field}, after {worked} of work"
    yield from about(made, f"{count(made.dropped, 'statement')} left out as not proved")
    yield from ending(status)
    yield ""
    yield f"Next roles ({len(made.roles)}):" if made.roles else "Next roles: none are known here."
    for role in known.some(made.roles):
        yield from _role(role, known)
    yield from known.rest(made.roles)
    if made.ladder_source:
        yield f"  Ladders: {made.ladder_source}"
    yield ""
    yield from _demand(made, known)
    yield ""
    yield "Pay:" if made.pay else f"Pay: {NO_DATA}."
    for pay in made.pay:
        yield from _pay(pay)


def _role(role: Role, known: Known) -> Iterator[str]:
    where = f", {role.field}" if role.field else ""
    yield f"  * {role.title} ({KINDS.get(role.kind, role.kind)}{where})"
    if role.posting_ids:
        of = count(len(role.posting_ids), "posting")
        missing = _listed(known.some(role.missing))
        yield f"      {of} of yours; not in your resume: {missing or 'nothing'}"
    yield from (f"      why: {reason.text}" for reason in role.reasons)
    for pay in role.pay:
        yield from _pay(pay, "      ")


def _demand(made: Career, known: Known) -> Iterator[str]:
    if not made.postings:
        yield "Asked for: you have no stored postings, so nothing was counted."
        return
    yield f"Asked for, counted over {count(made.postings, 'posting')} of yours:"
    yield f"  Not in your resume: {_listed(known.some(made.missing)) or 'nothing'}"
    yield from known.rest(made.missing, "    ")
    yield f"  In your resume: {_listed(known.some(made.present)) or 'nothing'}"
    yield from known.rest(made.present, "    ")


def _listed(counted: Sequence[Counted]) -> str:
    return ", ".join(f"{one.skill} ({one.count} of {one.of})" for one in counted)


def _pay(pay: Pay, indent: str = "  ") -> Iterator[str]:
    yield (
        f"{indent}* {pay.role}, {pay.region}: {pay.low:,.0f} to {pay.high:,.0f} {pay.currency} a "
        f"{pay.period} (as of {pay.date}, sample of {pay.sample_size:,})"
    )
    yield f"{indent}    {pay.url}"
