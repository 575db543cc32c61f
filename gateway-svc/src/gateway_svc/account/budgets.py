"""A user's budget as sums: pure, in whole micro-USD, by day and by month (UTC)."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be spent in a day and in a month; 0: as much as it takes."""

    day: int = 0
    month: int = 0

    @property
    def is_set(self) -> bool:
        """Whether there is a budget at all."""
        return bool(self.day or self.month)

    def overridden(self, day: int | None, month: int | None) -> Self:
        """With a user's own limits in place of these, where there are any."""
        return replace(
            self,
            day=self.day if day is None else day,
            month=self.month if month is None else month,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """One period's sums; `start` is its first day."""

    start: date
    reserved: int = 0
    spent: int = 0

    def at(self, start: date) -> "Tally":
        """The tally of the period that begins then; an earlier one is not gone back to."""
        return Tally(start) if start > self.start else self

    def left(self, limit: int) -> int:
        """What may still be reserved."""
        return max(0, limit - self.reserved - self.spent)

    def plus(self, *, reserved: int, spent: int) -> "Tally":
        """With more, or less, of each."""
        return replace(self, reserved=self.reserved + reserved, spent=self.spent + spent)


@dataclass(frozen=True, slots=True)
class Purse:
    """A user's sums of the current day and month."""

    day: Tally
    month: Tally

    @classmethod
    def of(cls, today: date) -> Self:
        """Nothing reserved, nothing spent."""
        return cls(Tally(today), Tally(today.replace(day=1)))

    def at(self, today: date) -> "Purse":
        """The same purse on a later day: sums of periods that are over are dropped."""
        return Purse(self.day.at(today), self.month.at(today.replace(day=1)))

    def left(self, limits: Limits) -> int | None:
        """What may still be reserved; None: there is no budget."""
        each = [
            tally.left(limit)
            for tally, limit in ((self.day, limits.day), (self.month, limits.month))
            if limit
        ]
        return min(each, default=None)

    def reserve(self, amount: int) -> "Purse":
        """With an amount set aside."""
        return Purse(
            self.day.plus(reserved=amount, spent=0), self.month.plus(reserved=amount, spent=0)
        )

    def settle(self, day: date, *, reserved: int, charged: int) -> "Purse":
        """Give back what was set aside on a day, and bear what it came to.

        Args:
            day: the day it was set aside; a period that is over bears nothing any more.
            reserved: how much of it is set free.
            charged: by how much the charge grew.
        """
        is_today, is_this_month = day == self.day.start, day.replace(day=1) == self.month.start
        return Purse(
            self.day.plus(reserved=-reserved, spent=charged) if is_today else self.day,
            self.month.plus(reserved=-reserved, spent=charged) if is_this_month else self.month,
        )


def ends_of(day: date) -> tuple[datetime, datetime]:
    """When a day's and its month's budgets are renewed."""
    next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _midnight(day + timedelta(days=1)), _midnight(next_month)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
