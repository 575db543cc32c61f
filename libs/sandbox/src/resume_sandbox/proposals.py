"""Truthful proposals: every word of a changed text is a word of the facts it cites."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal, get_args

from resume_sandbox.assignment import Assignment, Fact, Requirement

Kind = Literal["rewrite_highlight", "rewrite_summary", "add_keyword"]

_MOST_BULLETS: Final = 8
_MOST_KEYWORDS: Final = 2
_SUMMARY_SKILLS: Final = 5
#: A skill within so many characters of the beginning stands in front already.
_FRONT: Final = 24
_PREPOSITIONS: Final = r"using|with|in|on|over|via|through|by|for"
#: Past tenses without "ed" that bullets like to begin with.
_IRREGULAR: Final = frozenset(
    {
        *("led", "built", "ran", "wrote", "cut", "made", "set", "won"),
        *("grew", "drove", "taught", "kept", "brought", "rebuilt", "held"),
    }
)
#: A word that begins another, and is this long, is a form of it (Postgres, PostgreSQL).
_SHORTEST_FORM: Final = 5


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change, in the form of the product's schema."""

    kind: Kind
    entry_id: str
    target_id: str
    after: str
    source_fact_ids: tuple[str, ...]
    requirement_ids: tuple[str, ...]
    reason: str

    @classmethod
    def fields(cls) -> set[str]:
        """The names of its fields."""
        return {field.name for field in fields(cls)}

    @classmethod
    def kinds(cls) -> frozenset[str]:
        """The kinds there are."""
        return frozenset(get_args(Kind))

    def to_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return asdict(self)


def propose(assignment: Assignment) -> list[Proposal]:
    """Changes that bring to the front what the posting asks for, the most useful first."""
    return [
        *_summary(assignment),
        *_bullets(assignment),
        *_keywords(assignment),
    ]


def find_word(text: str, names: tuple[str, ...]) -> str | None:
    """A skill's name as `text` writes it; None when the text does not have it."""
    for name in names:
        match = re.search(rf"(?<![\w+#]){re.escape(name)}(?![\w+#])", text, re.IGNORECASE)
        if match:
            return match.group()
    return None


def find_form(text: str, names: tuple[str, ...]) -> str | None:
    """The skill's name, or a shorter or longer form of it, as `text` writes it."""
    if (word := find_word(text, names)) is not None:
        return word
    for name in names:
        if not name.isalpha() or len(name) < _SHORTEST_FORM:
            continue
        for word in re.findall(rf"[^\W\d_]{{{_SHORTEST_FORM},}}", text):
            one, other = sorted((name.casefold(), str(word).casefold()), key=len)
            if other.startswith(one):
                return str(word)
    return None


def bring_forward(text: str, word: str) -> str | None:
    """`text` with the phrase around `word` in front; None when it cannot be moved there."""
    position = text.find(word)
    if position <= _FRONT:
        return None
    end = "." if text.rstrip().endswith(".") else ""
    body = text.rstrip().removesuffix(".")
    pattern = rf"^(.+?),? ((?:{_PREPOSITIONS}) (?:(?!\b(?:{_PREPOSITIONS})\b)[^,;:.()])*"
    match = re.match(rf"{pattern}{re.escape(word)}(?![\w+#])[^,;:.()]*)(.*)$", body)
    if match is None:
        return None  # nothing to move: a keyword put before the sentence reads like a machine
    head, phrase, rest = match.groups()
    return f"{phrase[0].upper()}{phrase[1:]}, {lower_verb(head)}{rest}{end}"


def begins_with_verb(text: str) -> bool:
    """Whether the first word is surely a verb of the past."""
    first = text.split(maxsplit=1)[0]
    return first.casefold() in _IRREGULAR or (first.endswith("ed") and first[1:].islower())


def lower_verb(text: str) -> str:
    """Begin in lower case where the first word is surely a verb; names keep their capital."""
    return text[0].lower() + text[1:] if begins_with_verb(text) else text


def _ranked(assignment: Assignment) -> list[Requirement]:
    """Requirements with a name, musts first, else in the order given."""
    return sorted((r for r in assignment.requirements if r.names), key=lambda r: not r.is_must)


def _bullets(assignment: Assignment) -> Iterator[Proposal]:
    done: set[str] = set()
    for requirement in _ranked(assignment):
        for bullet in assignment.bullets:
            if len(done) == _MOST_BULLETS:
                return
            word = find_form(bullet.text, requirement.names)
            if bullet.id in done or word is None:
                continue
            after = bring_forward(bullet.text, word)
            if after is None:
                continue
            done.add(bullet.id)
            yield Proposal(
                "rewrite_highlight",
                bullet.entry_id or "",
                bullet.id,
                after,
                (bullet.id,),
                (requirement.id,),
                f"The posting asks for {requirement.text}; this brings {word} to the front.",
            )
            break


def _summary(assignment: Assignment) -> Iterator[Proposal]:
    """The summary, followed by the skills that the posting asks for and the facts prove."""
    summary = assignment.summary
    if summary is None:
        return
    proven: dict[str, tuple[Fact, Requirement]] = {}
    for requirement in _ranked(assignment):
        for fact in (*assignment.keywords, *assignment.bullets):
            word = find_word(fact.text, requirement.names)
            if word and find_word(summary.text, (word,)) is None:
                proven.setdefault(word, (fact, requirement))
                break
    chosen = list(proven.items())[:_SUMMARY_SKILLS]
    if len(chosen) < 2:
        return
    names = ", ".join(word for word, _ in chosen)
    yield Proposal(
        "rewrite_summary",
        "",
        "",
        f"{summary.text.rstrip().rstrip('.')}. {names}.",
        (summary.id, *(fact.id for _, (fact, _) in chosen)),
        tuple(requirement.id for _, (_, requirement) in chosen),
        f"Names what the posting asks for and your resume shows: {names}.",
    )


def _keywords(assignment: Assignment) -> Iterator[Proposal]:
    """Skills that a bullet proves and the skills section does not list."""
    if not assignment.keywords:
        return
    entry_id = assignment.keywords[0].entry_id or ""
    listed = "\n".join(fact.text for fact in assignment.keywords)
    added: set[str] = set()
    for requirement in _ranked(assignment):
        if find_form(listed, requirement.names) is not None:
            continue
        for bullet in assignment.bullets:
            word = find_word(bullet.text, requirement.names)
            if word is None or word.casefold() in added:
                continue
            added.add(word.casefold())
            yield Proposal(
                "add_keyword",
                entry_id,
                "",
                word,
                (bullet.id,),
                (requirement.id,),
                f"A bullet of yours shows {word}, and the posting asks for it.",
            )
            break
        if len(added) == _MOST_KEYWORDS:
            return
