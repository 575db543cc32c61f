"""Requests per user and kind, counted in this process.

A token bucket per (user, kind): as many requests at once as the limit allows in its window, then
as they refill. Each edge process counts for itself, so behind n of them a user may do n times as
much; a shared count comes with the shared cache.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from uuid import UUID

from resume_runtime.clock import Clock
from resume_runtime.errors import ProblemError

#: Users remembered at once; the longest unseen is forgotten (and may start anew).
REMEMBERED = 50_000


class Kind(StrEnum):
    """What is counted apart."""

    WRITES = "writes"
    READS = "reads"
    STATUS = "status"
    TAILOR = "tailor"
    COVER_LETTERS = "cover-letters"
    INTERVIEW_PREP = "interview-prep"
    CAREER_PATH = "career-path"
    UPLOADS = "uploads"
    POSTINGS = "postings"
    EXPORTS = "exports"


@dataclass(frozen=True, slots=True)
class Limit:
    """`requests` in `window_s` seconds."""

    requests: int
    window_s: int


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimiter:
    """Counts, refuses, and words the `RateLimit` headers (draft-ietf-httpapi-ratelimit-headers)."""

    def __init__(self, limits: Mapping[Kind, Limit], clock: Clock) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: OrderedDict[tuple[UUID, Kind], _Bucket] = OrderedDict()

    def take(self, user_id: UUID, kind: Kind) -> dict[str, str]:
        """Count one request; return the headers its answer carries.

        Raises:
            ProblemError: 429 with `Retry-After` when the limit is reached.
        """
        limit = self._limits[kind]
        bucket = self._bucket(user_id, kind, limit)
        if bucket.left < 1:
            wait = ceil((1 - bucket.left) * limit.window_s / limit.requests)
            raise ProblemError(
                429,
                "rate_limited",
                "Too many requests",
                f"At most {limit.requests} requests of this kind in {limit.window_s} seconds.",
                retryable=True,
                headers={**_headers(kind, limit, bucket), "Retry-After": str(wait)},
            )
        bucket.left -= 1
        return _headers(kind, limit, bucket)

    def give_back(self, user_id: UUID, kind: Kind) -> None:
        """Count one request less: it turned out to be free."""
        limit = self._limits[kind]
        bucket = self._bucket(user_id, kind, limit)
        bucket.left = min(limit.requests, bucket.left + 1)

    def limit(self, kind: Kind) -> Limit:
        """How much of a kind there may be."""
        return self._limits[kind]

    def left(self, user_id: UUID, kind: Kind) -> int:
        """How many requests would be let through at once, now."""
        return int(self._bucket(user_id, kind, self._limits[kind]).left)

    def _bucket(self, user_id: UUID, kind: Kind, limit: Limit) -> _Bucket:
        now = self._clock.monotonic()
        bucket = self._buckets.pop((user_id, kind), None) or _Bucket(limit.requests, now)
        refill = (now - bucket.at) * limit.requests / limit.window_s
        bucket.left = min(limit.requests, bucket.left + refill)
        bucket.at = now
        self._buckets[user_id, kind] = bucket
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket


def _headers(kind: Kind, limit: Limit, bucket: _Bucket) -> dict[str, str]:
    full_in = ceil((limit.requests - bucket.left) * limit.window_s / limit.requests)
    return {
        "RateLimit-Policy": f'"{kind}";q={limit.requests};w={limit.window_s}',
        "RateLimit": f'"{kind}";r={int(bucket.left)};t={full_in}',
    }
