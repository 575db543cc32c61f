"""What a consumer's process does with notices and time, over all it keeps of users."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from resume_contracts.messages import UserErased
from resume_messaging.core.ports import UserStore
from resume_messaging.shells.memos import PostgresMemoStore, consumer_schema
from resume_messaging.shells.service import _keeper
from resume_runtime.database import Pool, create_asyncpg_pool

pytestmark = pytest.mark.connected

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
USER = UUID(int=1)


class Kept:
    """A store that notes whether the user was remembered as erased by the time it was told."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.erased: list[tuple[UUID, UUID | None]] = []

    async def erase(self, user_id: UUID) -> None:
        known = await self._pool.fetchval("select user_id from svc.erased")
        self.erased.append((user_id, known))


async def test_every_store_forgets_an_erased_user_after_the_memos(database_url: str) -> None:
    """Nothing is written between: the writers' statements look at what the memos' store says."""
    async with await create_asyncpg_pool(database_url, 1, 2) as pool:
        await pool.execute("create schema svc")
        await pool.execute(consumer_schema("svc"))
        memos, store = PostgresMemoStore(pool, "svc"), Kept(pool)
        stores: tuple[UserStore, ...] = (store,)
        await _keeper(memos, stores)(UserErased(user_id=USER, occurred_at=NOW))
    assert store.erased == [(USER, USER)]
