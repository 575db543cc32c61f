"""How long a stored answer is good: a pure function of its age."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class State(StrEnum):
    """What a stored answer is good for."""

    FRESH = "fresh"
    #: Served at once, and asked anew in the background.
    STALE = "stale"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Freshness:
    """`fresh` from the answer on, then `stale`; "nothing is known" is fresh for `nothing` only."""

    fresh: timedelta
    stale: timedelta
    nothing: timedelta = timedelta(days=1)

    @property
    def longest(self) -> timedelta:
        """How long an answer is good for anything."""
        return self.fresh + self.stale

    def state(self, age: timedelta, *, is_known: bool) -> State:
        """What an answer of this age is good for; one from another clock's future is fresh."""
        if not is_known:
            return State.FRESH if age < min(self.nothing, self.fresh) else State.EXPIRED
        if age < self.fresh:
            return State.FRESH
        return State.STALE if age < self.longest else State.EXPIRED
