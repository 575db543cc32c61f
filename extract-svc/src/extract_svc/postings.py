"""From a page or pasted text to a posting: the first route that yields title and text wins."""

from selectolax.lexbor import LexborHTMLParser

from extract_svc.jsonld import posting_from_json_ld
from extract_svc.readable import MINIMUM, is_login_wall, posting_from_page
from extract_svc.text import clean, strip_hidden
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import POSTING_LIMIT, Field, Posting, Source
from resume_outbound.fetch import Page


class PostingError(Exception):
    """A posting cannot be had; `code` and `message` are for the user."""

    def __init__(self, code: ErrorCode, message: str, *, retryable: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.retryable = retryable


def posting_from_fetched(page: Page, *, company: str | None) -> Posting:
    """Read a fetched page.

    Raises:
        PostingError: it is a log-in wall, has too little text, or too much.
    """
    markup = page.body.decode(page.charset or "utf-8", errors="replace")
    if page.content_type == "text/plain":
        return _finish(posting_from_text(markup, company=company), page, removed=0, company=company)
    tree = LexborHTMLParser(markup)
    structured = posting_from_json_ld(tree)
    language = _language(tree)
    removed = strip_hidden(tree)
    posting = structured or posting_from_page(tree, tree.html or "")
    if structured is None and is_login_wall(tree):
        raise PostingError(
            ErrorCode.POSTING_FORBIDDEN,
            "The page asks for a log-in. Open it yourself and paste the posting's text instead.",
        )
    if posting is None:
        raise PostingError(
            ErrorCode.POSTING_EMPTY,
            "The page shows too little text to be a job posting. Paste the posting's text instead.",
        )
    posting = posting.model_copy(update={"language": language})
    return _finish(posting, page, removed=removed, company=company)


def posting_from_text(text: str, *, company: str | None) -> Posting:
    """Read pasted text: its first line is the title when it looks like one.

    Raises:
        PostingError: too little or too much text.
    """
    text = clean(text)
    if len(text) < MINIMUM // 2:
        raise PostingError(
            ErrorCode.POSTING_EMPTY, "The pasted text is too short to be a job posting."
        )
    first = text.splitlines()[0].lstrip("#* ").strip()
    title = None
    if len(first) <= 120 and not first.endswith((".", ":", "!", "?")):
        start = text.index(first)
        title = Field(value=first, source=Source.PASTED, span=(start, start + len(first)))
    posting = Posting(text=text, title=title, route=Source.PASTED)
    return _named(_capped(posting), company)


def _finish(posting: Posting, page: Page, *, removed: int, company: str | None) -> Posting:
    found = posting.model_copy(
        update={"url": page.url, "final_url": page.final_url, "hidden_removed": removed}
    )
    return _named(_capped(found), company)


def _named(posting: Posting, company: str | None) -> Posting:
    """The user's word on the company's name counts where the posting does not state it."""
    if company is None or posting.company is not None:
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
    return value.split("-")[0].lower() or None
