"""How long to wait before the next attempt (playbook 3.3)."""

import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: A provider may not silence us for longer than this at a time, seconds.
LONGEST_PAUSE_S = 120.0
#: A 429 whose time is over already pauses for this long: without it, calls that are told to wait
#: for nothing would follow one another as fast as the provider answers.
SHORTEST_PAUSE_S = 1.0


def backoff(attempt: int, rng: random.Random) -> float:
    """Seconds to wait after the `attempt`-th failed attempt (1, 2, …).

    `2 ** (attempt - 1) * (1 + u)` with `u` uniform in [-0.5, 0.5]: 1 s ± 0.5, 2 s ± 1, 4 s ± 2.
    """
    return float(2 ** (attempt - 1)) * rng.uniform(0.5, 1.5)


def pause(retry_after: float | None, attempt: int, rng: random.Random) -> float:
    """Seconds all callers pause after a 429: what the provider asked for, else `backoff`.

    Up to 10 % (at most 1 s) is added, never taken away, so that several processes do not come back
    in the same instant; it is between `SHORTEST_PAUSE_S` and `LONGEST_PAUSE_S`.
    """
    if retry_after is None:
        return backoff(attempt, rng)
    wanted = min(max(retry_after, SHORTEST_PAUSE_S), LONGEST_PAUSE_S)
    return wanted + rng.uniform(0.0, min(0.1 * wanted, 1.0))


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds a response asks to wait: `retry-after-ms`, else `Retry-After` (RFC 9110, 10.2.3).

    An HTTP date is measured against the response's own `Date` when it has one, so that the two
    clocks need not agree. None when there is no such header or it makes no sense.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None:
        return seconds
    until = _http_date(value)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(headers.get("date")) or now)).total_seconds())


def should_retry(headers: Mapping[str, str]) -> bool | None:
    """The provider's own word (`x-should-retry`), None when it says nothing."""
    return {"true": True, "false": False}.get(headers.get("x-should-retry", "").lower())


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _http_date(value: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):  # a year or an offset that no clock has
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
