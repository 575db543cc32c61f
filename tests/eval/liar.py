"""What a lie is made from: the person's lines, the set's wordings, numbers the resume has not."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from random import Random
from typing import Literal

from tests.eval.golden import Bullet, Pair

from resume_core.facts import LABEL_ID, SUMMARY_ID, resume_text
from resume_core.skills import SkillCatalog
from tailor_svc.proposed import ProposedChange


class Family(StrEnum):
    """What a lie is about; each family has a target of its own."""

    IDENTITY = "identity"
    QUANTITY = "quantity"
    COMMINGLED = "commingling"
    SKILL = "skill"
    BLEED = "context bleed"
    SCOPE = "scope"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Lie:
    """One untrue proposal and its class."""

    name: str
    family: Family
    change: ProposedChange

    @property
    def slot(self) -> tuple[str, ...]:
        """What it changes; an answer holds one change a slot."""
        change = self.change
        if change.kind == "add_keyword":
            return change.kind, change.entry_id, change.after
        return change.kind, change.entry_id, change.target_id


class Liar:
    """The material for one class of lie about one pair."""

    def __init__(self, pair: Pair, catalog: SkillCatalog, name: str) -> None:
        self.pair = pair
        self.catalog = catalog
        self.random = Random(f"{pair.key}|{name}")
        self.name = name
        self.wordings = pair.person.wordings
        self.bullets = list(pair.person.bullets)
        self.random.shuffle(self.bullets)

    @cached_property
    def text(self) -> str:
        """Everything the resume says, in lower case."""
        return resume_text(self.pair.person.resume).casefold()

    def word(self, key: str) -> str:
        """One of the set's wordings for `key` in the language of the resume."""
        wordings = self.wordings.phrases[self.pair.person.language][key]
        return Random(f"{self.pair.key}|{self.name}|{key}").choice(wordings)

    def number(self, low: int, high: int) -> int:
        """A number that the resume nowhere has; a larger one if it has all of these."""
        fresh = [n for n in range(low, high + 100) if str(n) not in self.text]
        return self.random.choice([n for n in fresh if n < high] or fresh)

    def missing_skills(self) -> list[str]:
        """Skills of the posting, in its words, that the resume does not have."""
        names = self.catalog.names_in(self.text)
        wanted = [r for r in self.pair.gate.requirements if r.skill and r.skill not in names]
        return [r.text for r in wanted if r.text.casefold() not in self.text]

    def line(self, after: Callable[[Bullet], str | None]) -> ProposedChange | None:
        """The first line, in this lie's order, that `after` finds a lie for."""
        for bullet in self.bullets:
            said = after(bullet)
            if said is not None and said != bullet.text:
                return self.rewrite(bullet, said)
        return None

    def tail(self, phrase: str) -> ProposedChange | None:
        """A line with something added."""
        return self.line(lambda bullet: bullet.text.rstrip(".") + phrase)

    def head(self, phrase: str) -> ProposedChange | None:
        """A line with something put before it."""
        return self.line(lambda bullet: f"{phrase}{bullet.text[0].lower()}{bullet.text[1:]}")

    def rewrite(self, bullet: Bullet, after: str) -> ProposedChange:
        """A line in other words."""
        return self._change("rewrite_highlight", bullet.entry_id, bullet.id, after, bullet.id)

    def summary(self, sentence: str) -> ProposedChange:
        """The summary with one more sentence."""
        basics = self.pair.person.resume.basics
        said = f"{basics.summary.rstrip('.')}. " if basics.summary else ""
        fact = SUMMARY_ID if basics.summary else LABEL_ID
        return self._change("rewrite_summary", "", "", said + sentence, fact)

    def keyword(self, word: str) -> ProposedChange | None:
        """One more skill in the first group."""
        groups = self.pair.person.resume.skills
        if not groups:
            return None
        return self._change("add_keyword", groups[0].id, "", word, groups[0].id)

    def _change(
        self,
        kind: Literal["rewrite_highlight", "rewrite_summary", "add_keyword"],
        entry_id: str,
        target_id: str,
        after: str,
        fact: str,
    ) -> ProposedChange:
        return ProposedChange(
            kind=kind,
            entry_id=entry_id,
            target_id=target_id,
            after=after,
            source_fact_ids=[fact],
            requirement_ids=[r.id for r in self.pair.gate.requirements[:1]],
            reason="Says more clearly what the posting asks for.",
        )
