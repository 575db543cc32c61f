"""A shelf and flights in memory, with the port's meaning, for tests of the cache's logic."""

from datetime import datetime
from uuid import UUID

from research_svc.ports import Answer, Asking, Entry, Flight
from resume_contracts.messages import Usage
from resume_messaging.core.ports import StoreUnavailableError
from resume_runtime.clock import Sleep


class MemoryShelf:
    """`Shelf` of strings asked for by strings."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry[str]] = {}
        self.is_down = False
        self.is_read_only = False

    def key(self, question: str) -> bytes:
        return question.encode()

    async def read(self, question: str) -> Entry[str] | None:
        if self.is_down:
            raise StoreUnavailableError
        return self.entries.get(question)

    async def write(self, question: str, entry: Entry[str], *, drop_before: datetime) -> None:
        if self.is_down or self.is_read_only:
            raise StoreUnavailableError
        self.entries = {q: e for q, e in self.entries.items() if e.at >= drop_before}
        self.entries[question] = entry


class MemoryFlights:
    """`Flights` of one process."""

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
        if row := self.rows.get(key):
            _, lease, failed_at = row
            if failed_at is None and lease > now:
                return False
            if failed_at is not None and failed_before is not None and failed_at > failed_before:
                return False
        self.rows[key] = (token, until, None)
        return True

    async def look(self, key: bytes, now: datetime) -> Flight | None:
        row = self.rows.get(key)
        if row is None or (row[1] <= now and row[2] is None):
            return None
        return Flight(row[0], row[2] is not None)

    async def land(self, key: bytes, token: UUID) -> None:
        if key in self.rows and self.rows[key][0] == token:
            del self.rows[key]

    async def fail(self, key: bytes, token: UUID, now: datetime) -> None:
        if key in self.rows and self.rows[key][0] == token:
            self.rows[key] = (token, self.rows[key][1], now)


class SlowResearcher:
    """Answers after `seconds`, or raises; `asked` is what it was asked and paid for."""

    def __init__(self, sleep: Sleep, seconds: float = 3.0) -> None:
        self._sleep = sleep
        self.seconds = seconds
        self.answer: Answer[str] | Exception = Answer("found", is_known=True)
        self.asked: list[str] = []

    async def ask(self, question: str, asking: Asking) -> Answer[str]:
        self.asked.append(question)
        asking.start_call()
        await self._sleep(self.seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        asking.bill.append(Usage(provider="perplexity", calls=1, cost_usd=0.25))
        return self.answer
