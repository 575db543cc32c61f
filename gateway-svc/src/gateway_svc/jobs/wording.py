"""What a person reads about a job, worded when it is read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway_svc.jobs.model import JobRow, Status
from resume_contracts.messages import ProviderStateKind
from resume_contracts.workflows import STAGES, Engine, provider_of

#: How providers are called by people.
NAMES = {
    "openai": "OpenAI",
    "perplexity": "Perplexity",
    "firecrawl": "Firecrawl",
    "playwright": "the browser",
}

#: A state this old is of a process that is no more.
STALE = timedelta(seconds=120)

_FIXED = {Status.COMPLETED: "Done", Status.CANCELLED: "Cancelled"}
_RETRYING = 2
_SUCCEEDED = 3


@dataclass(frozen=True, slots=True)
class ProviderWait:
    """A provider that cannot be called now, as one process saw it."""

    provider: str
    state: ProviderStateKind
    until: datetime | None
    occurred_at: datetime

    def is_current(self, now: datetime) -> bool:
        """Whether it still says something."""
        return (self.until or self.occurred_at) > now - STALE


def current_stage(row: JobRow) -> str | None:
    """The stage the job is at or stands in line for; None when it is over."""
    if row.is_over:
        return None
    index, _, n = row.position
    index = max(index, 0) + (1 if n == _SUCCEEDED else 0)
    return row.slip[min(index, len(row.slip) - 1)]


def current_provider(row: JobRow, engine: Engine) -> str | None:
    """The provider that the current stage cannot do without."""
    stage = current_stage(row)
    return None if stage is None else provider_of(stage, engine)


def waiting_for(
    row: JobRow, engine: Engine, blocked: Sequence[ProviderWait], now: datetime
) -> ProviderWait | None:
    """What keeps the current stage waiting: of several processes' views the longest."""
    provider = current_provider(row, engine)
    waits = [wait for wait in blocked if wait.provider == provider and wait.is_current(now)]
    return max(waits, key=lambda wait: wait.until or wait.occurred_at, default=None)


def message(row: JobRow, wait: ProviderWait | None, now: datetime) -> str:
    """One line about where the job is."""
    if row.status in _FIXED:
        return _FIXED[row.status]
    if row.error is not None:
        return row.error.message
    if wait is not None:
        return _waiting(wait, now)
    if row.status is Status.PENDING:
        return "Queued"
    text = STAGES[current_stage(row) or row.slip[-1]].message
    return f"Trying again: {text}" if row.position[2] == _RETRYING else text


def _waiting(wait: ProviderWait, now: datetime) -> str:
    name = NAMES.get(wait.provider, wait.provider)
    if wait.state is ProviderStateKind.HALF_OPEN:
        # Its time is the probe's lease, not an estimate of anything.
        return f"Trying {name} again"
    reason = "'s rate limit" if wait.state is ProviderStateKind.PAUSED else " to recover"
    left = (wait.until - now).total_seconds() if wait.until is not None else 0.0
    about = f" (about {math.ceil(left)} s)" if left > 0 else ""
    return f"Waiting for {name}{reason}{about}"
