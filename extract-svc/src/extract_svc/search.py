"""One posting being looked for: what was tried, found, refused and paid so far."""

from dataclasses import dataclass, field
from typing import Final

from extract_svc.boards import BoardPosting
from extract_svc.postings import PostingError
from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting, RouteOutcome, RouteTried, Source
from resume_contracts.messages import Usage
from resume_messaging.core.ports import StageContext
from resume_outbound.fetch import Page
from resume_outbound.fetch_errors import FetchRefusedError

Refusal = PostingError | FetchRefusedError

#: What no other route can mend: it is the address's news.
_FINAL_REFUSALS: Final = frozenset({"url_invalid", "url_not_allowed", "posting_not_found"})
#: As said by the page itself: a log-in wall, a list of postings, "no longer available".
_FINAL_ERRORS: Final = frozenset(
    {ErrorCode.POSTING_FORBIDDEN, ErrorCode.POSTING_AMBIGUOUS, ErrorCode.POSTING_NOT_FOUND}
)
#: A route that may be open again when the same is asked later.
_PASSING: Final = frozenset({RouteOutcome.UNAVAILABLE, RouteOutcome.FAILED})


class SkippedError(Exception):
    """A route was not taken, or not to its end; the next one is."""

    def __init__(self, outcome: RouteOutcome, code: str | None = None) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.code = code


@dataclass(frozen=True, slots=True)
class Extraction:
    """The posting, or why there is none, and what the way to it cost.

    `is_degraded`: a better route could not be taken just now.
    """

    posting: Posting | None
    refusal: Refusal | None
    routes: tuple[RouteTried, ...]
    usage: tuple[Usage, ...]
    is_degraded: bool


@dataclass(slots=True)
class Search:
    """The state of one search. `detour_ends`: monotonic seconds, for all but our own fetch."""

    url: str
    company: str | None
    context: StageContext
    detour_ends: float
    #: What our own fetch came to.
    fetched: Page | FetchRefusedError | None = None
    #: The board says that it has no such posting.
    off_board: BoardPosting | None = None
    #: Read from the page's text, or without a title: taken when nothing better comes.
    second_best: list[Posting] = field(default_factory=list)
    refusal: Refusal | None = None
    tried: dict[Source, RouteTried] = field(default_factory=dict)
    usage: list[Usage] = field(default_factory=list)

    def note(self, route: Source, outcome: RouteOutcome, code: str | None = None) -> None:
        """Remember what came of a route."""
        self.tried[route] = RouteTried(route=route, outcome=outcome, code=code)

    def refuse(self, error: Refusal) -> bool:
        """Remember a refusal: the first is told, unless a final one comes. Whether it is final."""
        if isinstance(error, PostingError):
            is_final = error.code in _FINAL_ERRORS
        else:
            is_final = error.code in _FINAL_REFUSALS
        if is_final or self.refusal is None:
            self.refusal = error
        return is_final

    def ended(self, posting: Posting | None) -> Extraction:
        """The search's end, with or without a posting."""
        if posting is not None:
            self.note(posting.route, RouteOutcome.USED)
        routes = tuple(self.tried.values())
        if posting is not None:
            posting = posting.model_copy(
                update={
                    "url": self.url,
                    "final_url": posting.final_url or self.url,
                    "routes": routes,
                }
            )
        is_lesser = posting is None or posting.route is Source.PAGE_TEXT
        missed = any(tried.outcome in _PASSING for tried in routes)
        return Extraction(
            posting,
            None if posting is not None else self.refusal,
            routes,
            tuple(self.usage),
            is_lesser and missed,
        )
