"""One pack, one truth: resume, letter and interview pack name the same company, role and dates.

A pack that contradicts itself is not delivered (metric 14).
"""

from collections.abc import Iterator
from typing import Any

from resume_core.facts import collect_facts
from resume_core.gate.violations import Violation
from resume_core.interview.model import InterviewPrep
from resume_core.interview.star import star_of
from resume_core.letters.model import CoverLetter
from resume_core.letters.rules import lines_of
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.text import identity, normalise

_SAME = ("name", "position", "start_date", "end_date")
_SCHOOL = ("institution", "study_type", "area", "start_date", "end_date")


def check_pack(
    base: Resume,
    posting: PostingView,
    *,
    tailored: Resume | None = None,
    letter: CoverLetter | None = None,
    interview: InterviewPrep | None = None,
) -> list[Violation]:
    """Everything in which the parts of a pack differ from its base and posting; all of it blocks.

    Grounds of a letter and evidence of an interview pack must be facts of the very resume they go
    with: the tailored one if there is one, else the base.
    """
    source = tailored or base
    found = list(_resume(base, tailored)) if tailored is not None else []
    for path, part in (("letter", letter), ("interview", interview)):
        if part is not None:
            found.extend(_target(path, part, posting))
    if letter is not None:
        refs = [
            g.ref
            for p in letter.paragraphs
            for s in p.sentences
            for g in s.grounds
            if g.kind == "fact"
        ]
        found.extend(_facts("letter", refs, source))
        if normalise(letter.signature) != normalise(base.basics.name or ""):
            found.append(Violation(code="pack_name", metric=14, path="letter.signature"))
    if interview is not None:
        refs = [fact for q in interview.questions for fact in q.evidence]
        found.extend(_facts("interview", refs, source))
        found.extend(_situations(interview, source))
    return found


def _target(
    path: str, part: CoverLetter | InterviewPrep, posting: PostingView
) -> Iterator[Violation]:
    if identity(part.company) != identity(posting.company):
        yield Violation(code="pack_company", metric=14, path=f"{path}.company")
    if normalise(part.role) != normalise(posting.title):
        yield Violation(code="pack_role", metric=14, path=f"{path}.role")


def _resume(base: Resume, tailored: Resume) -> Iterator[Violation]:
    for section, fields in (("work", _SAME), ("education", _SCHOOL)):
        known: dict[str, Any] = {e.id: e for e in getattr(base, section)}
        for entry in getattr(tailored, section):
            source = known.get(entry.id)
            for field in fields:
                if source is None or getattr(source, field) != getattr(entry, field):
                    path = f"resume.{section}[{entry.id}].{field}"
                    yield Violation(code="pack_entry", metric=14, path=path, entry_id=entry.id)


def _facts(path: str, refs: list[str], source: Resume) -> Iterator[Violation]:
    known = _fact_ids(source)
    for ref in dict.fromkeys(refs):
        if ref not in known:
            yield Violation(code="pack_fact", metric=14, path=path, detail=ref)


def _fact_ids(source: Resume) -> frozenset[str]:
    return frozenset(f.id for f in collect_facts(source))


def _situations(interview: InterviewPrep, source: Resume) -> Iterator[Violation]:
    """Each answer's skeleton must be that of a line of this resume."""
    skeletons = {line.fact_id: star_of(line) for line in lines_of(source)}
    for question in interview.questions:
        if question.star and skeletons.get(question.star.fact_id) != question.star:
            yield Violation(code="pack_entry", metric=14, path=f"interview.{question.id}")
