"""Flights in memory, with the port's meaning."""

from datetime import datetime
from uuid import UUID

from resume_messaging.core.flights import Flight


class MemoryFlights:
    """`Flights` of one process: token, end of the lease and failure, by key."""

    def __init__(self) -> None:
        self.rows: dict[bytes, tuple[UUID, datetime, datetime | None]] = {}

    async def take_off(
        self,
        key: bytes,
        token: UUID,
        *,
        now: datetime,
        until: datetime,
        failed_before: datetime | None,
    ) -> bool:
        """See the port."""
        if row := self.rows.get(key):
            holder, lease, failed_at = row
            if failed_at is None and lease > now and holder != token:
                return False
            if failed_at is not None and failed_before is not None and failed_at > failed_before:
                return False
        self.rows[key] = (token, until, None)
        return True

    async def look(self, key: bytes, now: datetime) -> Flight | None:
        """See the port."""
        row = self.rows.get(key)
        if row is None or (row[1] <= now and row[2] is None):
            return None
        return Flight(row[0], row[2] is not None)

    async def land(self, key: bytes, token: UUID) -> None:
        """See the port."""
        if key in self.rows and self.rows[key][0] == token:
            del self.rows[key]

    async def fail(self, key: bytes, token: UUID, now: datetime) -> None:
        """See the port."""
        if key in self.rows and self.rows[key][0] == token:
            self.rows[key] = (token, self.rows[key][1], now)
