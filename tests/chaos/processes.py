"""The tailor processes as their metrics show them."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from tests.system.conftest import Stack

CLOSED, HALF_OPEN, OPEN = 0, 1, 2
Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass(frozen=True)
class View:
    """One process at one moment."""

    name: str
    samples: Samples

    def value(self, name: str, **labels: str) -> float:
        """The sum of a metric's samples that have these labels."""
        wanted = labels.items()
        found = (v for (n, ls), v in self.samples.items() if n == name and wanted <= ls)
        return sum(found)

    @property
    def circuit(self) -> int:
        """0 closed, 1 half-open, 2 open."""
        return int(self.value("circuit_breaker_state", provider="openai"))

    @property
    def trips(self) -> int:
        """Times the circuit opened."""
        return int(self.value("circuit_breaker_trips_total", provider="openai"))

    @property
    def active(self) -> int:
        """Calls under way."""
        return int(self.value("ai_call_active", provider="openai"))

    @property
    def held(self) -> int:
        """Deliveries at the gate."""
        return int(self.value("gate_holding", provider="openai"))

    def errors(self, kind: str | None = None) -> int:
        """Attempts that failed, of one kind or all."""
        labels = {"provider": "openai"} | ({"kind": kind} if kind else {})
        return int(self.value("ai_call_errors_total", **labels))


class Tailors:
    """The replicas of tailor in stack.json, and any added to them by a test."""

    def __init__(self, http: httpx2.AsyncClient, stack: Stack) -> None:
        self._http = http
        self._stack = stack
        self._urls = {
            each["name"]: each["metricsUrl"]
            for each in stack.processes
            if each["name"].startswith("tailor")
        }

    @property
    def names(self) -> list[str]:
        """All of them."""
        return list(self._urls)

    def add(self, name: str, url: str) -> None:
        """Watch one more."""
        self._urls[name] = url

    def remove(self, name: str) -> None:
        """Watch it no more."""
        del self._urls[name]

    def pid(self, name: str) -> int:
        """The present process."""
        return self._stack.pid(name)

    async def read(self) -> dict[str, View]:
        """All of them now; one that is being started again is left out."""
        views = await asyncio.gather(*(self._view(name) for name in self._urls))
        return {view.name: view for view in views if view is not None}

    async def until(self, condition: Callable[[View], bool], *, within: float) -> dict[str, View]:
        """Wait until it holds of every process; each as it was when it first did."""
        found: dict[str, View] = {}
        async with asyncio.timeout(within):
            while len(found) < len(self._urls):
                for name, view in (await self.read()).items():
                    if name not in found and condition(view):
                        found[name] = view
                await asyncio.sleep(0.1)
        return found

    async def restart(self, name: str, sig: signal.Signals, *, within: float = 60) -> None:
        """Signal it and wait until the supervisor has another one ready."""
        old = self.pid(name)
        os.kill(old, sig)
        async with asyncio.timeout(within):
            while self.pid(name) == old or await self._view(name) is None:
                await asyncio.sleep(0.2)

    async def _view(self, name: str) -> View | None:
        try:
            text = (await self._http.get(self._urls[name])).raise_for_status().text
        except httpx2.HTTPError:
            return None
        samples: Samples = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                samples[sample.name, frozenset(sample.labels.items())] = sample.value
        return View(name, samples)


def grown(
    before: dict[str, View], after: dict[str, View], what: Callable[[View], int]
) -> dict[str, int]:
    """By how much a counter has grown; a process that was started again began at 0."""
    counts: dict[str, int] = {}
    for name, view in after.items():
        now, then = what(view), what(before[name]) if name in before else 0
        counts[name] = now - then if now >= then else now
    return counts
