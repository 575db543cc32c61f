"""The claim checker of prose: what a sentence asserts resolves to a source, or it is not said.

A sentence is read in up to four ways (about the person, the wish to apply, the posting, a cited
page); each reading is strict by itself, and one that proves the sentence is enough. What a sentence
asserts of the person is proved by the resume and confirmed facts alone. Prose has nobody who
decides line by line, so what the gate would only flag is kept out too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from resume_core.facts import Fact, texts_of
from resume_core.gate.bleed import Foreign
from resume_core.gate.source import Source, whole_word
from resume_core.gate.violations import Violation
from resume_core.gate.vocabulary import TIERS, tier_of
from resume_core.gate.wording import Line, check_line
from resume_core.grounding.context import check_context
from resume_core.grounding.contradiction import Contradiction, contradictions
from resume_core.grounding.dated import check_dates, check_titles, without_months
from resume_core.grounding.scopes import Scope, Scopes
from resume_core.grounding.tongues import CANDIDATE, TONGUES, in_first_person
from resume_core.grounding.verdict import About, Citation, Ground, GroundKind, Verdict
from resume_core.model import Resume
from resume_core.numerals import in_english_terms
from resume_core.posting import PostingView
from resume_core.quantities import QuantityKind, quantities
from resume_core.skills import SkillCatalog
from resume_core.text import identity, normalise, overlap, spoken, stem, stems, visible

LONGEST_SENTENCE: Final = 600
_SENTENCE_END: Final = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][»\u201d\u2019\"']))\s+(?=[^\W\d_a-z]|[«\u201c\"'¿¡\d])|\n+"
)
#: A full stop after one of these ends no sentence: "At ACME Inc. I built …".
_ABBREVIATED: Final = re.compile(
    r"(?:^|[\s.])(?:inc|ltd|co|corp|llc|st|dr|mr|mrs|ms|prof|nr|bzw|ca|[^\W\d_])\.$", re.IGNORECASE
)
_INNER_STOP: Final = re.compile(r"[.;:!?](?=\s)|\s[-\u2014]\s")
#: A sentence that shares so much with a line must not claim more than it does.
_SAME_LINE: Final = 0.6
#: Deeds of this tier and above belong to one place of the resume.
_DEED_TIER: Final = 3
_MASK: Final = "\x00"
#: No sentence needs them, PostgreSQL's `jsonb` takes no NUL, and one of them is the mask.
_CONTROL: Final = re.compile("[\u0000-\u001f\u007f]")
#: Two lines of one entry may name their skills in one sentence.
_OF_ONE_LINE_ONLY: Final = frozenset({"skill_moved"})
_MOST_GROUNDS: Final = 6


def sentences(text: str) -> list[str]:
    """The sentences of a text, as they are checked: one by one."""
    found: list[str] = []
    for piece in (p.strip() for p in _SENTENCE_END.split(text)):
        if found and _ABBREVIATED.search(found[-1]):
            found[-1] += f" {piece}"
        elif piece:
            found.append(piece)
    return found


class Grounding:
    """Checks sentences against one resume, one posting and the pages cited.

    `language` is that of the sentences, one of `tongues.TONGUES`.
    """

    def __init__(
        self,
        base: Resume,
        posting: PostingView,
        citations: Sequence[Citation],
        catalog: SkillCatalog,
        language: str,
    ) -> None:
        self.base = base
        self.posting = posting
        self.citations = tuple(citations)
        self.language = language
        self._catalog = catalog
        self._tongue = TONGUES[language]
        self._scopes = Scopes(base, catalog, language)

    @cached_property
    def _foreign(self) -> Foreign:
        everything = "\n".join(texts_of(self.base.model_dump()))
        return Foreign(self.posting, everything)

    @cached_property
    def _of_posting(self) -> Source:
        lines = [self.posting.title, self.posting.company, *self.posting.text.split("\n")]
        return self._scopes.source(lines)

    @cached_property
    def _of_pages(self) -> list[tuple[Citation, Source]]:
        return [(c, self._scopes.source([c.text, self.posting.company])) for c in self.citations]

    def check(self, sentence: str) -> Verdict:
        """The verdict on one sentence, with its grounds or with everything wrong with it."""
        text = _plain(sentence)
        line = Line(in_english_terms(text, self.language), "sentence", None)
        common = list(self._common(line, sentence))
        if common:
            return self._refused(text, common)
        for verdict in (self._intent(text), self._asked(text, line), self._cited(text, line)):
            if verdict is not None:
                return verdict
        return self._person(text, line, sentence)

    def check_all(self, texts: Iterable[str]) -> list[Verdict]:
        """The verdicts on every sentence of the texts, in order."""
        return [self.check(s) for text in texts for s in sentences(text)]

    def contradictions(self, verdict: Verdict) -> list[Contradiction]:
        """Which facts of the base a sentence contradicts, each once."""
        named = self._scopes.named(verdict.text)
        return list(dict.fromkeys(contradictions(verdict, self.base, named, self._tongue.cue)))

    def _refused(self, text: str, violations: Sequence[Violation]) -> Verdict:
        return Verdict(text=text, about=About.PERSON, violations=tuple(violations))

    def _common(self, line: Line, raw: str) -> Iterator[Violation]:
        """What no sentence may have, whomever it speaks of."""
        if not line.text.strip() or len(line.text) > LONGEST_SENTENCE:
            yield Violation(code="text_grown", metric=12, path=line.path)
        yield from (v for v in self._foreign.check(line, raw) if v.code != "company_bleed")

    # The wish to apply: a closed vocabulary around the names and the person's own skills.

    def _intent(self, text: str) -> Verdict | None:
        tongue = self._tongue
        rest, grounds = self._mask_names(text)
        if re.search(r"\d", rest) or not tongue.cue.search(rest) or tongue.no_claim.search(rest):
            return None
        for mention in reversed(self._catalog.mentions(rest)):
            written = rest[mention.start : mention.end]
            if written.casefold() in tongue.intent:
                continue
            if mention.skill not in self._scopes.document.source.skills:
                return None
            grounds += self._facts_with(mention.skill)
            rest = rest[: mention.start] + rest[mention.end :]
        if any(word.casefold() not in tongue.intent for word in self._words(rest)):
            return None
        return Verdict(text=text, about=About.INTENT, grounds=_unique(grounds))

    def _mask_names(self, text: str) -> tuple[str, list[Ground]]:
        """The text with the posting's title and company replaced by a mark, and their grounds."""
        grounds = []
        named = (("title", self.posting.title), ("company", self.posting.company))
        for what, name in named:
            plain = " ".join(visible(name).split())
            if len(plain) < 2:
                continue
            pattern = re.compile(rf"(?<!\w){re.escape(plain)}(?!\w)(?:'s)?", re.IGNORECASE)
            text, count = pattern.subn(_MASK, text)
            if count:
                grounds.append(Ground(kind=GroundKind.POSTING, ref=what))
        return text, grounds

    def _words(self, text: str) -> tuple[str, ...]:
        return spoken(in_english_terms(text, self.language) if self.language == "fr" else text)

    def _facts_with(self, skill: str) -> list[Ground]:
        facts = self._scopes.document.facts
        proving = (f for f in facts if skill in self._catalog.names_in(f.text))
        return [Ground(kind=GroundKind.FACT, ref=f.id) for f in proving][:1]

    # What the posting says, and what a cited page says: never a word of the person.

    def _impersonal(self, text: str) -> bool:
        said = spoken(text)
        if in_first_person(text, said) or _INNER_STOP.search(text.rstrip(".!? ") + " "):
            return False
        return not any(w.casefold() in CANDIDATE for w in said)

    def _asked(self, text: str, line: Line) -> Verdict | None:
        rest, _ = self._mask_names(text)
        begins = self._tongue.asks.match(rest)
        if not begins or not self._impersonal(text[:0] + rest[begins.end() :]):
            return None
        if in_first_person(rest, spoken(rest)) or quantities(line.text) or re.search(r"\d", rest):
            return None
        if list(check_line(self._terms(rest[begins.end() :]), self._of_posting, self._catalog)):
            return None
        grounds = list(self._spans(rest[begins.end() :]))
        return (
            Verdict(text=text, about=About.POSTING, grounds=_unique(grounds)) if grounds else None
        )

    def _terms(self, text: str) -> Line:
        return Line(in_english_terms(text.replace(_MASK, " "), self.language), "sentence", None)

    def _spans(self, text: str) -> Iterator[Ground]:
        """Where the posting's text has the telling words of a sentence."""
        wanted = stems(text)
        for match in re.finditer(r"[^\n]+", self.posting.text):
            if wanted & stems(match.group()):
                start, end = match.span()
                yield Ground(kind=GroundKind.POSTING, ref="text", start=start, end=end)

    def _cited(self, text: str, line: Line) -> Verdict | None:
        company = identity(self.posting.company)
        if not company or not normalise(text).startswith(company) or not self._impersonal(text):
            return None
        for citation, source in self._of_pages:
            if not list(check_line(line, source, self._catalog)):
                ground = Ground(kind=GroundKind.URL, ref=citation.url)
                return Verdict(text=text, about=About.RESEARCH, grounds=(ground,))
        return None

    def check_question(self, question: str) -> Verdict:
        """The verdict on a question to the person.

        One that takes nothing for granted ("Have you …?") may ask for what the posting wants; any
        other may take only what the resume says for granted.
        """
        text = _plain(question)
        masked, names = self._mask_names(text)
        line = self._terms(masked)
        common = list(self._common(line, question))
        if common:
            return self._refused(text, common)
        begins = self._tongue.opens.match(masked)
        if begins and not quantities(line.text) and not re.search(r"\d", masked):
            rest = masked[begins.end() :]
            if not list(check_line(self._terms(rest), self._of_posting, self._catalog)):
                grounds = _unique((*names, *self._spans(rest)))
                return Verdict(text=text, about=About.POSTING, grounds=grounds)
        return self._person(text, line, masked.replace(_MASK, " "))

    # What is said of the person.

    def _person(self, text: str, line: Line, raw: str) -> Verdict:
        bleed = [v for v in self._foreign.check(line, raw) if v.code == "company_bleed"]
        if bleed:
            return self._refused(text, bleed)
        least: list[Violation] | None = None
        for scope in self._scopes.candidates(text):
            found = list(self._against(line, scope))
            if not found:
                grounds = _unique(self._evidence(line.text, scope))
                # What nothing of the resume is needed for asserts nothing of the person.
                about = About.PERSON if grounds else About.PHRASE
                return Verdict(text=text, about=about, grounds=grounds)
            if least is None or len(found) < len(least):
                least = found
        return self._refused(text, least or [])

    def _against(self, line: Line, scope: Scope) -> Iterator[Violation]:
        """Everything that a sentence says beyond one scope."""
        near, told = _nearest(line.text, scope.facts), without_months(line.text)
        plain = Line(told, line.path, None, near, tongue=self._scopes.tongue)
        found = check_line(plain, scope.source, self._catalog)
        yield from (
            v
            for v in found
            if v.code not in _OF_ONE_LINE_ONLY and not self._is_plain_title(v, scope)
        )
        yield from check_titles(plain, scope.source, scope.titles)
        yield from check_context(plain, scope)
        if scope.entries:
            yield from check_dates(line, scope.entries, near)
        if scope.is_whole and _states_deeds(plain.text):
            yield Violation(code="entry_commingled", metric=4, path=line.path)

    def _is_plain_title(self, found: Violation, scope: Scope) -> bool:
        """Whether what reads as a new title is a connecting word before a title of the source."""
        before, _, role = found.detail.rpartition(" ")
        is_plain = before.casefold() in self._tongue.plain.split()
        return found.code == "title_new" and is_plain and scope.source.says(role)

    def _evidence(self, text: str, scope: Scope) -> Iterator[Ground]:
        """The facts of a scope that share claims or most words with a sentence."""
        told, skills = stems(text), self._catalog.names_in(text)
        said = normalise(text)
        stated = {q.key for q in quantities(text)}

        def weight(fact: Fact) -> float:
            terms = in_english_terms(fact.text, self.language)
            shared = len(told & stems(terms))
            shared += 3 * len(skills & self._catalog.names_in(fact.text))
            shared += 5 * len(stated & {q.key for q in quantities(terms)})
            is_head = fact.id == fact.entry_id and any(
                whole_word(identity(part), said) for part in fact.text.split(" · ") if part
            )
            return shared + (4 if is_head else 0)

        ranked = sorted(((weight(f), f) for f in scope.facts), key=lambda pair: -pair[0])
        best = ranked[0][0] if ranked else 0
        for score, fact in ranked[:_MOST_GROUNDS]:
            if score and score >= best / 2:
                yield Ground(kind=GroundKind.FACT, ref=fact.id)


def _plain(text: str) -> str:
    """A text in one line, as it is checked and delivered."""
    return " ".join(_CONTROL.sub(" ", visible(text)).split())


def _unique(grounds: Iterable[Ground]) -> tuple[Ground, ...]:
    return tuple(dict.fromkeys(grounds))[:_MOST_GROUNDS]


def _nearest(text: str, facts: Sequence[Fact]) -> str:
    """The line that a sentence words anew, "" when it is like none."""
    told = stems(text)
    scored = [(overlap(told, stems(f.text)), f.text) for f in facts if len(stems(f.text)) > 2]
    share, line = max(scored, default=(0.0, ""))
    return line if share >= _SAME_LINE else ""


def _states_deeds(text: str) -> bool:
    """Whether a sentence states a number or a deed, which must be of one place."""
    deed = any(tier_of(w) >= _DEED_TIER and stem(w) not in _NO_DEED for w in spoken(text))
    return deed or any(q.kind is not QuantityKind.YEAR for q in quantities(text))


_NO_DEED: Final = frozenset(stem(w) for w in TIERS[1])
