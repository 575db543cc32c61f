"""The sandbox's record of calls, its faults, and what the calls cost."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Any

import httpx2

#: The product calls the first; the naive build the second, which breaks in the same way.
OURS, NAIVE = "openai", "openai-b"
#: USD a token, gpt-4.1-mini.
INPUT_USD, OUTPUT_USD = 0.40e-6, 1.60e-6


@dataclass(frozen=True)
class Call:
    """One call as the ledger has it."""

    job: str
    start: datetime
    end: datetime | None
    status: int | None
    fault: str | None
    billed: bool
    usd: float

    @classmethod
    def of(cls, call: dict[str, Any]) -> "Call":
        """Read the ledger's form."""
        end = call["end"]
        return cls(
            job=str(call["clientRequestId"]).partition("/")[0],
            start=datetime.fromisoformat(call["start"]),
            end=None if end is None else datetime.fromisoformat(end),
            status=call["status"],
            fault=call["fault"],
            billed=call["billed"],
            usd=call["inputTokens"] * INPUT_USD + call["outputTokens"] * OUTPUT_USD,
        )


class Ledger:
    """The sandbox's control interface."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def calls(self, provider: str) -> list[Call]:
        """Calls for jobs so far, oldest first; a starting process also asks for the models."""
        calls = (await self._read(provider))["calls"]
        return [Call.of(call) for call in calls if call["route"] == f"{provider}.chat"]

    async def most_at_once(self, provider: str) -> int:
        """The most calls that ran at once."""
        most: int = (await self._read(provider))["maxConcurrency"].get(provider, 0)
        return most

    async def break_model(self, *script: dict[str, Any], seconds: float | None = None) -> None:
        """Break the model of both builds in the same way."""
        for provider in (OURS, NAIVE):
            await self.break_route(f"{provider}.chat", *script, seconds=seconds)

    async def break_route(
        self, route: str, *script: dict[str, Any], seconds: float | None = None
    ) -> None:
        """Let the script happen on a route, once or over again for so long."""
        body = {"route": route, "script": script, "forSeconds": seconds}
        (await self._http.put("/_sandbox/faults", json=body)).raise_for_status()

    async def answer_after(self, milliseconds: int) -> None:
        """Let the models take their time."""
        body = {f"{provider}.chat": milliseconds for provider in (OURS, NAIVE)}
        (await self._http.put("/_sandbox/latency", json=body)).raise_for_status()

    async def heal(self) -> None:
        """End all faults."""
        (await self._http.delete("/_sandbox/faults")).raise_for_status()

    async def reset(self) -> None:
        """Forget all calls and faults."""
        (await self._http.post("/_sandbox/reset")).raise_for_status()

    async def _read(self, provider: str) -> dict[str, Any]:
        response = await self._http.get("/_sandbox/ledger", params={"provider": provider})
        body: dict[str, Any] = response.raise_for_status().json()
        return body


def wasted_usd(calls: Iterable[Call], completed: Collection[str]) -> float:
    """What was paid beyond one call a completed job; the unpaid rest of a job is no waste.

    A call that was cut off before its tokens were counted cost what calls cost on average.
    """
    billed = [call for call in calls if call.billed]
    usual = fmean(known) if (known := [call.usd for call in billed if call.usd]) else 0.0
    by_job: defaultdict[str, list[float]] = defaultdict(list)
    for call in billed:
        by_job[call.job].append(call.usd or usual)
    return sum(sum(paid) - (paid[-1] if job in completed else 0) for job, paid in by_job.items())
