"""What a consumer does with one delivery, from the first look to its settlement."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import Command
from resume_messaging.core import build
from resume_messaging.core.attempt import EXHAUSTED_MESSAGE, INTERNAL_MESSAGE, Context
from resume_messaging.core.claims import Claim
from resume_messaging.core.conclude import (
    Conclusion,
    concluded,
    expired_memo,
    may_retry,
    stage_limit,
)
from resume_messaging.core.gate import Gate, Passage, Verdict
from resume_messaging.core.handling import Handling
from resume_messaging.core.memory import Memory
from resume_messaging.core.observer import NullObserver, Observer
from resume_messaging.core.outcome import Fail, Retry, Settlement, Wait
from resume_messaging.core.patience import WEATHER, Patience
from resume_messaging.core.ports import (
    Classify,
    Delivery,
    Handler,
    Look,
    Memo,
    MemoStore,
    Outgoing,
    Publisher,
)
from resume_messaging.core.settings import RunnerSettings
from resume_messaging.core.signals import Signal
from resume_messaging.core.solo import Solo
from resume_messaging.core.stops import Stops
from resume_messaging.core.work import SettledError, Work
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()


class StageRunner:
    """Runs the stages of one process.

    Order for each delivery: deadline and stop, memo (a hit is published), gate, claim,
    `StageStarted`, handler, memo, one batch of event and next command, and only then the
    settlement. What is lost anywhere in between is done again by the redelivery, with the same
    ids. The claim's statement looks as well, so where the gate is open no look goes before it.

    Args:
        service: its name, for logs.
        owner: this process's name; claims are made in it.
        handlers: by stage.
        classify: turns a handler's exception into an outcome, or None for an unexpected one.
    """

    def __init__(
        self,
        *,
        service: str,
        owner: str,
        handlers: Mapping[str, Handler],
        publisher: Publisher,
        memos: MemoStore,
        gate: Gate,
        stops: Stops,
        classify: Classify,
        clock: Clock,
        sleep: Sleep,
        rng: random.Random,
        settings: RunnerSettings | None = None,
        observer: Observer | None = None,
    ) -> None:
        self._log = log.bind(service=service)
        self._owner = owner
        self._publisher = publisher
        self._memos = memos
        self._gate = gate
        self._closing = gate.closing
        self._stops = stops
        self._sleep = sleep
        self._settings = settings or RunnerSettings()
        self._clock = clock
        self._patience = Patience(clock=clock, sleep=sleep, rng=rng, settings=self._settings)
        self._memory = Memory(
            memos,
            patience=self._patience,
            clock=clock,
            closing=self._closing,
            linger_s=self._settings.linger_s,
        )
        self._observer = observer or NullObserver()
        self._handling = Handling(
            handlers,
            classify=classify,
            memory=self._memory,
            observer=self._observer,
            max_starts=self._settings.max_starts,
            clock=clock,
            sleep=sleep,
        )
        self._solo = Solo()
        self._runs = 0

    async def run(self, delivery: Delivery) -> Settlement:
        """Work on one delivery. Raises nothing; cancelling it cancels its handler.

        After `gate.close()` whoever has paid for nothing yet returns `REQUEUE` at once.
        """
        command = delivery.command
        with self._stops.watching(command.job_id, command.run) as stop:
            work = self._begin(delivery, stop)
            try:
                settlement = await self._work(work)
            except SettledError as settled:
                settlement = settled.settlement
            except WEATHER as error:
                settlement = Settlement.ACK if stop.is_set else Settlement.REQUEUE
                self._log.warning("stage.gave_up", stage=command.stage, error=str(error))
            except Exception as error:  # noqa: BLE001  a bug of ours, or a value nothing can store
                self._log.error("stage.broken", stage=command.stage, exc_info=error)
                settlement = await self._bury(work)
        if settlement is Settlement.REQUEUE:
            self._observer.requeued(command.stage)
        return settlement

    async def _bury(self, work: Work) -> Settlement:
        """To the dead letters, and the job hears of it: it must not wait out its deadline."""
        outcome = Fail(ErrorCode.INTERNAL_ERROR, INTERNAL_MESSAGE, retryable=True)
        _, memo = self._concluded(work, outcome, self._clock.now())
        try:
            await self._publish(work, memo)
        except WEATHER as error:
            self._log.warning("stage.gave_up", stage=work.command.stage, error=str(error))
            return Settlement.REQUEUE
        return Settlement.REJECT

    def _begin(self, delivery: Delivery, stop: Signal) -> Work:
        command = delivery.command
        offset = self._clock.monotonic() - self._clock.now().timestamp()
        limit = stage_limit(command).timestamp() + offset
        self._runs += 1
        return Work(
            delivery=delivery,
            key=build.memo_key(command),
            owner=f"{self._owner}/{self._runs}",
            stop=stop,
            deadline=command.deadline.timestamp() + offset,
            limit=limit,
            context=Context(command, limit, self._may_retry),
            is_suspect=delivery.delivery_count >= self._settings.suspect_after,
        )

    def _may_retry(self, command: Command, calls_used: int) -> bool:
        return may_retry(command, calls_used, self._clock.now())

    async def _work(self, work: Work) -> Settlement:
        memo: Memo | None = None
        while memo is None:
            self._check(work)
            if self._is_past(work.deadline):
                memo = expired_memo(work.command)
            else:
                memo = await self._recall(work) or await self._try(work)
        await self._publish(work, memo)
        return work.settlement

    def _check(self, work: Work) -> None:
        if work.stop.is_set:
            raise SettledError(Settlement.ACK)
        if self._closing.is_set:
            raise SettledError(Settlement.REQUEUE)

    def _is_past(self, moment: float) -> bool:
        return self._clock.monotonic() >= moment

    async def _recall(self, work: Work) -> Memo | None:
        """The stored outcome, unless the claim's own look follows at once."""
        provider = work.provider
        is_new = not work.is_announced and work.delivery.delivery_count == 0
        if is_new and (provider is None or self._gate.is_open(provider)):
            return None
        return await self._usable(work, await self._memory.look(work))

    async def _usable(self, work: Work, look: Look) -> Memo | None:
        memo = await self._memory.usable(work, look)
        if memo is not None:
            self._observer.recalled(work.command.stage)
        return memo

    async def _try(self, work: Work) -> Memo | None:
        """One try at the stage; None when it has to be tried again."""
        if work.contended:
            signals = (work.stop, self._closing)
            left = work.deadline - self._clock.monotonic()
            await self._patience.pause(work.contended - 1, signals, at_most=left)
            self._check(work)
        if self._is_past(work.limit):
            return await self._claimed(work)
        with await self._passage(work) as verdict:
            if verdict is Verdict.EXPIRED:
                if work.reserve_s is None:
                    return None
                work.context.do_without_provider = True
            async with self._solo.entered(alone=work.is_suspect):
                return await self._claimed(work, announce=True)

    async def _passage(self, work: Work) -> Passage:
        """Wait at the gate, if this delivery cannot do without its provider."""
        provider, wait, work.wait = work.provider, work.wait, None
        if provider is None:
            return Passage.free()
        deadline = work.limit - (work.reserve_s or 0.0)
        pause_s = 0.0 if wait is None else min(wait.seconds, self._settings.longest_pause_s)
        arrived = self._clock.monotonic()
        passage = await self._gate.passage(
            provider, deadline=deadline, stop=work.stop, pause_s=pause_s
        )
        held = self._clock.monotonic() - arrived
        self._observer.held(provider, passage.verdict.value, held)
        if passage.verdict in {Verdict.STOPPED, Verdict.SHUTDOWN}:
            self._check(work)
        return passage

    async def _announce(self, work: Work) -> bool:
        """Tell that the stage began; nothing is paid for before that is confirmed.

        False: it took so long that claim and look are old by now.
        """
        if work.is_announced:
            return True
        began = self._clock.monotonic()
        started = build.started(work.delivery, self._clock.now())
        await self._memory.before(work, lambda: self._publisher.publish([started]))
        work.is_announced = True
        return not self._is_past(began + self._settings.claim_s / 4)

    async def _claimed(self, work: Work, *, announce: bool = False) -> Memo | None:
        """Claim the stage, do it unless it is done, and store what it came to."""
        claim = Claim(
            self._memos, work, clock=self._clock, sleep=self._sleep, settings=self._settings
        )
        try:
            self._check(work)
            look = await self._memory.before(work, claim.take)
            memo = await self._usable(work, look)
            if memo is not None:
                return memo
            if not look.claimed:
                work.contended += 1
                return None
            work.contended = 0
            if announce and not await self._announce(work):
                return None
            self._check(work)
            return await self._do(work, claim)
        finally:
            await claim.end()

    async def _do(self, work: Work, claim: Claim) -> Memo | None:
        """Run the handler and store the stage's outcome; None when it wishes to wait."""
        started_at = self._clock.now()
        async with claim.kept():
            outcome = await self._handling.outcome(work)
        if isinstance(outcome, Wait):
            if not work.context.do_without_provider:
                work.wait, work.spent = outcome, work.spent + outcome.usage
                return None
            outcome = Retry(ErrorCode.PROVIDER_UNAVAILABLE, EXHAUSTED_MESSAGE, outcome.usage)
        outcome = replace(outcome, usage=work.spent + outcome.usage)
        self._observer.billed(outcome.usage)
        conclusion, memo = self._concluded(work, outcome, started_at)
        await self._memory.save(work, memo)
        claim.is_spent = True
        if isinstance(conclusion, Fail):
            self._observer.failed(work.command.stage, conclusion.code)
        # Taken over by another meanwhile: the outcome that was stored first is the stage's.
        return memo if claim.is_live else (await self._memory.stored(work) or memo)

    def _concluded(
        self, work: Work, outcome: Conclusion, started_at: datetime
    ) -> tuple[Conclusion, Memo]:
        used, now = work.context.used, self._clock.now()
        return concluded(work.command, outcome, started_at=started_at, now=now, calls_used=used)

    async def _publish(self, work: Work, memo: Memo) -> None:
        """Publish what follows, all of it, until all of it is confirmed."""
        batch: list[Outgoing] = build.events_and_next(work.delivery, memo)
        await self._patience.insist(
            lambda: self._publisher.publish(batch),
            until=self._memory.last_moment(work),
            # The outcome is stored: a redelivery can publish it as well.
            signals=(work.stop, self._closing),
        )
