"""What inline styles and a page's own style sheets take out of sight.

The cascade without its conditions: what holds only sometimes (`@media`, `@supports`) can show an
element but not hide it. Linked style sheets are not fetched; a browser knows them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

#: Values that take text out of sight, by property; `margin-left` or `font-size: 0.9em` do not.
_HIDING: Final = {
    name: re.compile(value, re.IGNORECASE)
    for names, value in (
        ("display", "none"),
        ("visibility", "hidden|collapse"),
        ("opacity font-size", r"[+-]?0*\.?0+(?:[a-z]+|%)?"),
        ("left top right bottom text-indent", r"-\d{3,}.*"),
        ("color", "transparent"),
        ("clip", r"rect\(\s*0.*"),
    )
    for name in names.split()
}
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
#: A string must not be taken for the structure that its characters look like.
_STRING: Final = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'", re.DOTALL)
_STRUCTURE: Final = re.compile(r"[{};]")
_BLOCK: Final = re.compile(r"[^{}]*")
_ALWAYS: Final = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)|@layer\b[^{]*", re.IGNORECASE)
_COMMA: Final = re.compile(r",(?![^(\[]*[)\]])")
_ID: Final = re.compile(r"#[\w-]")
_CLASS: Final = re.compile(r"\.[A-Za-z_-]|\[|(?<!:):(?!:|not\b|is\b|where\b|has\b)")
_TYPE: Final = re.compile(r"(?:^|[\s>+~(])[A-Za-z]")
#: Rules that are looked up in the page; of more, the rest is not.
_MOST_RULES: Final = 5000

#: `!important`, inline, then ids, classes and types of the selector.
_Weight = tuple[bool, bool, int, int, int]
_NO_SELECTOR: Final = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Declared:
    name: str
    hides: bool
    is_important: bool


def hides(style: str) -> bool:
    """Whether an inline style takes its element out of sight."""
    return any(declared.hides for declared in _declarations(style))


def hidden_by_sheets(tree: LexborHTMLParser) -> set[int]:
    """The `mem_id` of each element that the page's `<style>` elements hide."""
    sheet = "\n".join(node.text(deep=True) for node in tree.css("style"))
    rules = [
        (selector, declared, always)
        for selectors, block, always in _rules(sheet)
        for declared in _declarations(block)
        for selector in _COMMA.split(selectors)
    ]
    at_stake = {declared.name for _, declared, always in rules if declared.hides and always}
    strongest: dict[tuple[str, int], tuple[_Weight, bool]] = {}

    def take(found: Iterable[int], declared: _Declared, weight: _Weight) -> None:
        for element in found:
            key = declared.name, element
            held = strongest.get(key)
            if held is None or weight >= held[0]:
                strongest[key] = weight, declared.hides

    matters = [r for r in rules if r[1].name in at_stake and (r[2] or not r[1].hides)]
    for selector, declared, _ in matters[:_MOST_RULES]:
        weight = (declared.is_important, False, *_specificity(selector))
        take(_matching(tree, selector), declared, weight)
    for node in tree.css("[style]") if strongest else ():
        for declared in _declarations(node.attributes.get("style") or ""):
            if declared.name in at_stake:
                weight = (declared.is_important, True, *_NO_SELECTOR)
                take((node.mem_id,), declared, weight)
    return {element for (_, element), (_, is_hidden) in strongest.items() if is_hidden}


def _declarations(block: str) -> Iterator[_Declared]:
    """Those of properties that can hide."""
    for declaration in block.split(";"):
        name, _, value = declaration.partition(":")
        pattern = _HIDING.get(name := name.strip().lower())
        if pattern is not None:
            value, _, flag = value.partition("!")
            yield _Declared(name, pattern.fullmatch(value.strip()) is not None, bool(flag))


def _specificity(selector: str) -> tuple[int, int, int]:
    return (
        len(_ID.findall(selector)),
        len(_CLASS.findall(selector)),
        len(_TYPE.findall(selector.strip())),
    )


def _matching(tree: LexborHTMLParser, selector: str) -> list[int]:
    try:
        return [node.mem_id for node in tree.css(selector)]
    except SelectolaxError:
        return []  # `::before`, a vendor's own, nonsense


def _rules(sheet: str) -> Iterator[tuple[str, str, bool]]:
    """(selectors, declarations, whether it holds on every screen) of each rule."""
    sheet = _COMMENT.sub(" ", sheet)
    sheet = _STRING.sub(lambda found: '""' if _STRUCTURE.search(found[0]) else found[0], sheet)
    conditions: list[bool] = []
    failing = start = 0
    for mark in _STRUCTURE.finditer(sheet):
        before, start = sheet[start : mark.start()].strip(), mark.end()
        if mark[0] == "{":
            is_group = before.startswith("@")
            conditions.append(not is_group or _ALWAYS.fullmatch(before) is not None)
            failing += not conditions[-1]
            block = _BLOCK.match(sheet, start)
            if not is_group and before and block is not None:
                yield before, block[0], not failing
        elif mark[0] == "}" and conditions:
            failing -= not conditions.pop()
