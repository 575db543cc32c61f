"""Deleting what has had its time: a table of kinds a service, in batches, counted.

Several processes may do the same at once: each takes the rows that no other has in hand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge
from pydantic import Field

from resume_runtime.clock import Clock
from resume_runtime.database import Pool
from resume_runtime.ids import first_uuid7

log = structlog.get_logger()

#: A setting: how many days something is kept; 0: for ever.
Days = Annotated[int, Field(ge=0, le=36_500)]

#: Rows that one statement looks at.
BATCH: Final = 500
#: Seconds that one round spends on one kind; the next round goes on from there.
ROUND_S: Final = 5.0
#: Seconds between two walks through a table whose rows' age alone does not decide.
WALK_EVERY_S: Final = 6 * 3600.0

_NIL: Final = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is kept how long, and the statements that say so.

    Attributes:
        name: labels the metrics.
        keep: None is for ever.
        delete: takes the moment before which things go and a number of rows; answers how many it
            deleted. A walk also takes the id after which it goes on and the first that is too
            young, and answers the last id it looked at (`last`), None at the end.
        oldest: answers when the oldest was made; None: nothing is there.
        is_walk: other things than age decide, so that rows stay that are looked at again.
    """

    name: str
    keep: timedelta | None
    delete: str
    oldest: str
    is_walk: bool = False


def days(number: int) -> timedelta | None:
    """How long a setting keeps something."""
    return timedelta(days=number) if number else None


def aged(name: str, table: str, column: str, keep: timedelta | None) -> Kind:
    """A kind whose age alone decides; the column has an index, and the names are constants."""
    return Kind(
        name,
        keep,
        delete=f"""
            with due as (
                select ctid from {table} where {column} <= $1
                 order by {column} limit $2 for update skip locked),
            gone as (delete from {table} t using due where t.ctid = due.ctid returning 1)
            select count(*) as deleted from gone""",  # noqa: S608  the names are constants
        oldest=f"select min({column}) from {table}",  # noqa: S608  the names are constants
    )


class RetentionMetrics:
    """`retention_deleted_total` and `retention_oldest_age_seconds`, by kind."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._deleted = Counter(
            "retention_deleted_total",
            "Rows and files that had their time.",
            ("kind",),
            registry=registry,
        )
        self._oldest = Gauge(
            "retention_oldest_age_seconds",
            "Age of the oldest row; 0: there is none.",
            ("kind",),
            registry=registry,
        )

    def deleted(self, kind: str, number: int) -> None:
        """Count what was deleted."""
        self._deleted.labels(kind).inc(number)

    def oldest(self, kind: str, seconds: float) -> None:
        """Note the age of the oldest that is left."""
        self._oldest.labels(kind).set(seconds)


class Retention:
    """Enforces a table of kinds. The loop around it is the caller's."""

    def __init__(
        self, kinds: Sequence[Kind], pool: Pool, *, clock: Clock, metrics: RetentionMetrics
    ) -> None:
        self._kinds = kinds
        self._pool = pool
        self._clock = clock
        self._metrics = metrics
        self._after: dict[str, UUID] = {}
        self._walk_again: dict[str, float] = {}

    async def enforce(self) -> None:
        """One round over all kinds. Raises what the database raises; the next round goes on."""
        for kind in self._kinds:
            if not kind.is_walk or self._walk_again.get(kind.name, 0.0) <= self._clock.monotonic():
                await self._enforce(kind)

    async def _enforce(self, kind: Kind) -> None:
        deleted, until = 0, self._clock.monotonic() + ROUND_S
        is_done = kind.keep is None
        while not is_done and self._clock.monotonic() < until:
            number, is_done = await self._delete(kind)
            self._metrics.deleted(kind.name, number)
            deleted += number
        if deleted:
            log.info("retention.deleted", kind=kind.name, number=deleted)
        if is_done:
            await self._measure(kind)
            if kind.is_walk:
                self._walk_again[kind.name] = self._clock.monotonic() + WALK_EVERY_S

    async def _delete(self, kind: Kind) -> tuple[int, bool]:
        """One batch: how many went, and whether that was all."""
        assert kind.keep is not None  # noqa: S101  the caller looked
        before = self._clock.now() - kind.keep
        if not kind.is_walk:
            number: int = await self._pool.fetchval(kind.delete, before, BATCH)
            return number, number < BATCH
        after = self._after.get(kind.name, _NIL)
        record = await self._pool.fetchrow(kind.delete, before, BATCH, after, first_uuid7(before))
        last = None if record is None else record["last"]
        self._after[kind.name] = last or _NIL
        return (0 if record is None else record["deleted"]), last is None

    async def _measure(self, kind: Kind) -> None:
        oldest = await self._pool.fetchval(kind.oldest)
        age = 0.0 if oldest is None else (self._clock.now() - oldest).total_seconds()
        self._metrics.oldest(kind.name, max(0.0, age))
