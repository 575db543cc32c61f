"""A sandbox, the real SDK in front of it, and commands and contexts for the handlers."""

import asyncio
import random
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

import httpx2
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from resume_contracts.facts import (
    BaseResume,
    Facts,
    Field,
    Options,
    Posting,
    Research,
    Source,
    Submission,
)
from resume_contracts.messages import Command, Usage
from resume_contracts.workflows import Engine, Workflow, slip
from resume_core.changes import Change
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.requirements import extract_requirements
from resume_core.skills import load_catalog
from resume_core.tailoring import PostingView
from resume_messaging.core.flights import Flights, SingleFlight
from resume_messaging.core.ports import BudgetExhaustedError, CallsExhaustedError
from resume_messaging.sim.flights import MemoryFlights
from resume_outbound import NullObserver, Outbound, playbook_policies
from resume_outbound.testing import ManualTime
from tailor_svc.answers import AnswerCache
from tailor_svc.bill import Bill
from tailor_svc.endpoints import PROVIDER, EndpointsInOrder, EndpointStates
from tailor_svc.form import A
from tailor_svc.handlers import Assignment
from tailor_svc.metrics import AnswerMetrics
from tailor_svc.model import to_changes
from tailor_svc.openai import OpenAIEndpoint, create_client
from tailor_svc.ports import Answers, Asking, Question, Reply, Request
from tailor_svc.profiles import load_profiles
from tailor_svc.settings import Endpoint

from .people import POSTINGS, resumes

T = TypeVar("T")

CATALOG = load_catalog()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def assignment(resume: int = 0, posting: int = 0, *, language: str | None = None) -> Assignment:
    base, view = resumes()[resume], POSTINGS[posting]
    requirements = extract_requirements(view.title, view.text, CATALOG)
    return Assignment(base, view, requirements, None, language)


def user_message(asked: Assignment) -> str:
    """The whole of what a model is told."""
    return asked.to_request().fit(1_000_000).text


def command(
    engine: Engine,
    *,
    resume: Resume | None = None,
    posting: PostingView = POSTINGS[0],
    language: str | None = None,
    research: Research | None = None,
) -> Command:
    document = to_json_resume(resume or resumes()[0])
    field = {"source": Source.PAGE_TEXT, "span": None}
    return Command(
        job_id=UUID(int=1),
        run=1,
        user_id=UUID(int=2),
        workflow=Workflow.TAILOR_RESUME,
        slip=slip(Workflow.TAILOR_RESUME),
        stage_index=2,
        accepted_at=NOW,
        deadline=NOW + timedelta(seconds=420),
        facts=Facts(
            submission=Submission(options=Options(engine=engine, language=language)),
            resume=BaseResume(resume_id=UUID(int=3), version=1, document=document),
            posting=Posting(
                text=posting.text,
                title=Field.model_validate({"value": posting.title, **field}),
                company=Field.model_validate({"value": posting.company, **field}),
                route=Source.PAGE_TEXT,
            ),
            research=research,
        ),
    )


class Calls:
    """`start_call` of a stage with so many paid calls, and so much money (micro-USD)."""

    def __init__(self, allowed: int = 6, budget: int | None = None) -> None:
        self._allowed = allowed
        self.budget = budget
        self._numbers = count(1)
        self.started: list[str] = []

    def __call__(self, most: int | None = None) -> str:
        if len(self.started) == self._allowed:
            raise CallsExhaustedError
        if self.budget is not None:
            if most is None or most > self.budget:
                raise BudgetExhaustedError
            self.budget -= most
        self.started.append(f"job/1/tailor.resume/{next(self._numbers)}")
        return self.started[-1]


class Context:
    """A `StageContext` that says what it was told."""

    def __init__(
        self,
        *,
        deadline: float = 1400.0,
        may_try_again: bool = True,
        do_without_provider: bool = False,
        allowed: int = 6,
    ) -> None:
        self.deadline = deadline
        self.may_try_again = may_try_again
        self.do_without_provider = do_without_provider
        self.start_call = Calls(allowed)

    @property
    def calls_left(self) -> int:
        return 6 - len(self.start_call.started)


