"""From a page or pasted text to a posting: the first route that yields enough text wins."""

import codecs
import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from extract_svc.jsonld import posting_from_json_ld
from extract_svc.readable import MINIMUM, is_login_wall, posting_from_page
from extract_svc.text import clean, one_line, strip_hidden
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import POSTING_LIMIT, Field, Posting, Source
from resume_outbound.fetch import Page

#: Pasted by a person, a shorter text is still likely to be meant.
_MINIMUM_PASTED: Final = MINIMUM // 2
_META_CHARSET = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w-]{1,40})""", re.IGNORECASE
)
#: Python's names of character sets; `codecs` also knows things that are none.
_PAGE_CODEC = re.compile(
    r"utf-8(-sig)?|utf-16(-[bl]e)?|cp\d+|iso8859-\d+|koi8-[ru]|gb\w+|big5\w*|euc_\w+|shift_\w+"
)
_SNIFFED: Final = 1024


class PostingError(Exception):
    """A posting cannot be had; `code` and `message` are for the user and quote nothing."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def posting_from_fetched(page: Page, *, company: str | None) -> Posting:
    """Read a fetched page. It may take long and much memory: `pages.PageReaders` bounds both.

    Raises:
        PostingError: it is no page, a log-in wall, has too little text, or too much.
    """
    if page.content_type == "application/json":
        raise PostingError(
            ErrorCode.POSTING_NOT_HTML,
            "The address gives data for programs, not a page. Paste the posting's text instead.",
        )
    markup = _decoded(page)
    if page.content_type == "text/plain":
        posting = _from_text(markup, Source.PAGE_TEXT)
    else:
        posting = _from_html(LexborHTMLParser(markup))
    if posting is None:
        raise PostingError(
            ErrorCode.POSTING_EMPTY,
            "The page shows too little text to be a job posting. Paste the posting's text instead.",
        )
    located = posting.model_copy(update={"url": page.url, "final_url": page.final_url})
    return _capped(_named(located, company))


def posting_from_text(text: str, *, company: str | None) -> Posting:
    """Read pasted text: its first line is the title when it looks like one.

    Raises:
        PostingError: too little or too much text.
    """
    posting = _from_text(text, Source.PASTED)
    if posting is None:
        raise PostingError(
            ErrorCode.POSTING_EMPTY, "The pasted text is too short to be a job posting."
        )
    return _capped(_named(posting, company))


def _from_html(tree: LexborHTMLParser) -> Posting | None:
    language = _language(tree)
    structured = posting_from_json_ld(tree, minimum=MINIMUM)
    removed = strip_hidden(tree)
    if structured is None and is_login_wall(tree):
        raise PostingError(
            ErrorCode.POSTING_FORBIDDEN,
            "The page asks for a log-in. Open it yourself and paste the posting's text instead.",
        )
    posting = structured or posting_from_page(tree)
    if posting is None:
        return None
    removed += posting.hidden_removed
    return posting.model_copy(update={"language": language, "hidden_removed": removed})


def _from_text(text: str, source: Source) -> Posting | None:
    text = clean(text)
    if len(text) < _MINIMUM_PASTED:
        return None
    first = text.splitlines()[0].lstrip("#* ").strip()
    title = None
    if first and len(first) <= 120 and not first.endswith((".", ":", "!", "?")):
        start = text.index(first)
        title = Field(value=first, source=source, span=(start, start + len(first)))
    return Posting(text=text, title=title, route=source)


def _decoded(page: Page) -> str:
    """The body as text: byte order mark, header, `<meta>`, else UTF-8 (WHATWG Encoding, 10.1)."""
    body = page.body
    for mark, codec_of_mark in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16")):
        if body.startswith(mark):
            return body.decode(codec_of_mark, errors="replace")
    meta = _META_CHARSET.search(body[:_SNIFFED])
    names = [page.charset or "", meta[1].decode("ascii") if meta else ""]
    known = (codec for codec in map(_text_codec, names) if codec)
    return body.decode(next(known, "utf-8"), errors="replace")


def _text_codec(name: str) -> str | None:
    """A character set by the name a page gives it; None when it is not one that pages use."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    if codec in {"iso8859-1", "ascii"}:
        return "cp1252"  # what browsers read under these names
    return codec if _PAGE_CODEC.fullmatch(codec) else None


def _named(posting: Posting, company: str | None) -> Posting:
    """The user's word on the company's name counts, but for where structured data states it."""
    company = one_line(company or "")
    if not company or (posting.company is not None and posting.route is Source.JSON_LD):
        return posting
    return posting.model_copy(update={"company": Field(value=company, source=Source.PASTED)})


def _capped(posting: Posting) -> Posting:
    if len(posting.model_dump_json().encode()) > POSTING_LIMIT:
        raise PostingError(
            ErrorCode.POSTING_TOO_LARGE,
            f"The posting is longer than {POSTING_LIMIT // 1024} KiB. Paste its essential part.",
        )
    return posting


def _language(tree: LexborHTMLParser) -> str | None:
    root = tree.css_first("html")
    value = (root.attributes.get("lang") or "") if root is not None else ""
    found = re.match(r"[A-Za-z]{2,3}(?![A-Za-z])", value)
    return found[0].lower() if found else None
