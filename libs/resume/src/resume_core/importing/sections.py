"""Sections: which lines are headings, and what each heading means."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from resume_core.dates import find_spans
from resume_core.importing.layout import Document, Line
from resume_core.importing.words import load_words

_SPACED: Final = re.compile(r"(?:\b\w\b ?){4,}")
_EDGE: Final = re.compile(r"^[\W\d_]+(?=\w)|[\W_]+$")
_INLINE: Final = re.compile(r"([^:]{3,40}):\s+(\S.*)")
_MAX_HEADING_WORDS: Final = 6
_LARGER: Final = 1.08
#: Sections whose headings carry the style that all headings of a document share.
_LANDMARKS: Final = frozenset({"work", "education", "skills", "projects"})
_INLINE_SECTIONS: Final = frozenset({"skills", "languages", "interests"})

_Style = tuple[int, bool, bool, int]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines. `kind` is a section's name, "summary", "contact" or "other".

    `heading` is the number of the heading's line, where it has one of its own.
    """

    kind: str
    title: str
    lines: tuple[Line, ...]
    heading: int | None = None


def split_sections(document: Document) -> tuple[tuple[Line, ...], list[Section]]:
    """The lines before the first heading, and the sections, in document order."""
    headings = _find_headings(document)
    largest = max((line.size for line in document.lines), default=0.0) * 0.95
    head: list[Line] = []
    sections: list[tuple[str, str, list[Line], int | None]] = []
    for index, line in enumerate(document.lines):
        inline = _inline(line) if index not in headings else None
        if index in headings:
            sections.append((headings[index], line.text.strip(" :"), [], line.number))
        elif inline and (not sections or sections[-1][0] != "skills"):
            kind, title, rest = inline
            sections.append((kind, title, [rest], None))
        elif sections and line.flow == _flow(sections[-1][2], line):
            sections[-1][2].append(line)
        elif sections and line.size >= largest:
            # A column that begins with the name: nothing of the last one runs on into it.
            sections.append(("other", "", [line], None))
        elif sections:
            sections[-1][2].append(line)
        else:
            head.append(line)
    return tuple(head), [
        Section(kind, title, tuple(lines), heading) for kind, title, lines, heading in sections
    ]


def heading_kind(text: str) -> str | None:
    """The section that a heading names, if it is a known one."""
    headings = load_words().headings
    folded = _folded(text)
    if folded in headings:
        return headings[folded]
    if _SPACED.fullmatch(text + " "):
        compact = folded.replace(" ", "")
        return next((headings[h] for h in headings if h.replace(" ", "") == compact), None)
    parts = [part for part in re.split(r" and | und | et | y |, ", folded) if part]
    if 1 < len(parts) <= 3 and all(part in headings for part in parts):
        return headings[parts[0]]
    return None


def _flow(lines: list[Line], line: Line) -> int:
    return lines[-1].flow if lines else line.flow


def _folded(text: str) -> str:
    text = _EDGE.sub("", _EDGE.sub("", text.strip()))
    text = text.casefold().replace("\u2019", "'").replace("&", " and ").replace("/", " and ")
    return " ".join(text.replace("-", " ").replace("+", " and ").split())


def _style(line: Line) -> _Style:
    return round(line.size), line.bold, line.caps, line.level


def _inline(line: Line) -> tuple[str, str, Line] | None:
    """A section of one line: "Skills: Python, Go" outside of a list."""
    match = _INLINE.fullmatch(line.text)
    if match is None or line.bullet:
        return None
    kind = heading_kind(match[1])
    if kind not in _INLINE_SECTIONS:
        return None
    return kind, match[1], replace(line, cells=(match[2],))


def _find_headings(document: Document) -> dict[int, str]:
    lines = document.lines
    body = _body_style(lines)
    known = {
        index: kind
        for index, line in enumerate(lines)
        if _may_head(line) and (kind := heading_kind(line.text)) and _stands_out(line, body)
    }
    found: dict[int, str] = {}
    for flow in {line.flow for line in lines}:
        own = {i: kind for i, kind in known.items() if lines[i].flow == flow}
        if not own:
            continue
        # Work and education are headings for sure; a lone "Languages" may head a mere group.
        sure = [_style(lines[i]) for i, kind in own.items() if kind in _LANDMARKS]
        style = Counter(sure or [_style(lines[i]) for i in own]).most_common(1)[0][0]
        own = {i: kind for i, kind in own.items() if not _is_lesser(lines[i], style, body)}
        found |= own | _unknown_headings(lines, own, style, body)
    return found


def _unknown_headings(
    lines: tuple[Line, ...], known: dict[int, str], style: _Style, body: _Style
) -> dict[int, str]:
    """Lines in the very style of the known headings, where that style is nobody else's."""
    if style == body or not known:
        return {}
    first = min(known)
    edges = {(lines[i].flow, round(lines[i].x0 / 4)) for i in known}
    found = {
        index: "other"
        for index, line in enumerate(lines)
        if index not in known
        and _style(line) == style
        and (line.flow, round(line.x0 / 4)) in edges
        and _may_head(line)
        and (index > first or index > _first_quarter(lines))
    }
    return found if len(found) <= len(known) else {}


def _first_quarter(lines: tuple[Line, ...]) -> int:
    """Name and label stand at the very top; a heading before the first known one comes later."""
    return min(2, len(lines) // 4)


def _body_style(lines: tuple[Line, ...]) -> _Style:
    weights: Counter[_Style] = Counter()
    for line in lines:
        weights[_style(line)] += len(line.text)
    return weights.most_common(1)[0][0] if weights else (0, False, False, 0)


def _may_head(line: Line) -> bool:
    text = line.text
    words = text if _SPACED.fullmatch(text + " ") else text.split()
    short = isinstance(words, str) or len(words) <= _MAX_HEADING_WORDS
    return short and len(line.cells) == 1 and not line.bullet and not find_spans(text)


def _stands_out(line: Line, body: _Style) -> bool:
    larger = body[0] > 0 and line.size > body[0] * _LARGER
    apart = line.gap >= 1.3 or line.text.endswith(":")
    return larger or line.level > 0 or line.caps or (line.bold and not body[1]) or apart


def _is_lesser(line: Line, heading: _Style, body: _Style) -> bool:
    """Whether a known word heads only a group, as "Languages" does within the skills."""
    size, bold, caps, level = heading
    own_size, own_bold, own_caps, own_level = _style(line)
    if level and own_level and own_level > level:
        return True
    if level and not own_level:
        return True
    if size - own_size > own_size - body[0]:
        return True  # nearer to the text than to the headings
    return own_size == size and ((caps and not own_caps) or (bold and not own_bold))
