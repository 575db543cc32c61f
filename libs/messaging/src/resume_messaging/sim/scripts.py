"""The stages of a random history: handlers that work, fail, raise, wait and kill."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import Posting, Research, Source, TailoredResume
from resume_contracts.messages import Command
from resume_contracts.workflows import Engine
from resume_messaging.core.outcome import Done, Fail, Outcome, Retry, Wait
from resume_messaging.core.ports import Handler, StageContext
from resume_messaging.sim.process import SimProcess
from resume_messaging.sim.provider import Answer, Call, Provider, SimBreaker


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a free stage's handler does something else than its work."""

    retry: float
    fail: float
    crash: float

    @classmethod
    def draw(cls, rng: random.Random) -> "Odds":
        """Draw them."""
        return cls(
            retry=rng.choice((0.0, 0.1, 0.4)),
            fail=rng.choice((0.0, 0.05)),
            crash=rng.choice((0.0, 0.1)),
        )


class Handlers:
    """One process's handlers. What they find differs every time, so that a copy shows."""

    def __init__(
        self,
        process: Callable[[], SimProcess],
        *,
        rng: random.Random,
        odds: Odds,
        provider: Provider,
        breaker: SimBreaker,
        poison: frozenset[UUID],
        crash: Callable[[SimProcess], None],
    ) -> None:
        self._process = process
        self._rng = rng
        self._odds = odds
        self._provider = provider
        self._breaker = breaker
        self._poison = poison
        self._crash = crash

    def table(self) -> dict[str, Handler]:
        """Handlers by stage."""
        return {
            "extract.posting": self.extract,
            "research.company": self.research,
            "tailor.resume": self.tailor,
        }

    async def extract(self, command: Command, context: StageContext) -> Outcome:
        """A stage without a provider."""
        del command, context
        await self._work(2.0)
        return self._trouble() or Done(Posting(text=self._finding(), route=Source.PASTED))

    async def research(self, command: Command, context: StageContext) -> Outcome:
        """An optional stage; sometimes it takes longer than it may, or wishes to wait."""
        del command, context
        if self._rng.random() < 0.1:
            return Wait("perplexity", self._rng.uniform(0.0, 60.0))
        await self._work(40.0 if self._rng.random() < 0.1 else 4.0)
        return self._trouble() or Done(Research(available=True, summary=self._finding()))

    async def tailor(self, command: Command, context: StageContext) -> Outcome:
        """A paid stage."""
        if command.job_id in self._poison:
            self._crash(self._process())
        if command.engine is Engine.RULES or context.do_without_provider:
            await self._work(0.5)
            return Done(self._result(), degraded=command.engine is not Engine.RULES)
        admission = self._breaker.admit()
        if admission.wait_s is not None:
            return Wait(self._provider.name, admission.wait_s)
        answer: Answer | None = None
        try:
            answer = await self._provider.call(self._call(command, context.start_call()))
        finally:
            self._breaker.settle(admission, answer)
        await self._process().at("handler")
        match answer.result:
            case "done":
                return Done(self._result())
            case "rate_limited":
                return Wait(self._provider.name, answer.wait_s)
            case "failed":
                return Retry(ErrorCode.PROVIDER_UNAVAILABLE, "It failed.")
            case _:
                return Retry(ErrorCode.ANSWER_UNUSABLE, "It was unusable.")

    async def _work(self, longest_s: float) -> None:
        process = self._process()
        await process.at("handler")
        await process.sleep(self._rng.uniform(0.0, longest_s))
        await process.at("handler")

    def _trouble(self) -> Outcome | None:
        roll = self._rng.random()
        if roll < self._odds.retry:
            return Retry(ErrorCode.POSTING_UNREACHABLE, "It may come back.")
        if roll < self._odds.retry + self._odds.fail:
            return Fail(ErrorCode.POSTING_NOT_FOUND, "It is not there.")
        if roll < self._odds.retry + self._odds.fail + self._odds.crash:
            raise ValueError("unexpected")
        return None

    def _call(self, command: Command, request_id: str) -> Call:
        return Call(
            process=self._process().name,
            job_id=command.job_id,
            run=command.run,
            stage=command.stage,
            attempt=command.attempt,
            request_id=request_id,
            started=self._provider.clock.monotonic(),
        )

    def _finding(self) -> str:
        return f"finding {self._rng.getrandbits(64):x}"

    def _result(self) -> TailoredResume:
        return TailoredResume(document={"summary": self._finding()})
