"""Which job board an address belongs to, and which of its postings it names.

Address forms: developers.greenhouse.io/job-board.html, github.com/lever/postings-api,
developers.ashbyhq.com (public job posting API).
"""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs, urlsplit

BoardKind = Literal["greenhouse", "lever", "lever_eu", "ashby"]

_BOARD = r"([A-Za-z0-9][A-Za-z0-9_.-]{0,99})"
_UUID = r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
_NUMBER = re.compile(r"\d{1,20}")
_GREENHOUSE_PATH = re.compile(rf"/{_BOARD}/jobs/(\d{{1,20}})/?")
_GREENHOUSE_HOSTS = (
    "boards.greenhouse.io",
    "boards.eu.greenhouse.io",
    "job-boards.greenhouse.io",
    "job-boards.eu.greenhouse.io",
)
#: (hosts, path of a posting, kind) of each board.
_ADDRESSES: tuple[tuple[tuple[str, ...], re.Pattern[str], BoardKind], ...] = (
    (_GREENHOUSE_HOSTS, _GREENHOUSE_PATH, "greenhouse"),
    (("jobs.lever.co",), re.compile(rf"/{_BOARD}/{_UUID}(?:/apply)?/?"), "lever"),
    (("jobs.eu.lever.co",), re.compile(rf"/{_BOARD}/{_UUID}(?:/apply)?/?"), "lever_eu"),
    (("jobs.ashbyhq.com",), re.compile(rf"/{_BOARD}/{_UUID}(?:/application)?/?"), "ashby"),
)
#: How a company's own page embeds its Greenhouse board.
_EMBEDDED = re.compile(
    rb"/embed/job_(?:board|app)(?:/js)?\?(?:[^\"'<>\s]{0,200}?&(?:amp;)?)?for=([\w-]{1,100})"
)


@dataclass(frozen=True, slots=True)
class BoardPosting:
    """One posting of one board. `board` and `job_id` are safe in a path."""

    kind: BoardKind
    board: str
    job_id: str


def board_posting(url: str) -> BoardPosting | None:
    """The posting that an address of a board's own site names."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removesuffix(".")
    for hosts, path, kind in _ADDRESSES:
        if host in hosts and (found := path.fullmatch(parts.path)):
            return BoardPosting(kind, found[1], found[2].lower())
    if host in _GREENHOUSE_HOSTS and parts.path.startswith("/embed/job_app"):
        query = parse_qs(parts.query)
        board, job_id = query.get("for", [""])[0], query.get("token", [""])[0]
        if re.fullmatch(r"[\w-]{1,100}", board) and _NUMBER.fullmatch(job_id):
            return BoardPosting("greenhouse", board, job_id)
    return None


def embedded_id(url: str) -> str | None:
    """The id of the Greenhouse posting that a company's own page shows (`?gh_jid=`)."""
    value = parse_qs(urlsplit(url).query).get("gh_jid", [""])[0]
    return value if _NUMBER.fullmatch(value) else None


def embedded_posting(body: bytes, job_id: str) -> BoardPosting | None:
    """The posting behind `?gh_jid=`, by the board that the page's markup embeds."""
    found = _EMBEDDED.search(body)
    return BoardPosting("greenhouse", found[1].decode("ascii"), job_id) if found else None
