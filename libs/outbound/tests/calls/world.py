"""An outbound layer with one scripted provider, on hand-moved time."""
# ruff: noqa: ARG002  the recorder is told what every observer is told

import random
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx2
import pytest

from resume_outbound.availability import ProviderState
from resume_outbound.call import Outbound
from resume_outbound.errors import CircuitOpenError, ProviderFailedError
from resume_outbound.observer import Observer
from resume_outbound.policy import Policy
from resume_outbound.testing import ManualTime
from resume_outbound.verdict import CallEnding, Classify, Ending, Waste

T = TypeVar("T")
REQUEST = httpx2.Request("POST", "https://api.example.test/v1/responses")
SECRET = "Jane Doe, 12 Example Street"


def status_error(status: int, headers: dict[str, str] | None = None) -> httpx2.HTTPStatusError:
    response = httpx2.Response(status, headers=headers, request=REQUEST, text=SECRET)
    return httpx2.HTTPStatusError(SECRET, request=REQUEST, response=response)


class Recorder:
    """An observer that keeps what it hears."""

    def __init__(self) -> None:
        self.active: Counter[str] = Counter()
        self.attempts: list[tuple[str, float, Ending]] = []
        self.states: list[str] = []
        self.trips: Counter[str] = Counter()
        self.wasted: list[Waste] = []
        self.calls: list[CallEnding] = []
        self.counts: Counter[str] = Counter()

    @property
    def endings(self) -> list[Ending]:
        return [ending for _, _, ending in self.attempts]

    def attempt_started(self, provider: str) -> None:
        self.active[provider] += 1

    def attempt_finished(self, provider: str, seconds: float, ending: Ending) -> None:
        self.active[provider] -= 1
        self.attempts.append((provider, seconds, ending))

    def attempt_wasted(self, provider: str, cause: Waste) -> None:
        self.wasted.append(cause)

    def call_finished(self, provider: str, ending: CallEnding) -> None:
        self.calls.append(ending)

    def retried(self, provider: str) -> None:
        self.counts["retried"] += 1

    def retry_denied(self, provider: str) -> None:
        self.counts["denied"] += 1

    def paused(self, provider: str) -> None:
        self.counts["paused"] += 1

    def probed(self, provider: str) -> None:
        self.counts["probed"] += 1

    def state_changed(self, state: ProviderState) -> None:
        self.states.append(state.kind)

    def tripped(self, provider: str) -> None:
        self.trips[provider] += 1


class World:
    """An outbound layer with one provider, `p`, whose answers are scripted."""

    def __init__(
        self,
        observer: Observer | None = None,
        *,
        max_concurrent: int = 2,
        timeout: float = 30,
        retries: int = 2,
        threshold: int = 5,
    ) -> None:
        self.time = ManualTime()
        self.heard = Recorder()
        self.policy = Policy(
            "p", max_concurrent, timeout, retries, threshold, window=60, recovery=30
        )
        self.out = Outbound(
            {"p": self.policy},
            clock=self.time,
            sleep=self.time.sleep,
            rng=random.Random(1),
            observer=observer or self.heard,
        )
        self.starts: list[float] = []

    def answering(
        self, *script: str | Exception, takes: float = 1.0
    ) -> Callable[[], Awaitable[str]]:
        """A factory that gives the script's answers in turn, the last one for ever."""
        answers = list(script)

        async def attempt() -> str:
            self.starts.append(self.time.monotonic())
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
            await self.time.sleep(takes)
            if isinstance(answer, Exception):
                raise answer
            return answer

        return attempt

    async def call(
        self,
        factory: Callable[[], Awaitable[T]],
        *,
        within: float = 420,
        classify: Classify | None = None,
        on_attempt: Callable[[int], None] | None = None,
    ) -> T:
        deadline = self.time.monotonic() + within
        return await self.time.run(
            self.out.call("p", factory, deadline=deadline, classify=classify, on_attempt=on_attempt)
        )

    async def trip(self) -> None:
        """Open the circuit."""
        while self.out.state("p").kind != "open":
            with pytest.raises((ProviderFailedError, CircuitOpenError)):
                await self.call(self.answering(status_error(500), takes=0.1))
        self.starts.clear()
