"""What a page says, as a scraping service reads it: Markdown, metadata and JSON-LD."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

_HEADINGS: Final = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_BLOCKS: Final = frozenset({*_HEADINGS, "p", "li", "ul", "ol", "div", "main", "form", "label"})
_SILENT: Final = frozenset({"script", "style", "title", "template"})
_ASIDE: Final = frozenset({"nav", "footer", "header", "aside"})
_VOID: Final = frozenset({"br", "meta", "link", "img", "input", "hr"})
_CHARSET: Final = re.compile(rb"<meta[^>]+charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_MARK: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(slots=True)
class PageText:
    """A page that has been read."""

    title: str = ""
    language: str | None = None
    site: str | None = None
    heading: str = ""
    markdown: str = ""
    asks_for_password: bool = False
    bullets: list[str] = field(default_factory=list)
    json_ld: list[Any] = field(default_factory=list)

    @property
    def job_posting(self) -> dict[str, Any] | None:
        """The first JSON-LD `JobPosting`, however deep; None: there is none."""
        return next(_postings(self.json_ld), None)


def decode(body: bytes, content_type: str) -> str:
    """A page's text, by byte order mark, header, the page's own word, or UTF-8."""
    for mark, charset in _MARK.items():
        if body.startswith(mark):
            return body.decode(charset, errors="replace")
    _, _, named = content_type.partition("charset=")
    found = _CHARSET.search(body[:2048])
    charset = named.strip() or (found[1].decode() if found else "utf-8")
    return body.decode(charset, errors="replace")


def read_page(html: str, *, only_main: bool) -> PageText:
    """Read a page; `only_main` leaves navigation, header and footer out."""
    reader = _Reader(only_main=only_main)
    reader.feed(html)
    reader.close()
    return reader.finish()


def _postings(node: Any) -> Any:
    if isinstance(node, list):
        for child in node:
            yield from _postings(child)
    if isinstance(node, dict):
        kinds = node.get("@type")
        if kinds == "JobPosting" or (isinstance(kinds, list) and "JobPosting" in kinds):
            yield node
        for child in node.values():
            yield from _postings(child)


class _Reader(HTMLParser):
    def __init__(self, *, only_main: bool) -> None:
        super().__init__()
        self._page = PageText()
        self._skip = _ASIDE if only_main else frozenset()
        self._open: list[str] = []
        self._lines: list[str] = []
        self._line = ""
        self._prefix = ""
        self._script: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "html":
            self._page.language = found.get("lang")
        if tag == "meta" and found.get("property") == "og:site_name":
            self._page.site = found.get("content")
        if tag == "input" and found.get("type") == "password":
            self._page.asks_for_password = True
        if tag == "script" and found.get("type") == "application/ld+json":
            self._script = ""
        if tag in _BLOCKS:
            self._end_line()
            self._prefix = _HEADINGS.get(tag, "- " if tag == "li" else "")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_line()
        if tag == "script" and self._script is not None:
            self._read_json_ld(self._script)
            self._script = None
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._script is not None:
            self._script += data
        if "title" in self._open:
            self._page.title += data
        hidden = _SILENT.intersection(self._open) or self._skip.intersection(self._open)
        if not hidden:
            self._line += data

    def finish(self) -> PageText:
        self._end_line()
        self._page.markdown = "\n\n".join(self._lines)
        return self._page

    def _end_line(self) -> None:
        text = " ".join(self._line.split())
        if text:
            self._lines.append(self._prefix + text)
            if self._prefix == "- ":
                self._page.bullets.append(text)
            if self._prefix == "# " and not self._page.heading:
                self._page.heading = text
        self._line = self._prefix = ""

    def _read_json_ld(self, text: str) -> None:
        try:
            self._page.json_ld.append(json.loads(text.replace("<!--", "").replace("-->", "")))
        except ValueError:
            return  # a page may say anything here; what it shows is read all the same
