"""Tells the rest of the system when a provider breaks, pauses or recovers: one event a change."""

import asyncio
from datetime import timedelta

from resume_contracts.messages import ProviderStateChanged, ProviderStateKind
from resume_messaging.core.build import outgoing_event
from resume_messaging.core.ports import Availability, ProviderState, Publisher, PublishError
from resume_runtime.clock import Clock, Sleep


class ProviderEvents:
    """Publishes a process's view of its providers. An event that cannot be sent is sent later."""

    def __init__(
        self,
        availability: Availability,
        publisher: Publisher,
        *,
        process: str,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._publisher = publisher
        self._process = process
        self._clock = clock
        self._sleep = sleep
        self._changes: asyncio.Queue[ProviderStateChanged] = asyncio.Queue()
        self._unsubscribe = availability.subscribe(self._changed)

    def _changed(self, state: ProviderState) -> None:
        now = self._clock.now()
        until = None
        if state.until is not None:
            until = now + timedelta(seconds=max(0.0, state.until - self._clock.monotonic()))
        self._changes.put_nowait(
            ProviderStateChanged(
                provider=state.provider,
                state=ProviderStateKind(state.kind),
                until=until,
                process=self._process,
                occurred_at=now,
            )
        )

    async def run(self) -> None:
        """Publish changes in order, for ever; cancelled when the process stops."""
        try:
            while True:
                message = outgoing_event(await self._changes.get())
                while True:
                    try:
                        await self._publisher.publish([message])
                        break
                    except PublishError:
                        await self._sleep(1.0)
        finally:
            self._unsubscribe()
