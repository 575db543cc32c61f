"""A resume as Markdown and as plain text, nothing left out, in the order of the document."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from resume_core.model import Resume
from resume_core.sheet import Block, Item, Sheet, lay_out
from resume_core.wording import Wording, wording_of

#: Inline markup, a `#` that could open or close a heading, and what would be an entity.
_SYNTAX: Final = re.compile(r"([\\`*\[\]<>|~]|(?<!\w)_|_(?!\w)|(?<!\S)#|&(?=#?\w+;))")
#: List markers, and lines of dashes or equals signs that would make a rule or a heading.
_LINE_START: Final = re.compile(r"^(\d*)([+-](?=\s|$)|-(?=[-\s]*$)|=(?==*$)|(?<=\d)[.)](?=\s|$))")


def to_markdown(resume: Resume, wording: Wording | None = None) -> str:
    """The resume as CommonMark; text that would read as markup is escaped."""
    return sheet_markdown(lay_out(resume, wording or wording_of("en")))


def to_text(resume: Resume, wording: Wording | None = None) -> str:
    """The resume as plain text, headings in capitals."""
    return sheet_text(lay_out(resume, wording or wording_of("en")))


def sheet_markdown(sheet: Sheet) -> str:
    """Any document that is laid out, as CommonMark."""
    return _written(sheet, escape_line, _MARKDOWN)


def sheet_text(sheet: Sheet) -> str:
    """The same as plain text."""
    return _written(sheet, _one_line, _PLAIN)


@dataclass(frozen=True, slots=True)
class _Mark:
    """How one output format writes the few things that a resume is made of."""

    title: Callable[[str], str]
    section: Callable[[str], str]
    head: Callable[[str], str]
    group: Callable[[str], str]


_MARKDOWN: Final = _Mark(
    title=lambda text: f"# {text}",
    section=lambda text: f"## {text}",
    head=lambda text: f"### {text}",
    group=lambda text: f"**{text}:**",
)
_PLAIN: Final = _Mark(
    title=lambda text: text,
    section=lambda text: f"{text.upper()}\n{'-' * len(text)}",
    head=lambda text: text,
    group=lambda text: f"{text}:",
)


def _written(sheet: Sheet, escape: Callable[[str], str], mark: _Mark) -> str:
    parts = list(_header(sheet, escape, mark))
    for section in sheet.sections:
        parts.append(mark.section(escape(section.title)))
        lines = (_item(item, escape, mark) for item in section.items)
        parts.append("\n".join(f"- {line}" for line in lines if line))
        parts.extend(_block(block, escape, mark) for block in section.blocks)
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(sheet: Sheet, escape: Callable[[str], str], mark: _Mark) -> Iterator[str]:
    yield mark.title(escape(sheet.name))
    yield escape(sheet.label)
    yield " | ".join(map(escape, sheet.contacts))
    if sheet.summary:
        yield mark.section(sheet.summary_title)
        yield _prose(sheet.summary, escape)


def _block(block: Block, escape: Callable[[str], str], mark: _Mark) -> str:
    head = " — ".join(part for part in (block.title, block.owner) if part)
    lines = [mark.head(escape(head))]
    details = [detail for detail in (block.span, *block.details) if detail]
    if details:
        lines.append(" | ".join(map(escape, details)))
    if block.prose:
        lines.append("\n" + "\n\n".join(_prose(text, escape) for text in block.prose))
    if block.bullets:
        lines.append("\n" + "\n".join(f"- {escape(text)}" for text in block.bullets))
    return "\n".join(lines)


def _item(item: Item, escape: Callable[[str], str], mark: _Mark) -> str:
    if item.label and item.text:
        return f"{mark.group(escape(item.label))} {escape(item.text)}"
    return escape(item.label or item.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _prose(text: str, escape: Callable[[str], str]) -> str:
    return "\n".join(line for line in map(escape, text.splitlines()) if line)


def escape_line(text: str) -> str:
    """Text as one line of Markdown that means just this text."""
    return _LINE_START.sub(r"\1\\\2", _SYNTAX.sub(r"\\\1", _one_line(text)))
