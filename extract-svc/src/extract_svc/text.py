"""HTML to the text a person would read, hidden content left out and counted."""

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

_BLOCKS = {
    *("p", "div", "section", "article", "header", "footer", "main", "ul", "ol", "table", "tr"),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "hr",
        "blockquote",
        "pre",
        "dl",
        "dt",
        "dd",
        "form",
    ),
}
_INVISIBLE = "script, style, template, noscript, svg, iframe, object, [hidden], [aria-hidden=true]"
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(\.0+)?\s*(;|$)|font-size\s*:\s*0|"
    r"(left|top|text-indent)\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
#: Zero-width and direction-changing characters carry hidden text past a reader.
_ZERO_WIDTH = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]"
)


def strip_hidden(tree: LexborHTMLParser) -> int:
    """Remove what a reader of the page does not see; return how many pieces held text."""
    removed = 0
    for node in tree.css(_INVISIBLE):
        hides_text = node.tag not in {"script", "style", "svg"} and bool(node.text(strip=True))
        removed += hides_text
        node.decompose()
    for node in tree.css("[style]"):
        if _HIDING.search(node.attributes.get("style") or ""):
            removed += bool(node.text(strip=True))
            node.decompose()
    return removed


def html_to_text(markup: str) -> str:
    """A fragment as plain text: a line a block, list items with a dash."""
    tree = LexborHTMLParser(markup)
    strip_hidden(tree)
    return node_to_text(tree.body)


def node_to_text(node: LexborNode | None) -> str:
    """The text below a node: a line a block, list items with a dash."""
    if node is None:
        return ""
    parts: list[str] = []
    for child in node.traverse(include_text=True):
        if child.tag == "-text":
            parts.append(re.sub(r"\s+", " ", child.text(deep=False) or ""))
        elif child.tag == "li":
            parts.append("\n- ")
        elif child.tag in _BLOCKS:
            parts.append("\n")
    return clean("".join(parts))


def clean(text: str) -> str:
    """Readable plain text: NFC, no zero-width characters, no runs of blank lines or spaces."""
    text = _ZERO_WIDTH.sub("", unicodedata.normalize("NFC", text))
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.splitlines())
    joined = "\n".join(line for line in lines if line != "-")
    return re.sub(r"\n{3,}", "\n\n", joined).strip()
