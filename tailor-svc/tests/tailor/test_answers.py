"""The cache of answers, over the wire: who pays, who waits, what is kept, and what is not."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from resume_contracts.facts import TailoredResume
from resume_contracts.workflows import Engine
from resume_core.facts import texts_of
from resume_messaging.core.outcome import Done
from resume_messaging.core.ports import StoreUnavailableError
from resume_messaging.sim.flights import MemoryFlights
from resume_outbound.errors import OutboundError, ProviderFailedError
from tailor_svc.answers import question_digest
from tailor_svc.computing import Computing
from tailor_svc.engines import Engines
from tailor_svc.form import A, Form
from tailor_svc.handlers import Assignment, TailorHandlers
from tailor_svc.openai import CACHED_NOTE
from tailor_svc.ports import Answered, RefusedByModelError
from tailor_svc.profiles import load_profiles
from tailor_svc.proposed import CHANGES, MAX_CHANGES

from .people import resumes
from .test_openai import completion
from .test_shape import CHANGE
from .world import CATALOG, Calls, Context, ModelWorld, assignment, command


class MemoryAnswers:
    """`Answers` of one process, which fail when told."""

    def __init__(self) -> None:
        self.rows: dict[tuple[UUID, bytes], tuple[Answered[Any], datetime]] = {}
        self.is_down = False
        self.is_read_only = False

    async def read(
        self, user_id: UUID, digest: bytes, form: Form[A], now: datetime
    ) -> Answered[A] | None:
        del form
        if self.is_down:
            raise StoreUnavailableError
        answer, until = self.rows.get((user_id, digest), (None, now))
        return answer if until > now else None

    async def write(
        self, user_id: UUID, digest: bytes, answer: Answered[Any], *, now: datetime, until: datetime
    ) -> bool:
        assert now < until
        if self.is_down or self.is_read_only:
            raise ValueError("any error, not only weather")
        self.rows[user_id, digest] = (answer, until)
        return True


@pytest.fixture
def answers() -> MemoryAnswers:
    return MemoryAnswers()


@pytest.fixture
def flights() -> MemoryFlights:
    return MemoryFlights()


@pytest.fixture
async def world(
    sandbox_url: str, answers: MemoryAnswers, flights: MemoryFlights
) -> AsyncIterator[ModelWorld]:
    """The proposer with a cache, in front of a sandbox without a past."""
    world = ModelWorld(sandbox_url, answers=answers, flights=flights)
    world.calls = Calls(allowed=99)
    async with world.http:
        (await world.http.post("/_sandbox/reset")).raise_for_status()
        yield world


async def test_same_question_is_paid_for_once(world: ModelWorld) -> None:
    first = await world.propose()
    paid = world.usage
    second = await world.propose(job=7)

    assert len(await world.ledger()) == len(world.calls.started) == 1
    assert second.changes == first.changes != ()
    assert (first.notes, second.notes) == ((), (CACHED_NOTE,))
    assert (world.reads("miss"), world.reads("hit")) == (1, 1)
    told = world.usage
    assert (told.calls, told.cost_usd, told.cached_answers) == (1, paid.cost_usd, 1)
    assert told.saved_usd == paid.cost_usd
    assert told.saved_usd > 0
    assert told.saved_tokens == paid.input_tokens + paid.output_tokens


async def test_answers_are_a_users_own(world: ModelWorld) -> None:
    await world.propose(user=2)
    assert (await world.propose(user=3)).notes == ()
    assert len(await world.ledger()) == 2


@pytest.mark.parametrize(
    "other",
    [assignment(resume=1), assignment(posting=1), assignment(language="de")],
    ids=["resume", "posting", "language"],
)
async def test_another_question_is_asked(world: ModelWorld, other: Assignment) -> None:
    await world.propose()
    assert (await world.propose(other)).notes == ()
    assert len(await world.ledger()) == 2


async def test_what_is_not_sent_makes_no_other_question(world: ModelWorld) -> None:
    await world.propose()
    asked = assignment()
    basics = asked.resume.basics.model_copy(update={"email": "new@private.example"})
    renewed = asked.resume.model_copy(update={"basics": basics})
    again = Assignment(renewed, asked.posting, asked.requirements, None, None)
    assert (await world.propose(again)).notes == (CACHED_NOTE,)


def test_endpoint_model_options_and_form_make_another_question() -> None:
    profile = load_profiles().of("gpt-4.1-mini")
    colder = profile.model_copy(update={"temperature": 0.0})
    digests = {
        question_digest("https://a/v1", "m", profile, CHANGES, "q"),
        question_digest("https://b/v1", "m", profile, CHANGES, "q"),
        question_digest("https://a/v1", "n", profile, CHANGES, "q"),
        question_digest("https://a/v1", "m", colder, CHANGES, "q"),
        question_digest("https://a/v1", "m", profile, CHANGES, "r"),
        question_digest(
            "https://a/v1", "m", profile, replace(CHANGES, prompt="answer_json.v1"), "q"
        ),
    }
    assert len(digests) == 6


async def test_answer_is_forgotten_after_its_time(world: ModelWorld) -> None:
    await world.propose()
    world.time.jump(timedelta(days=1).total_seconds() + 1)
    assert (await world.propose()).notes == ()
    assert len(await world.ledger()) == 2


EMPTY = '{"changes": []}'


@pytest.mark.parametrize(
    "choice",
    [
        {"message": {"role": "assistant", "content": EMPTY}},
        {"message": {"role": "assistant", "content": None, "refusal": "no"}},
        {"finish_reason": "length"},
        {"finish_reason": "content_filter"},
        {"message": {"role": "assistant", "content": "no JSON"}},
    ],
    ids=["empty", "refused", "cut off", "filtered", "unusable"],
)
async def test_poor_answer_is_not_kept(choice: dict[str, Any], answers: MemoryAnswers) -> None:
    body = completion(**choice)
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: _json(body)))
    world = ModelWorld("http://compatible.example", http, answers=answers)
    with suppress(OutboundError, RefusedByModelError):
        await world.propose()
    assert answers.rows == {}
    assert (world.reads("miss"), world.reads("hit")) == (1, 0)


def _json(body: dict[str, Any]) -> httpx2.Response:
    return httpx2.Response(200, text=json.dumps(body), headers={"content-type": "application/json"})


async def test_of_too_many_changes_those_that_are_read_are_kept(answers: MemoryAnswers) -> None:
    many = json.dumps({"changes": [CHANGE] * (MAX_CHANGES + 5)})
    body = completion(message={"role": "assistant", "content": many})
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: _json(body)))
    await ModelWorld("http://compatible.example", http, answers=answers).propose()
    ((kept, _),) = answers.rows.values()
    assert len(kept.answer.changes) == MAX_CHANGES


async def test_cache_in_trouble_fails_no_job(world: ModelWorld, answers: MemoryAnswers) -> None:
    answers.is_down = True
    assert (await world.propose()).changes
    answers.is_down, answers.is_read_only = False, True
    assert (await world.propose()).changes
    assert (world.reads("unavailable"), world.reads("miss")) == (1, 1)
    assert len(await world.ledger()) == 2


async def test_racing_jobs_of_a_user_share_one_call(world: ModelWorld) -> None:
    race = asyncio.gather(
        *(world.proposal(assignment(), world.asking(job=job)) for job in range(1, 6))
    )
    proposals = await world.wait(race)
    assert len(await world.ledger()) == 1
    assert len({proposal.changes for proposal in proposals}) == 1
    assert (world.reads("miss"), world.reads("shared")) == (1, 4)
    assert world.usage.cached_answers == 4


async def test_failed_call_is_tried_by_whom_it_kept_waiting(
    world: ModelWorld, flights: MemoryFlights
) -> None:
    await world.break_it({"kind": "status", "status": 500, "times": 3})
    race = asyncio.gather(
        *(world.proposal(assignment(), world.asking(job=job)) for job in (1, 2)),
        return_exceptions=True,
    )
    first, second = await world.wait(race)
    assert isinstance(first, ProviderFailedError)
    assert not isinstance(second, BaseException)
    assert second.changes
    assert flights.rows == {}


async def test_cancelled_call_lets_the_next_one_ask(
    world: ModelWorld, flights: MemoryFlights
) -> None:
    await world.break_it({"kind": "hang"})
    asked = asyncio.ensure_future(world.proposal(assignment(), world.asking(job=1)))
    while not await world.ledger():
        await world.time.advance(0.1)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert flights.rows == {}
    assert (await world.propose(job=2)).changes


def _busy(world: ModelWorld, flights: MemoryFlights, job: int) -> None:
    """Somebody died in the middle of the question."""
    name, model = "openai", "gpt-4.1-mini"
    url, profile = f"{world.url}/{name}/v1", load_profiles().of(model)
    asked = assignment().to_request().fit(profile.input_tokens)
    digest = question_digest(url, model, profile, CHANGES, asked.text)
    key = hashlib.sha256(UUID(int=2).bytes + digest).digest()
    flights.rows[key] = (UUID(int=job), world.time.now() + timedelta(days=1), None)


async def test_job_takes_its_own_flight_up_again_at_once(
    world: ModelWorld, flights: MemoryFlights
) -> None:
    _busy(world, flights, job=1)
    started = world.time.monotonic()
    assert (await world.propose(job=1)).changes
    assert world.time.monotonic() - started < 10
    assert world.reads("miss") == 1


async def test_who_runs_out_of_time_asks_although_another_does(
    world: ModelWorld, flights: MemoryFlights
) -> None:
    _busy(world, flights, job=99)
    assert (await world.propose(job=1, seconds=60)).changes
    assert world.reads("late") == 1
    assert (await world.propose(job=2)).notes == (CACHED_NOTE,)


async def test_kept_lie_is_kept_out_again(world: ModelWorld) -> None:
    """The gate has the last word on what comes from the cache, too."""
    await world.lie()
    handlers, base = TailorHandlers(Engines(world.model, Computing()), CATALOG), resumes()[0]
    documents = []
    for _ in range(2):
        context = Context(deadline=world.time.monotonic() + 400)
        outcome = await world.wait(handlers.tailor_resume(command(Engine.MODEL), context))
        assert isinstance(outcome, Done)
        assert isinstance(outcome.fact, TailoredResume)
        documents.append(outcome.fact.document)
    (call,) = await world.ledger()
    lies = {lie["after"] for lie in call["lies"]}
    assert lies
    for document in documents:
        assert document["blocked"]
        assert not lies & (set(texts_of(document["resume"])) - set(texts_of(base.model_dump())))
    first, second = documents
    assert second.pop("notes") == [CACHED_NOTE]
    assert first.pop("notes") == []
    assert second == first
