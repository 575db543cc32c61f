"""The skills we know, and where a text mentions them.

The list is a versioned data file of ours, so that a score computed today can be computed again:
names, aliases (another wording of the same thing), broader skills that a narrower one proves,
and the year of first release, before which nobody can have used a technology.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from resume_core.text import remembered, visible, word_set

CATALOG_FILE: Final = "skills-2026.11.json"

_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_ADDRESS = re.compile(
    # Lengths are bounded: an endless word must not cost the square of its length.
    r"https?://\S+|www\.\S+|\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,63}"
    r"|\b(?:[\w-]{1,63}\.){1,5}[a-z]{2,6}/\S*|\b[\w-]{1,63}\.(?:com|org|dev|example|edu|gov)\b"
)
# What may stand beside a skill whose name is also an everyday word or a letter ("Go", "C", "R").
_LEFT_CUES: Final = word_set(
    """in with using use uses used and or of like including know knowledge as plus via is are write
    writing wrote written modern both either learn learning learned from to on our eg
    than"""
)
_NOUN_CUES: Final = word_set(
    """programming developer developers engineer engineers language languages services service code
    backend microservices microservice development experience apis api applications application
    packages scripts libraries library modules codebase skills knowledge framework ecosystem cli
    binaries tooling sdk server client clients projects workers"""
)
_RIGHT_CUES: Final = _NOUN_CUES | word_set("and or is are for in with as on to at since plus via")
# A capitalised everyday word that opens a sentence and is followed by one of these is no skill.
_PROSE: Final = word_set(
    """in your the a an our to at with and for yourself on through as when ideas interest well is it
    be you we that this into by from up out over"""
)
_OPENERS: Final = frozenset(".!?\n•*:")
#: How far the text around a mention is looked at, in characters.
_WINDOW: Final = 60
_LIST_MARKS: Final = frozenset(",;/|()[]\n•:&+·")


class Skill(BaseModel):
    """One skill of the catalogue."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    name: str
    field: str = ""
    aliases: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    since: int | None = None
    match: Literal["any", "exact", "context"] = "any"


class Mention(NamedTuple):
    """A skill found in a text: its name, the alias as the catalogue writes it, the span."""

    skill: str
    alias: str
    start: int
    end: int


class _Token(NamedTuple):
    text: str
    key: str
    start: int
    end: int


@dataclass(slots=True)
class _Node:
    children: dict[str, "_Node"] = field(default_factory=dict)
    found: list[tuple[str, str, str]] = field(default_factory=list)  # skill, alias, rule


class SkillCatalog:
    """The skills with an index over the words of their names and aliases. Immutable."""

    def __init__(self, version: str, skills: tuple[Skill, ...]) -> None:
        self.version = version
        self.skills: Mapping[str, Skill] = {s.name: s for s in skills}
        self._root = _Node()
        for skill in skills:
            for alias in (skill.name, *skill.aliases):
                self._add(skill, alias)
        self._mentions = remembered(self._find)
        self._names = remembered(self._name)
        self._broader = {name: tuple(sorted(self._climb(name))) for name in self.skills}

    def _add(self, skill: Skill, alias: str) -> None:
        node = parent = self._root
        last = ""
        for token in _tokens(alias):
            parent, last = node, token.key
            node = node.children.setdefault(token.key, _Node())
        rule = "exact" if skill.match == "any" and len(alias) <= 2 else skill.match
        node.found.append((skill.name, alias, rule))
        singular = last.removesuffix("s")
        if rule == "any" and " " in alias and singular != last and not last.endswith("ss"):
            one = parent.children.setdefault(singular, _Node())
            one.found.append((skill.name, alias, rule))

    def mentions(self, text: str) -> tuple[Mention, ...]:
        """Every skill mentioned in `text`, longest match first, in order of place.

        Whole words only; text inside an address does not count. "C++" is not "C", "Node.js" may
        be written "NodeJS", "Python (primary)" is Python, "Go to market" is not Go.
        """
        return self._mentions(text)

    def _find(self, text: str) -> tuple[Mention, ...]:
        masked = _ADDRESS.sub(lambda m: "\0" * len(m.group()), text)
        tokens = _tokens(masked)
        found: list[Mention] = []
        at = 0
        while at < len(tokens):
            if not self._starts(tokens[at]):
                at += 1
                continue
            mention, used = self._match(masked, tokens, at)
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at += used
        return tuple(found)

    def _starts(self, token: _Token) -> bool:
        """Whether any name starts with this word; most words of a text start none."""
        key = f" {token.key[1:]}"
        return key in self._root.children or key.removesuffix("s") in self._root.children

    def _match(self, text: str, tokens: list[_Token], at: int) -> tuple[Mention | None, int]:
        first = tokens[at]
        if not first.text[0].isalnum() and first.start and text[first.start - 1].isalnum():
            return None, 1
        node, plural, best, used = self._root, False, None, 0
        for offset in range(len(tokens) - at):
            token = tokens[at + offset]
            key = f" {token.key[1:]}" if offset == 0 else token.key
            child = node.children.get(key)
            if child is None and len(token.text) > 3:
                child, plural = node.children.get(key.removesuffix("s")), True
            if child is None:
                break
            node = child
            for skill, alias, rule in node.found:
                span = (first.start, token.end)
                if not (plural and rule != "any") and _allowed(text, span, alias, rule):
                    best, used = Mention(skill, alias, *span), offset + 1
        return best, used

    def names_in(self, text: str) -> frozenset[str]:
        """The names of the skills that `text` mentions, and the broader ones they prove."""
        return self._names(text)

    def _name(self, text: str) -> frozenset[str]:
        return self.with_broader(m.skill for m in self.mentions(visible(text)))

    def with_broader(self, names: Iterable[str]) -> frozenset[str]:
        """`names` and every broader skill, transitively."""
        return frozenset[str]().union(*(self._broader[name] for name in names))

    def proves(self, name: str) -> tuple[str, ...]:
        """A skill and every broader one, in the order of their names."""
        return self._broader[name]

    def _climb(self, name: str) -> frozenset[str]:
        todo, done = [name], set[str]()
        while todo:
            name = todo.pop()
            if name not in done:
                done.add(name)
                todo.extend(self.skills[name].broader)
        return frozenset(done)

    def resolve(self, text: str) -> str | None:
        """The skill that `text` as a whole names ("Postgres" is "PostgreSQL"), else None."""
        plain = visible(text).strip()
        found = self.mentions(plain)
        whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(plain)
        return found[0].skill if whole else None


