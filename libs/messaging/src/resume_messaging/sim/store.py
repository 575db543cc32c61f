"""An in-memory memo store: the statements of the PostgreSQL one, each atomic."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from resume_messaging.core.ports import Bid, Look, Memo, MemoKey


@dataclass(slots=True)
class _Row:
    user_id: UUID
    memo: Memo | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = None


@dataclass(slots=True)
class MemoryMemoStore:
    """One service's tables; outlives its processes."""

    rows: dict[tuple[MemoKey, int], _Row] = field(default_factory=dict)
    stops: dict[tuple[UUID, int], datetime] = field(default_factory=dict)
    erased: set[UUID] = field(default_factory=set)
    starts: dict[UUID, int] = field(default_factory=dict)

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        """Read stop, erasure and memo."""
        memo = None
        for earlier in range(run, 0, -1):
            row = self.rows.get((key, earlier))
            if row is None or row.memo is None:
                continue
            if earlier == run or (row.memo.kind == "done" and not row.memo.degraded):
                memo = row.memo
                break
        return Look(
            stopped=(key.job_id, run) in self.stops, erased=user_id in self.erased, memo=memo
        )

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        """Look, and claim what nobody else has claimed or done."""
        look = await self.look(key, run=bid.run, user_id=bid.user_id)
        if look.stopped or look.erased:
            return look
        row = self.rows.setdefault((key, bid.run), _Row(bid.user_id))
        memo = row.memo
        if memo is not None and (memo.kind != "retry" or memo.attempt >= bid.attempt):
            return look
        is_live = row.claimed_until is not None and row.claimed_until > bid.now
        if is_live and row.claimed_by != bid.owner:
            return look
        row.claimed_by, row.claimed_until = bid.owner, bid.until
        return replace(look, claimed=True)

    async def save(self, key: MemoKey, memo: Memo, *, user_id: UUID) -> bool:
        """Store an outcome, the first of (key, run, attempt); False when the user is erased."""
        if user_id in self.erased:
            return False
        row = self.rows.setdefault((key, memo.run), _Row(user_id))
        stored = row.memo
        if stored is None or (stored.kind == "retry" and stored.attempt < memo.attempt):
            row.memo, row.claimed_by, row.claimed_until = memo, None, None
        return True

    async def release(self, key: MemoKey, *, owner: str) -> None:
        """End a claim without an outcome."""
        for (stored, _), row in self.rows.items():
            if stored == key and row.claimed_by == owner:
                row.claimed_by = row.claimed_until = None

    async def count_start(self, message_id: UUID) -> int:
        """Count one more start of a suspect delivery."""
        self.starts[message_id] = self.starts.get(message_id, 0) + 1
        return self.starts[message_id]

    async def stop(self, job_id: UUID, run: int, expires_at: datetime) -> None:
        """Remember that a run must start no more calls."""
        self.stops.setdefault((job_id, run), expires_at)

    async def erase(self, user_id: UUID) -> None:
        """Forget everything of a user and refuse to store anything more."""
        self.erased.add(user_id)
        for place in [place for place, row in self.rows.items() if row.user_id == user_id]:
            del self.rows[place]
