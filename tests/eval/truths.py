"""True rewordings: those written by hand beside each golden line, and some by pattern."""

import re
from collections.abc import Iterator
from typing import Final

from tests.eval.golden import Bullet, Pair, Person

from resume_core.changes import Change, ChangeKind, ChangeOrigin, change_id

_SPELLED: Final = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen"),
)
#: After a capital letter a number is part of a name.
_SMALL: Final = re.compile(r"(?<![\w.,/$€£-])(?<![A-Z] )([2-9]|1[0-5])(?= [a-z])")


def rewordings(person: Person) -> Iterator[tuple[Bullet, str]]:
    """Every true rewording of a person's lines."""
    for bullet in person.bullets:
        for text in person.paraphrases.get(bullet.text, ()):
            yield bullet, text
        if person.language == "en":
            yield from ((bullet, text) for text in by_pattern(bullet.text))


def by_pattern(text: str) -> Iterator[str]:
    """The same line with its numbers, signs and end written as other people write them."""
    spelled = _SMALL.sub(lambda m: _SPELLED[int(m[1]) - 2], text)
    if spelled != text:
        yield spelled
    if re.search(r"\d%", text):
        yield re.sub(r"(\d)%", r"\1 per cent", text)
    if re.search(r"\b\d{2,3},000\b", text) and "$" not in text:
        yield re.sub(r"\b(\d{2,3}),000\b", r"\1k", text)
    if " and " in text and "," not in text:
        yield f"{text.replace(' and ', ' & ', 1)}."


def as_change(pair: Pair, bullet: Bullet, text: str) -> Change:
    """A rewording as an honest model would propose it."""
    kind = ChangeKind.REWRITE_HIGHLIGHT
    return Change(
        id=change_id(kind, bullet.section, bullet.entry_id, bullet.id, text),
        kind=kind,
        section=bullet.section,
        entry_id=bullet.entry_id,
        target_id=bullet.id,
        before=bullet.text,
        after=text,
        source_fact_ids=(bullet.id,),
        requirement_ids=tuple(r.id for r in pair.gate.requirements[:1]),
        reason="Says it in the posting's order.",
        origin=ChangeOrigin.MODEL,
    )
