"""HTML to the text a person would read, hidden content left out and counted."""

import re
import unicodedata
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from extract_svc.stylesheets import hidden_by_sheets, hides

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "dd", "details", "div", "dl", "dt"),
        *("fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header"),
        *("hr", "legend", "li", "main", "nav", "ol", "option", "p", "section", "summary", "table"),
        *("tr", "ul"),
    }
)
_BREAK = "\n"
_UNREAD = "script, style, template, noscript, svg, iframe, object"
_HIDDEN = "[hidden], [aria-hidden=true], [style]"
_ANY = "body *"
#: Zero-width and direction-changing characters carry hidden text past a reader; control
#: characters and lone surrogates cannot be stored as JSON.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\ud800-\udfff\ufeff\U000e0000-\U000e007f]"
)


def strip_hidden(tree: LexborHTMLParser) -> int:
    """Remove what a reader of the page does not see; return how many pieces held hidden text.

    Linked style sheets are not read: what only they hide stays.
    """
    by_sheets = hidden_by_sheets(tree)
    for node in _inner_first(tree, _UNREAD):
        node.decompose()
    removed = 0
    for node in _inner_first(tree, _ANY if by_sheets else _HIDDEN):
        attributes = node.attributes
        if node.tag in {"html", "body"}:
            continue  # hidden until the page's script has run
        by_attribute = "hidden" in attributes or attributes.get("aria-hidden") == "true"
        by_style = hides(attributes.get("style") or "") or node.mem_id in by_sheets
        if by_attribute or by_style:
            removed += bool(node.text(strip=True))
            node.decompose()
    return removed


def html_to_text(markup: str) -> tuple[str, int]:
    """A fragment as plain text, and how many pieces of hidden text were left out."""
    tree = LexborHTMLParser(markup)
    removed = strip_hidden(tree)
    return node_to_text(tree.body), removed


def node_to_text(node: LexborNode | None) -> str:
    """The text below a node: a line a block, list items with a dash."""
    return clean("\n".join(_lines(node))) if node is not None else ""


def clean(text: str) -> str:
    """Readable, storable plain text: NFC, no unseen characters, no runs of blanks or lines."""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.splitlines())
    joined = "\n".join(line for line in lines if line != "-")
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


def one_line(text: str) -> str:
    """`clean`, without line breaks: for names and titles."""
    return " ".join(clean(text).split())


def _inner_first(tree: LexborHTMLParser, selector: str) -> Iterator[LexborNode]:
    # A node inside a removed one is gone with it and must not be touched any more.
    return reversed(tree.css(selector))


def _lines(root: LexborNode) -> list[str]:
    """The lines below a node in document order; no recursion, pages nest as deep as they like."""
    lines = [""]
    todo: list[LexborNode | str] = [root]
    while todo:
        node = todo.pop()
        tag = None if isinstance(node, str) else node.tag
        if isinstance(node, str):
            _append(lines, node)
        elif tag == "-text":
            lines[-1] += re.sub(r"\s+", " ", node.text(deep=False) or "")
        elif tag == "pre":
            lines += ["", *node.text().splitlines(), ""]
        else:
            if tag == "br" or tag in _BLOCKS:
                _append(lines, _BREAK)
            if tag == "li":
                lines[-1] = "- "
            if tag in _BLOCKS:
                todo.append(_BREAK)
            elif tag in {"td", "th"}:
                todo.append(" ")
            todo.extend(reversed(list(node.iter(include_text=True))))
    return lines


def _append(lines: list[str], piece: str) -> None:
    if piece != _BREAK:
        lines[-1] += piece
    elif lines[-1].strip() not in {"", "-"}:
        lines.append("")
