"""An interview pack: by rules, with a model's questions and outlines where they are proved."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from resume_core.changes import ChangeOrigin
from resume_core.coverage import Coverage, cover
from resume_core.gaps import find_gaps
from resume_core.grounding import Citation, Ground, Grounding, GroundKind, Sentence, sentences
from resume_core.interview.model import (
    INTERVIEW_VERSION,
    CompanyQuestion,
    DraftQuestion,
    GapToAdmit,
    InterviewDraft,
    InterviewPrep,
    LikelyQuestion,
    OwnQuestion,
    QuestionKind,
    WeakSpot,
)
from resume_core.interview.phrases import PHRASES, Phrases
from resume_core.interview.star import star_of, weak_spots
from resume_core.letters.model import Versions
from resume_core.letters.rules import OwnLine, own_lines
from resume_core.model import Project, Resume, Volunteer, Work
from resume_core.posting import PostingView
from resume_core.requirements import Requirement, extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.text import visible

_MAX_REQUIREMENTS: Final = 10
_MAX_DEFENDED: Final = 8
_MAX_COMPANY: Final = 5
_MAX_ASKED: Final = 3
_MAX_DRAFTED: Final = 30
_MAX_OUTLINE: Final = 6


@dataclass(frozen=True, slots=True)
class InterviewOrder:
    """What a pack is made from; `emphasised` are the fact ids that the resume brings forward.

    `claims` are lines that the person sends beside those of `base`, each after its entry's id:
    nothing proves them, and they will be asked about first.
    """

    base: Resume
    posting: PostingView
    language: str
    citations: Sequence[Citation] = ()
    emphasised: Sequence[str] = ()
    claims: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class _Refused:
    count: int = 0
    codes: set[str] = field(default_factory=set)

    def add(self, codes: Sequence[str]) -> None:
        self.count += 1
        self.codes.update(codes)


def build_interview(
    order: InterviewOrder,
    draft: InterviewDraft | None,
    catalog: SkillCatalog,
    *,
    degraded: bool = False,
    notes: Sequence[str] = (),
) -> InterviewPrep:
    """The rules' pack; a draft may word its questions and outline answers, and adds no subject."""
    rules = _Rules(order, catalog)
    grounding = Grounding(order.base, order.posting, order.citations, catalog, order.language)
    questions, refused = [*rules.of_requirements(), *rules.of_lines()], _Refused()
    drafted = {d.subject_id: d for d in reversed(draft.questions if draft else ())}
    merged = [_worded(q, drafted, grounding, refused) for q in questions]
    by_model = merged != questions
    told = list(notes)
    if draft is not None and not by_model:
        told.append("Nothing that the model wrote could be proved: the rules did it.")
    return InterviewPrep(
        engine="model" if by_model else "rules",
        degraded=degraded or (draft is not None and not by_model),
        notes=tuple(told),
        language=order.language,
        company=order.posting.company,
        role=order.posting.title,
        questions=tuple(merged),
        gaps=tuple(rules.gaps()),
        company_questions=tuple(rules.company_questions()),
        questions_to_ask=tuple(rules.questions_to_ask()),
        dropped=refused.count,
        dropped_codes=tuple(sorted(refused.codes)),
        versions=Versions(result=INTERVIEW_VERSION, catalog=catalog.version),
    )


def _worded(
    question: LikelyQuestion,
    drafted: dict[str, DraftQuestion],
    grounding: Grounding,
    refused: _Refused,
) -> LikelyQuestion:
    """A question with the draft's wording and outline, as far as they are true."""
    subject = _subject(question)
    draft = drafted.get(subject) if subject else None
    if draft is None or len(drafted) > _MAX_DRAFTED:
        return question
    text, grounds, origin = question.question, question.grounds, question.origin
    if draft.question.strip():
        verdict = grounding.check_question(draft.question)
        if verdict.is_true and "?" in verdict.text:
            text, origin = verdict.text, ChangeOrigin.MODEL
            grounds = (*question.grounds, *verdict.grounds)
        else:
            refused.add(verdict.codes or ("no_question",))
    outline = []
    for said in sentences(draft.outline)[:_MAX_OUTLINE]:
        verdict = grounding.check(said)
        if verdict.is_true:
            outline.append(Sentence.by_model(verdict))
        else:
            refused.add(verdict.codes)
    return question.model_copy(
        update={
            "question": text,
            "origin": origin,
            "outline": tuple(outline),
            "grounds": tuple(dict.fromkeys(grounds)),
        }
    )


