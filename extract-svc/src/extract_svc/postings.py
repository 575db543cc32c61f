"""From a page or pasted text to a posting: the JSON-LD, else the page's text."""

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser

from extract_svc.board_postings import posting_from_board
from extract_svc.boards import BoardPosting
from extract_svc.charsets import decoded
from extract_svc.firecrawl_wire import Scraped, posting_of
from extract_svc.jsonld import SeveralPostingsError, posting_from_json_ld
from extract_svc.readable import (
    MINIMUM,
    asks_for_login,
    is_list_of_postings,
    is_login_wall,
    posting_from_page,
    says_gone,
)
from extract_svc.text import clean, node_to_text, one_line, strip_hidden
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import POSTING_LIMIT, Field, Posting, Source
from resume_core.written import written_in
from resume_outbound.fetch import Page

#: Pasted by a person, a shorter text is still likely to be meant.
_MINIMUM_PASTED: Final = MINIMUM // 2
#: Where a company is stated as such, and not only a site named.
_STATED: Final = frozenset({Source.BOARD, Source.JSON_LD})


class PostingError(Exception):
    """A posting cannot be had; `code` and `message` are for the user and quote nothing."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(code)
        self.code = code
        self.message = message


def posting_from_fetched(page: Page, *, company: str | None) -> Posting:
    """Read a fetched page. It may take long and much memory: `pages.PageReaders` bounds both.

    Raises:
        PostingError: it is no page, a log-in wall or a list, has too little text, or too much.
    """
    if page.content_type == "application/json":
        raise PostingError(
            ErrorCode.POSTING_NOT_HTML,
            "The address gives data for programs, not a page. Paste the posting's text instead.",
        )
    markup = decoded(page)
    if page.content_type == "text/plain":
        posting = _from_text(markup, Source.PAGE_TEXT)
    else:
        posting = _from_html(LexborHTMLParser(markup), page)
    if posting is None:
        raise PostingError(
            ErrorCode.POSTING_EMPTY,
            "The page shows too little text to be a job posting. Paste the posting's text instead.",
        )
    located = posting.model_copy(update={"url": page.url, "final_url": page.final_url})
    return _finished(located, company)


def posting_from_board_answer(page: Page, wanted: BoardPosting, *, company: str | None) -> Posting:
    """Read a job board's JSON.

    Raises:
        PostingError: the posting is not in it, or has too much text.
    """
    posting = posting_from_board(page.body, wanted.kind, wanted.job_id)
    if posting is None:
        raise PostingError(ErrorCode.POSTING_NOT_FOUND, "The job board does not list this posting.")
    return _finished(posting, company)


def posting_from_scraped(data: Scraped, *, company: str | None) -> Posting | None:
    """Read what a scraper found; None: too little text.

    Raises:
        PostingError: the site refused the scraper, or shows a log-in or that the posting is gone.
    """
    status = data.metadata.status_code or 200
    posting = posting_of(data, minimum=MINIMUM)
    if status in {404, 410} or (posting is not None and says_gone(posting.text)):
        raise PostingError(ErrorCode.POSTING_NOT_FOUND, "This posting is gone.")
    if status >= 400 or (posting is not None and asks_for_login(posting.text)):
        raise PostingError(ErrorCode.POSTING_UNREACHABLE, "The site does not show this posting.")
    return None if posting is None else _finished(posting, company)


def as_rendered(posting: Posting) -> Posting:
    """The posting, had by rendering its page; what structured data stated is still that."""
    fields: dict[str, object] = {
        name: value.model_copy(update={"source": Source.RENDERED})
        for name in Posting.model_fields
        if isinstance(value := getattr(posting, name), Field) and value.source is Source.PAGE_TEXT
    }
    return posting.model_copy(update=fields | {"route": Source.RENDERED})


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
    return _finished(posting, company)


def _from_html(tree: LexborHTMLParser, page: Page) -> Posting | None:
    language = _language(tree)
    structured = _structured(tree, page)
    removed = strip_hidden(tree)
    if structured is None and is_login_wall(tree):
        raise PostingError(
            ErrorCode.POSTING_FORBIDDEN,
            "The page asks for a log-in. Open it yourself and paste the posting's text instead.",
        )
    if structured is None and says_gone(node_to_text(tree.body)):
        raise PostingError(ErrorCode.POSTING_NOT_FOUND, "The page says that this posting is gone.")
    if structured is None and is_list_of_postings(tree):
        raise _several()
    posting = structured or posting_from_page(tree)
    if posting is None:
        return None
    removed += posting.hidden_removed
    return posting.model_copy(update={"language": language, "hidden_removed": removed})


def _structured(tree: LexborHTMLParser, page: Page) -> Posting | None:
    try:
        return posting_from_json_ld(tree, minimum=MINIMUM, url=page.final_url, now=page.fetched_at)
    except SeveralPostingsError:
        raise _several() from None


def _several() -> PostingError:
    return PostingError(
        ErrorCode.POSTING_AMBIGUOUS,
        "The page lists several postings. Give the address of the one you mean.",
    )


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


def _finished(posting: Posting, company: str | None) -> Posting:
    """The posting as it is delivered, by whatever route it came.

    Raises:
        PostingError: it has too much text.
    """
    language = written_in(posting.text, posting.language)
    return _capped(_named(posting.model_copy(update={"language": language}), company))


def _named(posting: Posting, company: str | None) -> Posting:
    """The user's word on the company's name counts, but for where structured data states it."""
    company = one_line(company or "")
    if not company or (posting.company is not None and posting.company.source in _STATED):
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