def _tokens(text: str) -> list[_Token]:
    """Words and single symbols; a key tells whether white space (or a hyphen) came before."""
    found: list[_Token] = []
    last, dashed = -1, False
    for match in _TOKEN.finditer(text):
        word, (start, end) = match.group(), match.span()
        if word == "-" and start == last:
            last, dashed = end, True
            continue
        glued = start == last and not dashed and bool(found)
        key = ("+" if glued else " ") + word.casefold()
        found.append(_Token(word, key, start, end))
        last, dashed = end, False
    return found


def _allowed(text: str, span: tuple[int, int], alias: str, rule: str) -> bool:
    start, end = span
    written = text[start:end]
    if _alone(text, start, end):
        return True
    if rule == "any":
        return True
    if written != alias:
        return False
    if rule == "exact":
        return not (_opens(text, start) and _word_after(text, end) in _PROSE)
    return _in_context(text, start, end)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether the span is a whole line, as keywords are."""
    return _before(text, start)[-1:] in {"", "\n"} and _after(text, end)[:1] in {"", "\n"}


def _before(text: str, start: int) -> str:
    """A window of the text before a span, without trailing blanks."""
    return text[max(0, start - _WINDOW) : start].rstrip(" \t")


def _after(text: str, end: int) -> str:
    """A window of the text after a span, without leading blanks."""
    return text[end : end + _WINDOW].lstrip(" \t")


def _opens(text: str, start: int) -> bool:
    before = _before(text, start).rstrip("\"'( \t")
    return not before or before[-1] in _OPENERS or before == "-" or before.endswith("\n-")


def _word_after(text: str, end: int) -> str:
    match = re.match(r"\s+([^\W\d_]+)", text[end : end + _WINDOW])
    return match.group(1) if match else ""


def _in_context(text: str, start: int, end: int) -> bool:
    if text[end : end + 1] in {"-", "&", "'", "+", "#"} or text[start - 1 : start] in {"-", "&"}:
        return False
    before, after = _before(text, start), _after(text, end)
    word_before = re.search(r"([^\W\d_]+)\.?$", before)
    listed_left = not before or before[-1] in _LIST_MARKS
    cued_left = word_before is not None and word_before.group(1).lower() in _LEFT_CUES
    right_word = _word_after(text, end)
    closed_right = not after or after[0] in _LIST_MARKS or after[0] in ".!?"
    if _opens(text, start):
        purpose = re.match(r"(?:for|in|as)\s+([^\W\d_]+)", after)  # "Go for services"
        noun = purpose.group(1) if purpose else right_word
        listed = closed_right and bool(after) and after[0] in ",/|;("
        return listed or noun.lower() in _NOUN_CUES
    cued_right = right_word.lower() in _RIGHT_CUES or right_word[:1].isupper()
    return (listed_left or cued_left) and (closed_right or cued_right)


def load_catalog() -> SkillCatalog:
    """Read the catalogue shipped with this package. Call once at start-up and pass it on."""
    text = files("resume_core").joinpath("data", CATALOG_FILE).read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    skills = tuple(Skill.model_validate(s) for s in data["skills"])
    return SkillCatalog(str(data["version"]), skills)
