"""How long a consumer service keeps what all of them have."""

from datetime import timedelta
from typing import Final

from resume_runtime.retention import Kind, aged, days

#: Starts of a delivery that crashes its process; nothing is delivered again after so long.
_SUSPECTS: Final = timedelta(days=7)
#: What a process left that died while it asked.
_FLIGHTS: Final = timedelta(days=1)


def consumer_kinds(schema: str, *, memos_days: int) -> tuple[Kind, ...]:
    """The kinds of the tables that every consumer service has; a stop says itself when it ends."""
    return (
        aged("memos", f"{schema}.memos", "created_at", days(memos_days)),
        aged("stops", f"{schema}.stops", "expires_at", timedelta(0)),
        aged("suspects", f"{schema}.suspects", "last_start", _SUSPECTS),
    )


def flight_kind(schema: str) -> Kind:
    """What is left of another day's flights."""
    return aged("flights", f"{schema}.flights", "until", _FLIGHTS)
