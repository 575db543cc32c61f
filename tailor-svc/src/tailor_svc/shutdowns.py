"""Tells in good time that a configured model will be shut down: a gauge and a warning.

Date: `shutdown_date` of the endpoint's `GET /models` when it has one, else the profile's.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

import structlog
from openai import AsyncOpenAI
from prometheus_client import CollectorRegistry, Gauge

from resume_outbound.call import Outbound
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock, Sleep
from tailor_svc.wire import ModelList

log = structlog.get_logger()

#: From so many days before the end on it is warned of.
WARN_DAYS: Final = 30
_EVERY_S: Final = 24 * 3600.0
_TIME_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Watched:
    """A configured model; `known` is the date its profile names."""

    endpoint: str
    model: str
    client: AsyncOpenAI
    known: date | None


class ShutdownWatch:
    """Looks at start and once a day, in the background; that it cannot look hurts nobody."""

    def __init__(
        self,
        watched: Sequence[Watched],
        outbound: Outbound,
        *,
        clock: Clock,
        sleep: Sleep,
        registry: CollectorRegistry,
    ) -> None:
        self._watched = tuple(watched)
        self._outbound = outbound
        self._clock = clock
        self._sleep = sleep
        self._days = Gauge(
            "openai_model_shutdown_days",
            "Days until a configured model is shut down; absent when no date is known",
            ("endpoint", "model"),
            registry=registry,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch for as long as the body runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self.look()
            await self._sleep(_EVERY_S)

    async def look(self) -> None:
        """Ask every endpoint once, and tell what is known."""
        for one in self._watched:
            self._tell(one, await self._listed(one) or one.known)

    async def _listed(self, one: Watched) -> date | None:
        async def ask() -> bytes:
            answer = await one.client.models.with_raw_response.list()
            return answer.http_response.content

        try:
            content = await self._outbound.call(
                one.endpoint,
                ask,
                deadline=self._clock.monotonic() + _TIME_S,
                # Many servers have no such list: it tells nothing about their answers.
                classify=lambda _: Verdict.neutral(),
            )
            listed = {m.id: m.shutdown_date for m in ModelList.model_validate_json(content).data}
        except Exception as error:  # noqa: BLE001  whatever it is, models are asked all the same
            log.debug("tailor.models_not_listed", endpoint=one.endpoint, error=type(error).__name__)
            return None
        return listed.get(one.model)

    def _tell(self, one: Watched, ends: date | None) -> None:
        if ends is None:
            return
        midnight = datetime(ends.year, ends.month, ends.day, tzinfo=UTC)
        days = (midnight - self._clock.now()).total_seconds() / 86_400
        self._days.labels(one.endpoint, one.model).set(days)
        if days <= WARN_DAYS:
            log.warning(
                "tailor.model_ends",
                endpoint=one.endpoint,
                model=one.model,
                shutdown_date=ends.isoformat(),
            )
