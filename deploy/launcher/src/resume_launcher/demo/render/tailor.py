"""A tailored resume: the honest ceiling on top, scores, changes with reasons, gaps as questions."""

from collections.abc import Iterator

from resume_launcher.demo.render.base import (
    QUOTED,
    Known,
    Made,
    Read,
    Status,
    about,
    ending,
    named,
    short,
)

BIGGEST = 3
#: Characters shown before the first difference.
CONTEXT = 30


class Change(Read):
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


class Coverage(Read):
    """Shares (0 to 1) of the posting's requirements that the resume shows."""

    before: float
    after: float
    ceiling: float


class Gap(Read):
    """Something the posting asks for that the resume does not show."""

    question: str


class Point(Read):
    """What one rule gave."""

    rule: str
    points: int
    of: int
    why: str
    requirement_id: str | None = None

    @property
    def lost(self) -> int:
        """How much is left to gain."""
        return self.of - self.points


class Cap(Read):
    """A limit on the whole."""

    why: str


class Score(Read):
    """A score with its explanation."""

    value: int
    points: tuple[Point, ...] = ()
    cap: Cap | None = None


class Fit(Read):
    """The base's score, the tailored document's, and for the match the most that is true."""

    base: int
    tailored: Score
    ceiling: int | None = None


class Scores(Read):
    """Both scores."""

    readability: Fit
    match: Fit | None = None


class Requirement(Read):
    """What the posting asks for."""

    id: str
    text: str


class Tailored(Made):
    """The result of a tailoring job, as far as it is printed."""

    changes: tuple[Change, ...]
    blocked: tuple[dict[str, object], ...] = ()
    coverage: Coverage
    gaps: tuple[Gap, ...] = ()
    scores: Scores | None = None
    requirements: tuple[Requirement, ...] = ()


def lines(status: Status, known: Known) -> Iterator[str]:
    """The outcome, a line at a time."""
    made = Tailored.model_validate(status["result"])
    coverage, place = made.coverage, named(made.posting)
    yield f"Honest ceiling {coverage.ceiling:.0%}" + (f" for {place}" if place else "")
    yield (
        f"  Your resume showed {coverage.before:.0%} of what the posting asks for; it now shows "
        f"{coverage.after:.0%}."
    )
    yield f"  More than {coverage.ceiling:.0%} could only be had by claiming what is not true."
    yield from about(made, f"{len(made.blocked)} proposals blocked as not true of you")
    yield from ending(status)
    if made.scores is not None:
        yield ""
        yield from _scores(made.scores, {r.id: r.text for r in made.requirements})
    yield ""
    yield from _changes(made, known)
    yield ""
    yield f"Gaps ({len(made.gaps)}):" if made.gaps else "Gaps: none."
    yield from (f"  ? {gap.question}" for gap in known.some(made.gaps))
    yield from known.rest(made.gaps)


def _scores(scores: Scores, names: dict[str, str]) -> Iterator[str]:
    yield "Scores (of 100):"
    yield f"  Readability: {scores.readability.base} → {scores.readability.tailored.value} tailored"
    yield from _biggest(scores.readability.tailored, names)
    if scores.match is None:
        yield "  Match: the posting asks for nothing that can be scored."
        return
    match = scores.match
    yield f"  Match: {match.base} → {match.tailored.value} tailored, honest ceiling {match.ceiling}"
    yield from _biggest(match.tailored, names)
    if match.tailored.cap is not None:
        yield f"      {match.tailored.cap.why}"


def _biggest(score: Score, names: dict[str, str]) -> Iterator[str]:
    """The points with most to gain; where none has any, those that gave most."""
    lost = sorted((p for p in score.points if p.lost > 0), key=lambda p: -p.lost)
    yield "    Most to gain:" if lost else "    Nothing left to gain; most came from:"
    for point in (lost or sorted(score.points, key=lambda p: -p.points))[:BIGGEST]:
        about_what = names.get(point.requirement_id or "")
        what = f"{about_what}: " if about_what else ""
        yield f"      {point.points} of {point.of}  {what}{point.why}"


def _changes(made: Tailored, known: Known) -> Iterator[str]:
    applied = [change for change in made.changes if not change.waits]
    yield f"Changes ({len(applied)}):" if applied else "Changes: none were needed."
    for change in known.some(applied):
        yield from _change(change)
    yield from known.rest(applied)
    waiting = [change for change in made.changes if change.waits]
    if waiting:
        yield ""
        yield f"Proposed, for you to decide ({len(waiting)}):"
        for change in known.some(waiting):
            yield from _change(change)
        yield from known.rest(waiting)


def _change(change: Change) -> Iterator[str]:
    yield f"  * {change.section}: {change.kind.replace('_', ' ')}"
    texts = (change.before, change.after)
    before, after = (text if isinstance(text, str) else "" for text in texts)
    same = _same(before, after)
    for sign, text in (("-", before), ("+", after)):
        if text:
            yield f"      {sign} {'…' if same else ''}{short(text[same:])}"
    if change.reason:
        yield f"      why: {change.reason}"


def _same(before: str, after: str) -> int:
    """How much of the beginning of two long texts is the same and need not be shown."""
    pairs = enumerate(zip(before, after, strict=False))
    equal = next((at for at, (a, b) in pairs if a != b), min(len(before), len(after)))
    start = before.rfind(" ", 0, max(equal - CONTEXT, 0)) + 1
    return start if max(len(before), len(after)) > QUOTED else 0
