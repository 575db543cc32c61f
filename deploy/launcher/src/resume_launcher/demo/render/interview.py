"""An interview pack: likely questions with own evidence, what to defend, gaps, what to ask."""

from collections.abc import Iterator, Sequence

from resume_launcher.demo.render.base import Known, Made, Read, Status, about, count, ending, short
from resume_launcher.demo.render.grounds import Sentence, evidence

EVIDENCE = 2


class Star(Read):
    """A skeleton of an answer in the person's own words."""

    situation: str = ""
    action: str = ""
    result: str = ""


class WeakSpot(Read):
    """What may be dug into."""

    advice: str


class Question(Read):
    """One question with what the person can answer it by."""

    kind: str
    question: str
    claim: str = ""
    evidence: tuple[str, ...] = ()
    star: Star | None = None
    weak_spots: tuple[WeakSpot, ...] = ()
    outline: tuple[Sentence, ...] = ()


class Gap(Read):
    """A requirement that the resume does not show."""

    text: str
    advice: str


class CompanyQuestion(Read):
    """A question on what a page says."""

    question: str
    url: str


class OwnQuestion(Read):
    """A question that the person may ask."""

    question: str


class Pack(Made):
    """The result of an interview pack's job, as far as it is printed."""

    company: str = ""
    role: str = ""
    language: str
    questions: tuple[Question, ...] = ()
    gaps: tuple[Gap, ...] = ()
    company_questions: tuple[CompanyQuestion, ...] = ()
    questions_to_ask: tuple[OwnQuestion, ...] = ()
    dropped: int = 0


def lines(status: Status, known: Known) -> Iterator[str]:
    """The pack, a heading for each kind of question."""
    made = Pack.model_validate(status["result"])
    to = " at ".join(filter(None, (made.role, made.company))) or "a posting that names no company"
    yield f"Interview pack for {to} ({made.language})"
    yield from about(made, f"{count(made.dropped, 'statement')} left out as not proved")
    yield from ending(status)
    asked = [q for q in made.questions if q.kind == "requirement"]
    yield from _group("They may ask", asked, known)
    defended = [q for q in made.questions if q.kind == "defend"]
    yield from _group("Be ready to defend this", defended, known)
    yield ""
    yield f"Gaps to admit ({len(made.gaps)}):" if made.gaps else "Gaps to admit: none."
    for gap in known.some(made.gaps):
        yield f"  * {gap.text}: {gap.advice}"
    yield from known.rest(made.gaps)
    yield from _on_company(made.company_questions, known)
    if made.questions_to_ask:
        yield ""
        yield "You may ask them:"
        yield from (f"  ? {q.question}" for q in known.some(made.questions_to_ask))
        yield from known.rest(made.questions_to_ask)


def _group(title: str, questions: Sequence[Question], known: Known) -> Iterator[str]:
    if not questions:
        return
    yield ""
    yield f"{title} ({len(questions)}):"
    for question in known.some(questions):
        yield from _question(question, known)
    yield from known.rest(questions)


def _question(question: Question, known: Known) -> Iterator[str]:
    yield f"  ? {question.question}"
    if question.claim and question.claim not in question.question:
        yield f"      claim: “{short(question.claim)}”"
    if question.outline:
        yield f"      answer: {' '.join(s.text for s in question.outline)}"
    elif question.star:
        yield f"      from: {question.star.situation}"
        if question.star.action and question.star.action not in question.claim:
            yield f"      you did: {question.star.action}"
        if question.star.result:
            yield f"      it led to: {question.star.result}"
    else:
        for line in list(evidence(question.evidence, known))[:EVIDENCE]:
            yield f"      yours: {short(line)}"
    yield from (f"      mind: {spot.advice}" for spot in question.weak_spots)


def _on_company(questions: Sequence[CompanyQuestion], known: Known) -> Iterator[str]:
    if not questions:
        return
    yield ""
    yield "About the company:"
    for question in known.some(questions):
        yield f"  ? {question.question}"
        yield f"      {question.url}"
    yield from known.rest(questions)
