"""The page's own readable text: the route for pages that state no structured data."""

import re

import trafilatura
from selectolax.lexbor import LexborHTMLParser

from extract_svc.text import clean, node_to_text, one_line
from resume_contracts.facts import Field, Posting, Source

#: Less text than this is no posting (characters).
MINIMUM = 200
#: What applicant tracking systems write in the place of a removed posting.
_GONE = re.compile(
    r"\b(?:job|position|posting|vacancy|role|opening)\b[^.!?\n]{0,60}?"
    r"\b(?:no longer|not) (?:available|open|active|accepting)"
    r"|\bno longer accepting applications\b"
    r"|\b(?:job|position|posting|vacancy|role)\b[^.!?\n]{0,30}?\b(?:has|was) (?:been )?"
    r"(?:filled|closed|expired|removed)"
    r"|\b(?:stelle|stellenanzeige)\b[^.!?\n]{0,40}?\bnicht mehr (?:verf\u00fcgbar|ausgeschrieben)"
    r"|\boffre\b[^.!?\n]{0,40}?\bn['\u2019]est plus disponible",
    re.IGNORECASE,
)

_LIST = re.compile(
    r"(?:all |our |current )?(?:open (?:positions|roles|jobs)|openings|job openings|vacancies)"
    r"|(?:unsere )?(?:offene[n]? stellen|stellenangebote)|(?:nos )?offres d['\u2019]emploi",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"\b(?:sign in|log ?in|anmelden|einloggen|connectez-vous)\b", re.IGNORECASE)


def posting_from_page(tree: LexborHTMLParser) -> Posting | None:
    """Main text and stated title of a page whose hidden content is gone; None: too little text."""
    main = trafilatura.extract(tree.html or "", include_comments=False, favor_recall=True) or ""
    text = clean(main)
    if len(text) < MINIMUM:
        text = node_to_text(tree.body)
    if len(text) < MINIMUM:
        return None
    return Posting(
        text=text,
        title=_field(_title(tree), text),
        company=_field(_meta(tree, "og:site_name"), text),
        route=Source.PAGE_TEXT,
    )


def is_login_wall(tree: LexborHTMLParser) -> bool:
    """A page that asks for a password instead of showing anything to read."""
    if tree.css_first('input[type="password" i]') is None:
        return False
    return len(node_to_text(tree.body)) < 4 * MINIMUM


def is_list_of_postings(tree: LexborHTMLParser) -> bool:
    """A page whose own heading says that it lists postings, with several headings below."""
    heading = tree.css_first("h1")
    if heading is None or not _LIST.fullmatch(one_line(heading.text(separator=" "))):
        return False
    return len(tree.css("h2, h3")) > 1


def says_gone(text: str) -> bool:
    """A short page that says, with status 200, that the posting is no longer there."""
    return len(text) < 4 * MINIMUM and _GONE.search(text) is not None


def asks_for_login(text: str) -> bool:
    """A short page that speaks of signing in, where its form cannot be seen any more."""
    return len(text) < 4 * MINIMUM and _LOGIN.search(text) is not None


def _title(tree: LexborHTMLParser) -> str | None:
    heading = tree.css_first("h1")
    if heading is not None and (text := one_line(heading.text(separator=" "))):
        return text[:200]
    if stated := _meta(tree, "og:title"):
        return stated[:200]
    node = tree.css_first("title")
    return (one_line(node.text()) if node is not None else "")[:200] or None


def _meta(tree: LexborHTMLParser, name: str) -> str | None:
    node = tree.css_first(f'meta[property="{name}"]')
    value = node.attributes.get("content") if node is not None else None
    return one_line(value)[:200] if value else None


def _field(value: str | None, text: str) -> Field | None:
    if not value:
        return None
    start = text.find(value)
    span = (start, start + len(value)) if start >= 0 else None
    return Field(value=value, source=Source.PAGE_TEXT, span=span)