class FakeModel:
    """Gives, or raises, what it was told; `asked` is what it was asked and until when."""

    def __init__(
        self,
        answer: Reply[Any] | Exception,
        costs: tuple[Usage, ...] = (),
        *,
        room: int = 1_000_000,
    ) -> None:
        self._room = room
        self._answer = answer
        self._costs = costs
        self.asked: list[tuple[Question, float]] = []

    async def ask(self, request: Request[A], asking: Asking) -> Reply[A]:
        self.asked.append((request.fit(self._room), asking.deadline))
        asking.start_call()
        asking.bill.add(*self._costs)
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@dataclass(frozen=True)
class Proposal:
    """What a model proposed for an assignment."""

    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()


class ModelWorld:
    """Endpoints that speak OpenAI's wire format, and the model that they are to the handlers.

    Time is by hand, but runs along, fifty times faster than a clock, while work is awaited: the
    SDK and the sockets live in real time.
    """

    def __init__(
        self,
        url: str,
        http: httpx2.AsyncClient | None = None,
        *,
        models: Mapping[str, str] = MappingProxyType({"openai": "gpt-4.1-mini"}),
        answers: Answers | None = None,
        flights: Flights | None = None,
    ) -> None:
        self.url = url
        self.time = ManualTime()
        policy = playbook_policies()[PROVIDER]
        self.outbound = Outbound(
            {name: replace(policy, name=name) for name in models},
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            observer=NullObserver(),
        )
        self.calls = Calls()
        self.bill = Bill()
        self.registry = CollectorRegistry()
        self.cache = None
        if answers is not None:
            self.cache = AnswerCache(
                answers,
                SingleFlight(flights or MemoryFlights(), self.time, self.time.sleep),
                ttl=timedelta(days=1),
                clock=self.time,
                metrics=AnswerMetrics(self.registry, models),
            )
        self.http = http or httpx2.AsyncClient(base_url=url, trust_env=False)
        self.endpoints = {
            name: self._endpoint(f"{url}/{name}/v1", name, model) for name, model in models.items()
        }
        self.states = EndpointStates(tuple(models), self.outbound, self.time)
        self.model = EndpointsInOrder(tuple(self.endpoints.values()), self.states)

    def _endpoint(self, url: str, name: str, model: str) -> OpenAIEndpoint:
        endpoint = Endpoint(name=name, url=url, key=SecretStr("sk-secret"), model=model)
        sdk = create_client(endpoint).with_options(http_client=self.http)
        profile = load_profiles().of(model)
        return OpenAIEndpoint(endpoint, sdk, self.outbound, profile, self.time, cache=self.cache)

    @property
    def usage(self) -> Usage:
        """The bill's one line."""
        (line,) = self.bill.lines
        return line

    def asking(self, *, user: int = 2, job: int = 1, seconds: float = 400) -> Asking:
        deadline = self.time.monotonic() + seconds
        return Asking(UUID(int=user), UUID(int=job), deadline, self.calls, self.bill)

    async def propose(
        self, asked: Assignment | None = None, *, user: int = 2, job: int = 1, seconds: float = 400
    ) -> Proposal:
        asking = self.asking(user=user, job=job, seconds=seconds)
        return await self.wait(self.proposal(asked or assignment(), asking))

    async def proposal(self, asked: Assignment, asking: Asking) -> Proposal:
        reply = await self.model.ask(asked.to_request(), asking)
        return Proposal(to_changes(asked.resume, reply.answer.changes), reply.notes)

    def reads(self, result: str, endpoint: str = "openai") -> float | None:
        labels = {"provider": endpoint, "result": result}
        return self.registry.get_sample_value("ai_cache_reads_total", labels)

    async def wait(self, work: Awaitable[T]) -> T:
        task = asyncio.ensure_future(work)
        while not task.done():
            await asyncio.wait({task}, timeout=0.002)
            await self.time.advance(0.1)
        return await task

    async def break_it(self, *steps: dict[str, Any], route: str = "openai.chat") -> None:
        script = {"route": route, "script": steps}
        (await self.http.put("/_sandbox/faults", json=script)).raise_for_status()

    async def lie(self) -> None:
        (await self.http.put("/_sandbox/mode", json={"openai": "lying"})).raise_for_status()

    async def ledger(self, provider: str = "openai") -> list[dict[str, Any]]:
        answer = await self.http.get("/_sandbox/ledger", params={"provider": provider})
        calls: list[dict[str, Any]] = answer.json()["calls"]
        return calls
