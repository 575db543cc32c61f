"""What came from somewhere else than the person: the posting, an instruction, a disguise."""

import re
from collections.abc import Iterator
from functools import cached_property

from resume_core.gate.lines import Line
from resume_core.gate.source import whole_word
from resume_core.gate.violations import Violation
from resume_core.gate.vocabulary import plain_stems
from resume_core.posting import PostingView
from resume_core.text import (
    STOP_WORDS,
    hidden_characters,
    identity,
    mixed_script,
    normalise,
    scripts,
    spoken,
    stem,
    visible,
)

#: So many words in a row from the posting are copied, not written.
_GRAM = 8
_CONTACT = re.compile(
    r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}|https?://\S+|www\.\S+"
    r"|\b[\w-]{1,63}\.(?:com|org|net|io|dev|example)\b"
    r"|\+?\(?\d(?:[\s().-]*\d){8,}"
)
_MARKUP = re.compile(r"<\s*/?\s*[a-z!][^>]{0,200}>|\]\(|```|\{\{|\$\{", re.IGNORECASE)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instruction|prompt|above|previous|rules?)"
    r"|\b(?:system|developer) prompt\b|\bas an ai\b|\blanguage model\b|\byou are (?:an?|the)\b"
    r"|\b(?:hire|select|shortlist|rank|score) (?:this|the|me|him|her)\b"
    r"|\b(?:approve|accept|invite|recommend|rate|place|put|advance|prefer) (?:this|that|the) "
    r"(?:applicant|candidate|application|resume|cv|person)\b"
    r"|\bas an? (?:assistant|reviewer|recruiter|model),? you\b"
    r"|\byou (?:must|should|shall|have to)\b"
    r"|\bnote (?:to|for) (?:the|any|all) (?:\w+ )?(?:software|systems?|ai|models?|recruiters?"
    r"|reviewers?|parsers?|screeners?)\b|\bno longer appl(?:y|ies)\b"
    r"|\b(?:diese[rn]?|cette|esta|questa|deze|denna) (?:bewerbung|candidature|candidatura"
    r"|sollicitatie|ansökan)\b"
    r"|\b(?:perfect|ideal|best) (?:candidate|fit|match)\b|\binclude the (?:word|phrase)",
    re.IGNORECASE,
)


class Foreign:
    """Looks for foreign text in changed lines; knows the posting and the whole base text."""

    def __init__(self, posting: PostingView, base_text: str) -> None:
        self._posting = posting
        self._raw = base_text
        self._base = visible(base_text)

    @cached_property
    def _said(self) -> str:
        return normalise(self._base)

    @cached_property
    def _grams(self) -> frozenset[str]:
        return _grams(self._posting.text) - _grams(self._base)

    @cached_property
    def _company(self) -> tuple[str, ...]:
        """The hiring company's name, and the words of it that are no everyday words."""
        name = identity(self._posting.company)
        telling = [
            word
            for word in spoken(name)
            if len(word) > 2 and word not in STOP_WORDS and stem(word) not in plain_stems()
        ]
        return tuple(n for n in dict.fromkeys((name, *telling)) if n)

    @cached_property
    def _scripts(self) -> frozenset[str]:
        return scripts(self._base) | {"LATIN"}

    def check(self, line: Line, raw: str) -> Iterator[Violation]:
        """Violations of one changed line; `raw` is the text before it was made visible."""
        said = normalise(line.text)
        for name in self._company:
            if whole_word(name, said) and not whole_word(name, self._said):
                yield line.violation("company_bleed", 7, name)
                break
        if _grams(line.text) & self._grams:
            yield line.violation("posting_copied", 7)
        if self._new(_INSTRUCTION, line.text):
            yield line.violation("instruction_copied", 7)
        contact = self._new(_CONTACT, line.text)
        if contact:
            yield line.violation("contact_invented", 1, contact)
        if self._new(_MARKUP, line.text):
            yield line.violation("markup_added", 7)
        if self._disguised(raw):
            yield line.violation("text_disguised", 1)

    def _new(self, pattern: re.Pattern[str], text: str) -> str:
        found = (m.group() for m in pattern.finditer(text))
        return next((f for f in found if f.casefold() not in self._base.casefold()), "")

    def _disguised(self, raw: str) -> bool:
        if hidden_characters(raw) and not hidden_characters(self._raw):
            return True
        plain = visible(raw)
        return not scripts(plain) <= self._scripts or any(
            mixed_script(word) and word not in self._base for word in spoken(plain)
        )


def copied_runs(text: str, posting: str, base: str) -> int:
    """How many runs of eight words a text shares with the posting and not with the base."""
    return len(_grams(text) & (_grams(posting) - _grams(base)))


def _grams(text: str) -> frozenset[str]:
    said = [word.casefold() for word in spoken(visible(text))]
    return frozenset(" ".join(said[at : at + _GRAM]) for at in range(len(said) - _GRAM + 1))
