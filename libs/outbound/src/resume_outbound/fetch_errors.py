"""Why a page was not fetched."""

from typing import Literal

FetchCode = Literal[
    "url_invalid",
    "url_not_allowed",
    "posting_unreachable",
    "posting_not_found",
    "posting_forbidden",
    "posting_too_large",
    "posting_not_html",
    "posting_server_error",
    "too_many_redirects",
]


class FetchRefusedError(Exception):
    """A user's URL gave no page.

    `code` is stable; `message` is for people and never has the URL or the page's text in it;
    `retryable` says whether fetching again may help.
    """

    def __init__(self, code: FetchCode, message: str, *, retryable: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code: FetchCode = code
        self.message = message
        self.retryable = retryable
