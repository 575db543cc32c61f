"""From a model's draft, or from nothing, to a letter that says only what is proved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from resume_core.facts import resume_text
from resume_core.gate.bleed import copied_runs
from resume_core.gate.fillers import FILLERS
from resume_core.gate.source import count_words, whole_word
from resume_core.grounding import About, Citation, Grounding, Sentence, Verdict, sentences
from resume_core.letters.model import (
    LETTER_VERSION,
    MAX_WORDS,
    CoverLetter,
    LetterDraft,
    Measures,
    Paragraph,
    Versions,
)
from resume_core.letters.phrases import PHRASES, tone_of
from resume_core.letters.rules import RulesLetter
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.requirements import extract_requirements
from resume_core.skills import SkillCatalog
from resume_core.text import normalise

#: Fewer own sentences of a model about the person, and the rules' evidence is added.
_LEAST_EVIDENCE: Final = 2
_MAX_SENTENCES: Final = 40
_ASSERTING: Final = frozenset({About.PERSON, About.POSTING, About.RESEARCH})


@dataclass(frozen=True, slots=True)
class LetterOrder:
    """What a letter is written from; `language` and `tone` are ones of ours."""

    base: Resume
    posting: PostingView
    language: str
    citations: Sequence[Citation] = ()
    tone: str | None = None


@dataclass(slots=True)
class _Kept:
    """A draft's sentences, sorted."""

    paragraphs: list[list[Sentence]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    dropped: int = 0

    def take(self, verdicts: Sequence[Verdict], seen: set[str]) -> None:
        kept = []
        for verdict in verdicts:
            if not verdict.is_true:
                self.dropped += 1
                self.codes.extend(verdict.codes)
            elif normalise(verdict.text) not in seen:
                seen.add(normalise(verdict.text))
                kept.append(Sentence.by_model(verdict))
        if kept:
            self.paragraphs.append(kept)

    def count(self, about: About) -> int:
        return sum(1 for p in self.paragraphs for s in p if s.about is about)


def build_letter(
    order: LetterOrder,
    draft: LetterDraft | None,
    catalog: SkillCatalog,
    *,
    degraded: bool = False,
    notes: Sequence[str] = (),
) -> CoverLetter:
    """Keep the true sentences of a draft and add the rules' where something is missing.

    The letter has at most `MAX_WORDS` words; greeting, ending and farewell are fixed phrases.
    """
    grounding = Grounding(order.base, order.posting, order.citations, catalog, order.language)
    requirements = extract_requirements(order.posting.title, order.posting.text, catalog)
    tone, phrases = tone_of(order.tone), PHRASES[order.language]
    rules = RulesLetter(grounding, requirements, catalog, phrases, tone)
    kept = _check(grounding, draft)
    by_model = kept.count(About.PERSON) > 0
    paragraphs = _complete(kept, rules)
    told = list(notes)
    if draft is not None and not by_model:
        told.append("Nothing that the model wrote of you could be proved: the rules did it.")
    paragraphs, cut = _fit(paragraphs)
    posting, base = order.posting, order.base
    form = (phrases.to_company if posting.company else phrases.greeting)[tone]
    delivered = tuple(Paragraph(sentences=tuple(p)) for p in paragraphs)
    return CoverLetter(
        engine="model" if by_model else "rules",
        degraded=degraded or (draft is not None and not by_model),
        notes=tuple(told),
        language=order.language,
        tone=tone,
        company=posting.company,
        role=posting.title,
        greeting=form.format(company=posting.company),
        paragraphs=delivered,
        closing=phrases.farewell[tone],
        signature=base.basics.name or "",
        dropped=kept.dropped + len(rules.refused) + cut,
        dropped_codes=tuple(sorted({*kept.codes, *rules.refused})),
        measures=measure(delivered, order.language, posting, base),
        versions=Versions(result=LETTER_VERSION, catalog=catalog.version),
    )


def _check(grounding: Grounding, draft: LetterDraft | None) -> _Kept:
    kept, seen, left = _Kept(), set[str](), _MAX_SENTENCES
    for paragraph in draft.paragraphs if draft else ():
        texts = sentences(paragraph.text)[:left]
        left -= len(texts)
        kept.take([grounding.check(text) for text in texts], seen)
    return kept


def _complete(kept: _Kept, rules: RulesLetter) -> list[list[Sentence]]:
    """The draft's paragraphs with what a letter must have around them."""
    paragraphs = [list(p) for p in kept.paragraphs]
    if kept.count(About.PERSON) < _LEAST_EVIDENCE:
        shared = rules.shared_skills()
        paragraphs += [p for p in ([shared] if shared else [], rules.evidence()) if p]
    applies = any(g.ref == "title" for p in paragraphs for s in p for g in s.grounds)
    if not paragraphs or not (applies and paragraphs[0][0].about is About.INTENT):
        opening = rules.opening()
        if paragraphs and paragraphs[0][0].about is not About.PERSON:
            paragraphs[0].insert(0, opening)
        else:
            paragraphs.insert(0, [opening])
    last = paragraphs[-1]
    if len(paragraphs) < 2 or any(s.about is not About.INTENT for s in last):
        paragraphs.append([rules.ending()])
    return paragraphs


def _fit(paragraphs: list[list[Sentence]]) -> tuple[list[list[Sentence]], int]:
    """Leave out sentences of the middle, the last ones first, until the letter is short enough."""
    cut = 0
    while sum(count_words(s.text) for p in paragraphs for s in p) > MAX_WORDS:
        middle = next((p for p in reversed(paragraphs[1:-1]) if p), None)
        if middle is None:
            break
        middle.pop()
        cut += 1
    return [p for p in paragraphs if p], cut


def filler_rate(text: str, language: str, posting_text: str) -> float:
    """Filler phrases per 100 words; what the posting says itself is no filler."""
    said, asked = normalise(text), normalise(posting_text)
    phrases = (p for p in FILLERS[language] if not whole_word(p, asked))
    count = sum(1 for phrase in phrases if whole_word(phrase, said))
    return round(100 * count / max(1, count_words(text)), 2)


def measure(
    paragraphs: Sequence[Paragraph], language: str, posting: PostingView, base: Resume
) -> Measures:
    """How a letter's paragraphs do beside the posting and the resume."""
    body = "\n".join(paragraph.text for paragraph in paragraphs)
    asserting = [s for p in paragraphs for s in p.sentences if s.about in _ASSERTING]
    grounded = sum(1 for s in asserting if s.grounds) / len(asserting) if asserting else 1.0
    return Measures(
        words=count_words(body),
        filler_per_100=filler_rate(body, language, posting.text),
        posting_runs=copied_runs(body, posting.text, resume_text(base)),
        grounded=round(grounded, 4),
    )