class _Rules:
    """Everything of a pack that needs no model."""

    def __init__(self, order: InterviewOrder, catalog: SkillCatalog) -> None:
        self._order = order
        self._catalog = catalog
        self._phrases: Phrases = PHRASES[order.language]
        posting = order.posting
        found = extract_requirements(posting.title, posting.text, catalog)
        self._requirements = sorted(found, key=lambda r: -r.weight)
        self._coverage: Coverage = cover(order.base, found, catalog)
        self._where = {m.requirement_id: m.where for m in self._coverage.matched}
        self._lines = own_lines(order.base, found, catalog)
        self._by_fact = {line.fact_id: line for line in self._lines}

    def of_requirements(self) -> Iterator[LikelyQuestion]:
        """One question a requirement that counts, musts first."""
        for requirement in self._requirements[:_MAX_REQUIREMENTS]:
            evidence = self._where.get(requirement.id, ())
            line = next((self._by_fact[f] for f in evidence if f in self._by_fact), None)
            kind = QuestionKind.REQUIREMENT if evidence else QuestionKind.GAP
            yield LikelyQuestion(
                id=_digest("requirement", requirement.id),
                kind=kind,
                question=self._form(requirement).format(skill=_shown(requirement)),
                requirement_id=requirement.id,
                claim="",
                evidence=evidence,
                star=star_of(line) if line else None,
                weak_spots=tuple(self._requirement_spots(requirement, evidence, line)),
                outline=(),
                grounds=(_span(requirement), *_facts(evidence)),
            )

    def _form(self, requirement: Requirement) -> str:
        match requirement.category:
            case "years":
                return self._phrases.years
            case "degree":
                return self._phrases.degree
            case "language":
                return self._phrases.language
            case "skill":
                is_known = requirement.id in self._where
                return self._phrases.known if is_known else self._phrases.unknown

    def _requirement_spots(
        self, requirement: Requirement, evidence: Sequence[str], line: OwnLine | None
    ) -> Iterator[WeakSpot]:
        if requirement.skill and len(evidence) == 1:
            advice = self._phrases.weak["once"].format(skill=_shown(requirement))
            yield WeakSpot(code="once", advice=advice)
        if line is not None:
            yield from self._spots(line)

    def of_lines(self) -> Iterator[LikelyQuestion]:
        """One question a claim that the resume emphasises: be ready to defend it."""
        yield from self._of_claims()
        forward = [self._by_fact[f] for f in self._order.emphasised if f in self._by_fact]
        answering = [line for line in self._lines if line.score]
        chosen = list(dict.fromkeys([*forward, *answering, *self._lines[:2]]))[:_MAX_DEFENDED]
        for line in chosen:
            yield LikelyQuestion(
                id=_digest("defend", line.fact_id),
                kind=QuestionKind.DEFEND,
                question=self._defend(line.text),
                requirement_id=None,
                claim=line.text,
                evidence=(line.fact_id, line.entry.id),
                star=star_of(line),
                weak_spots=tuple(self._spots(line)),
                outline=(),
                grounds=_facts((line.fact_id,)),
            )

    def _of_claims(self) -> Iterator[LikelyQuestion]:
        """The same for what the person wrote and the base does not show; nothing to answer by."""
        base = self._order.base
        told: tuple[Work | Project | Volunteer, ...] = (*base.work, *base.projects, *base.volunteer)
        entries = {entry.id: entry for entry in told}
        for entry_id, text in self._order.claims[:_MAX_DEFENDED]:
            entry = entries.get(entry_id)
            if entry is None:
                continue
            advice = self._phrases.weak["unverified"]
            spots = self._spots(OwnLine(_digest("claim", text), text, entry))
            yield LikelyQuestion(
                id=_digest("defend", f"{entry_id}\x1f{text}"),
                kind=QuestionKind.DEFEND,
                question=self._defend(text),
                requirement_id=None,
                claim=text,
                evidence=(entry_id,),
                star=None,
                weak_spots=(WeakSpot(code="unverified", advice=advice), *spots),
                outline=(),
                grounds=(),
            )

    def _defend(self, line: str) -> str:
        return self._phrases.defend.format(line=line.strip().rstrip("."))

    def _spots(self, line: OwnLine) -> Iterator[WeakSpot]:
        for code in weak_spots(line, self._order.base):
            yield WeakSpot(code=code, advice=self._phrases.weak[code])

    def gaps(self) -> Iterator[GapToAdmit]:
        """What the posting asks for and the resume does not show."""
        for gap in find_gaps(self._order.base, self._requirements, self._coverage):
            text = " ".join(visible(gap.text).split())
            yield GapToAdmit(
                requirement_id=gap.requirement_id,
                text=text,
                advice=self._phrases.admit.format(skill=text),
            )

    def company_questions(self) -> Iterator[CompanyQuestion]:
        """Questions on what the research cites, and on nothing else."""
        for citation in self._order.citations[:_MAX_COMPANY]:
            line = " ".join(citation.text.split())
            yield CompanyQuestion(
                question=self._phrases.company.format(line=line), url=citation.url
            )

    def questions_to_ask(self) -> Iterator[OwnQuestion]:
        """What the person may ask: on the heaviest requirements, then what fits everywhere."""
        skills = [r for r in self._requirements if r.skill][:_MAX_ASKED]
        for requirement in skills:
            question = self._phrases.ask_skill.format(skill=_shown(requirement))
            yield OwnQuestion(question=question, requirement_id=requirement.id)
        for question in self._phrases.ask:
            yield OwnQuestion(question=question, requirement_id=None)


def subjects(pack: InterviewPrep) -> dict[str, str]:
    """What a model may write for: the id of each question's requirement or line, and its words."""
    told = {_subject(q): q.question if q.requirement_id else q.claim for q in pack.questions}
    return {subject: text for subject, text in told.items() if subject}


def _subject(question: LikelyQuestion) -> str:
    """The id that a draft may speak of; "" for what the person wrote and nothing proves."""
    line = question.evidence[0] if question.grounds and question.evidence else ""
    return question.requirement_id or line


def _shown(requirement: Requirement) -> str:
    return " ".join(visible(requirement.text).split())


def _span(requirement: Requirement) -> Ground:
    if requirement.start < 0:
        return Ground(kind=GroundKind.POSTING, ref="title")
    return Ground(kind=GroundKind.POSTING, ref="text", start=requirement.start, end=requirement.end)


def _facts(ids: Sequence[str]) -> tuple[Ground, ...]:
    return tuple(Ground(kind=GroundKind.FACT, ref=fact_id) for fact_id in ids)


def _digest(kind: str, what: str) -> str:
    return "q-" + hashlib.blake2b(f"{kind}\x1f{what}".encode(), digest_size=5).hexdigest()
