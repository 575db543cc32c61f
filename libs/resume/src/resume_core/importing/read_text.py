"""Plain text and Markdown to lines."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from resume_core.importing.layout import Document, Line, clean, split_bullet

_RULE: Final = re.compile(r"\s*([=\-_~*#\u2500\u2501\u2550])(?:\s*\1){2,}\s*")
_DECORATION: Final = re.compile(r"^[=\-*#~_>\s]{2,}(?=\w)|(?<=\w)[=\-*#~_<\s]{2,}$")
_WIDE_GAP: Final = re.compile(r"\t+| {4,}")
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_LINK: Final = re.compile(
    r"!?\[([^\]]*)\]\(\s*<?([^)\s>]+)>?[^)]*\)|<((?:https?://|mailto:)[^>\s]+)>"
)
_EMPHASIS: Final = re.compile(r"(?<!\\)(\*\*\*|\*\*|__|\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)|`)")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~=&])")
_TABLE_RULE: Final = re.compile(r"\s*\|?[\s:|-]+\|[\s:|-]*")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>@]*>|<!--.*?-->")
_FAR: Final = 2.0


def read_text(text: str) -> Document:
    """The lines of plain text: blank lines are gaps, underlined lines headings, tabs cells."""
    lines: list[Line] = []
    gap = 1.0
    for written in _written_lines(text):
        if not written.strip():
            gap = _FAR
        elif _RULE.fullmatch(written):
            if lines and gap == 1.0 and not lines[-1].bullet:
                lines[-1] = replace(lines[-1], level=2)
            gap = _FAR
        else:
            lines.append(_plain_line(written, gap))
            gap = 1.0
    return Document(tuple(line for line in lines if line.cells), wraps=True)


def read_markdown(text: str) -> Document:
    """The lines of Markdown, without its markup; link targets are kept aside."""
    lines: list[Line] = []
    links: list[str] = []
    gap = 1.0
    for written in _written_lines(text):
        if not written.strip() or _TABLE_RULE.fullmatch(written) or _RULE.fullmatch(written):
            gap = _FAR
            continue
        links += [match[2] or match[3] for match in _LINK.finditer(written)]
        line = _markdown_line(written, gap)
        if line.cells:
            lines.append(line)
            gap = 1.0
    return Document(tuple(lines), wraps=True, links=tuple(dict.fromkeys(links)))


def _written_lines(text: str) -> Iterator[str]:
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        yield line.rstrip().replace("\f", "")


def _plain_line(written: str, gap: float) -> Line:
    body = written.lstrip()
    indent = len(written.expandtabs(4)) - len(body.expandtabs(4))
    bullet, rest = split_bullet(_DECORATION.sub("", body) if not split_bullet(body)[0] else body)
    cells = tuple(cell for cell in map(clean, _WIDE_GAP.split(rest)) if cell)
    width = len(cells[0]) if cells else 0
    text_x0 = indent + len(body) - len(rest)
    return Line(
        cells=cells,
        bullet=bullet,
        x0=float(indent),
        text_x0=float(text_x0),
        x1=float(text_x0 + width),
        right=float(indent + len(body)),
        gap=gap,
    )


def _markdown_line(written: str, gap: float) -> Line:
    line = _plain_line(written, gap)
    body = written.lstrip()
    heading = _HEADING.fullmatch(body)
    bullet, rest = (False, heading[2]) if heading else split_bullet(body)
    bold = rest.startswith(("**", "__"))
    parts = rest.strip("|").split(" | ") if rest.startswith("|") else [rest]
    cells = tuple(cell for part in parts if (cell := clean(_unmarked(part))))
    return replace(
        line,
        cells=cells,
        bullet=bullet,
        bold=bold,
        italic=not bold and rest.startswith(("*", "_")),
        level=len(heading[1]) if heading else 0,
    )


def _unmarked(text: str) -> str:
    text = _LINK.sub(lambda match: match[1] or match[3] or "", text)
    text = _TAG.sub(" ", text)
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", text))
