"""The cache's logic under manual time: who pays, who waits, what is served when."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from research_svc.cache import CacheParts, NoAnswerError, SharedCache
from research_svc.freshness import Freshness
from research_svc.metrics import CacheMetrics
from research_svc.ports import Answer, Asking, Entry
from research_svc.refresher import Refresher
from resume_messaging.core.ports import CallsExhaustedError, StoreUnavailableError
from resume_messaging.sim.flights import MemoryFlights
from resume_outbound.errors import DeadlineTooCloseError, ProviderFailedError
from resume_outbound.testing import ManualTime

from .making import Calls
from .shelves import MemoryShelf, SlowResearcher

FRESHNESS = Freshness(timedelta(days=30), timedelta(days=60))
FAILED = ProviderFailedError("perplexity", "timeout")


class Rig:
    """Two replicas with one shelf."""

    def __init__(self) -> None:
        self.time = ManualTime()
        self.shelf, self.flights = MemoryShelf(), MemoryFlights()
        self.researcher = SlowResearcher(self.time.sleep)
        self.registry = CollectorRegistry()
        self.refresher = Refresher()
        self._ids = 0
        parts = CacheParts(
            self.flights,
            self.refresher,
            CacheMetrics(self.registry),
            self.time,
            self.time.sleep,
            self._id,
        )
        self.cache = SharedCache("company", self.researcher, self.shelf, FRESHNESS, parts)

    def _id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def asking(self, seconds: float = 30.0) -> Asking:
        return Asking(self.time.monotonic() + seconds, Calls())

    async def get(self, question: str = "acme", *, seconds: float = 30.0) -> Entry[str]:
        return await self.time.run(self.cache.get(question, self.asking(seconds)))

    async def race(self, *seconds: float) -> list[Entry[str] | BaseException]:
        gets = [self.cache.get("acme", self.asking(s)) for s in seconds]
        return await self.time.run(asyncio.gather(*gets, return_exceptions=True))

    def age(self, days: float, *, is_known: bool = True) -> None:
        at = self.time.now() - timedelta(days=days)
        self.shelf.entries["acme"] = Entry("old", is_known, 0.5, at)

    def count(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, {"kind": "company", **labels})

    def reads(self, result: str) -> float | None:
        return self.count("research_cache_reads_total", result=result)


@pytest.fixture
def rig() -> Rig:
    return Rig()


async def test_answer_is_paid_for_once(rig: Rig) -> None:
    asking = rig.asking()
    first = await rig.time.run(rig.cache.get("acme", asking))
    second = await rig.get()

    assert first == second
    assert first.cost_usd == 0.25
    assert len(asking.bill) == 1
    assert rig.researcher.asked == ["acme"]
    assert (rig.reads("miss"), rig.reads("fresh")) == (1, 1)
    assert rig.count("research_cache_saved_usd_total") == 0.25
    assert rig.count("research_spent_usd_total", **{"for": "job"}) == 0.25


async def test_racing_askers_share_one_call(rig: Rig) -> None:
    ends = await rig.race(30, 30, 30)
    assert [end.value for end in ends if isinstance(end, Entry)] == ["found"] * 3
    assert rig.researcher.asked == ["acme"]
    assert (rig.reads("miss"), rig.reads("shared")) == (1, 2)


async def test_other_questions_do_not_wait(rig: Rig) -> None:
    started = rig.time.monotonic()
    both = asyncio.gather(*(rig.cache.get(q, rig.asking()) for q in ("acme", "other")))
    await rig.time.run(both)
    assert rig.time.monotonic() - started == rig.researcher.seconds


async def test_waiter_gives_up_before_its_deadline(rig: Rig) -> None:
    rig.researcher.seconds = 20
    payer, waiter = await rig.race(30, 10)
    assert isinstance(payer, Entry)
    assert isinstance(waiter, NoAnswerError)
    assert rig.researcher.asked == ["acme"]


async def test_waiters_give_up_when_the_call_they_waited_for_fails(rig: Rig) -> None:
    rig.researcher.answer = FAILED
    ends = await rig.race(30, 30, 30)
    assert ends[0] is FAILED
    assert all(isinstance(end, NoAnswerError) for end in ends[1:])
    assert rig.researcher.asked == ["acme"]
    assert rig.reads("failed") == 3


async def test_failure_is_tried_again_by_the_next_asker(rig: Rig) -> None:
    rig.researcher.answer = FAILED
    with pytest.raises(ProviderFailedError):
        await rig.get()
    rig.researcher.answer = Answer("found", is_known=True)
    assert (await rig.get()).value == "found"


@pytest.mark.parametrize("error", [DeadlineTooCloseError("perplexity", 2), CallsExhaustedError()])
async def test_ones_own_trouble_lets_a_waiter_take_over(rig: Rig, error: Exception) -> None:
    rig.researcher.answer = error
    ends = await rig.race(30, 30)
    assert ends == [error, error]
    assert rig.researcher.asked == ["acme", "acme"]


async def test_cancelled_call_lets_a_waiter_take_over(rig: Rig) -> None:
    payer = asyncio.ensure_future(rig.cache.get("acme", rig.asking()))
    await rig.time.advance(1)
    waiter = asyncio.ensure_future(rig.cache.get("acme", rig.asking()))
    await rig.time.advance(1)
    payer.cancel()
    assert (await rig.time.run(waiter)).value == "found"
    assert payer.cancelled()
    assert len(rig.researcher.asked) == 2


async def test_lease_of_a_dead_replica_ends(rig: Rig) -> None:
    until = rig.time.now() + timedelta(seconds=10)
    rig.flights.rows[b"acme"] = (UUID(int=99), until, None)
    assert (await rig.get()).value == "found"
    assert rig.time.now() >= until


async def test_answer_stored_just_before_ones_own_call_is_taken(rig: Rig) -> None:
    take_off = rig.flights.take_off

    async def late(key: bytes, token: UUID, **times: Any) -> bool:
        rig.age(0)  # another replica stored it, and its flight has landed
        return await take_off(key, token, **times)

    rig.flights.take_off = late  # type: ignore[method-assign]
    assert (await rig.get()).value == "old"
    assert rig.researcher.asked == []
    assert rig.flights.rows == {}


async def test_answer_without_search_is_not_kept(rig: Rig) -> None:
    rig.researcher.answer = Answer("?", is_known=False, is_sound=False)
    asking = rig.asking()
    with pytest.raises(NoAnswerError):
        await rig.time.run(rig.cache.get("acme", asking))
    assert len(asking.bill) == 1
    assert rig.shelf.entries == {}


async def test_nothing_known_is_kept_for_a_day(rig: Rig) -> None:
    rig.researcher.answer = Answer("nothing", is_known=False)
    await rig.get()
    assert not (await rig.get()).is_known
    assert len(rig.researcher.asked) == 1
    rig.time.jump(86_401)
    await rig.get()
    assert len(rig.researcher.asked) == 2


async def test_stale_answer_is_served_at_once_and_asked_anew(rig: Rig) -> None:
    rig.age(31)
    asking, started = rig.asking(), rig.time.monotonic()

    served = await rig.time.run(rig.cache.get("acme", asking))

    assert served.value == "old"
    assert rig.time.monotonic() == started
    await rig.time.run(rig.refresher.idle())
    assert rig.shelf.entries["acme"].value == "found"
    (line,) = asking.bill
    assert (line.calls, line.cost_usd, line.cached_answers, line.saved_usd) == (0, 0, 1, 0.5)
    assert (rig.reads("stale"), rig.count("research_cache_saved_usd_total")) == (1, 0.5)
    assert rig.count("research_cache_refreshes_total", result="stored") == 1
    assert rig.count("research_spent_usd_total", **{"for": "refresh"}) == 0.25


async def test_stale_answer_is_asked_anew_once(rig: Rig) -> None:
    rig.age(31)
    await rig.race(30, 30, 30)
    await rig.time.run(rig.refresher.idle())
    assert rig.researcher.asked == ["acme"]


async def test_stale_answer_is_not_asked_anew_while_somebody_does(rig: Rig) -> None:
    rig.age(31)
    until = rig.time.now() + timedelta(seconds=30)
    rig.flights.rows[b"acme"] = (UUID(int=99), until, None)
    await rig.get()
    await rig.time.run(rig.refresher.idle())
    assert rig.researcher.asked == []
    assert rig.count("research_cache_refreshes_total", result="elsewhere") == 1


@pytest.mark.parametrize("answer", [FAILED, Answer("nothing", is_known=False)])
async def test_failed_refresh_keeps_what_was_known_and_pauses(
    rig: Rig, answer: Answer[str] | Exception
) -> None:
    rig.age(31)
    rig.researcher.answer = answer
    for _ in range(3):
        assert (await rig.get()).value == "old"
        await rig.time.run(rig.refresher.idle())
    assert len(rig.researcher.asked) == 1

    rig.time.jump(601)
    await rig.get()
    await rig.time.run(rig.refresher.idle())
    assert len(rig.researcher.asked) == 2


async def test_expired_answer_is_waited_for(rig: Rig) -> None:
    rig.age(91)
    assert (await rig.get()).value == "found"


async def test_refreshes_are_bounded(rig: Rig) -> None:
    at = rig.time.now() - timedelta(days=31)
    for question in ("a", "b", "c"):
        rig.shelf.entries[question] = Entry("old", is_known=True, cost_usd=None, at=at)
        await rig.cache.get(question, rig.asking())
    await rig.time.run(rig.refresher.idle())
    assert rig.researcher.asked == ["a", "b"]
    assert rig.count("research_cache_refreshes_total", result="too_many") == 1


async def test_closing_cancels_refreshes_and_takes_no_more(rig: Rig) -> None:
    rig.age(31)
    await rig.cache.get("acme", rig.asking())
    await rig.time.advance(1)
    await rig.refresher.aclose()
    await rig.refresher.idle()
    assert rig.shelf.entries["acme"].value == "old"
    assert rig.flights.rows == {}
    await rig.cache.get("acme", rig.asking())
    assert rig.researcher.asked == ["acme"]


async def test_unreadable_shelf_pays_for_nothing(rig: Rig) -> None:
    rig.shelf.is_down = True
    with pytest.raises(StoreUnavailableError):
        await rig.get()
    assert rig.researcher.asked == []


async def test_paid_answer_is_delivered_although_it_cannot_be_stored(rig: Rig) -> None:
    rig.shelf.is_read_only = True
    assert (await rig.get()).value == "found"
