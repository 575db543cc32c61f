"""One way to call a provider: every attempt passes breaker, slots, deadline and time limit."""

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Never, TypeVar

from purgatory.domain.messages.events import ContextChanged

from resume_outbound import retry
from resume_outbound.availability import ProviderState, StateFeed, StateListener
from resume_outbound.breaker import Admission, Breaker, Settlement
from resume_outbound.bulkhead import Bulkhead
from resume_outbound.classify import classify as classify_by_default
from resume_outbound.errors import (
    CircuitOpenError,
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_outbound.observer import GuardedObserver, Observer
from resume_outbound.policy import Policy
from resume_outbound.timing import ElapsedError, within
from resume_outbound.verdict import Classify, Verdict
from resume_runtime.clock import Clock, Sleep

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: How long a call queues for a slot (playbook 3.4).
SLOT_WAIT_S = 10.0
#: An attempt with less time than this is not started: it would be paid for and thrown away.
SHORTEST_ATTEMPT_S = 5.0
#: A call waits this long between attempts; what takes longer is held outside, at the gate.
LONGEST_WAIT_S = 10.0
#: Some event loops' timers fire up to a millisecond early; a pause must be over when we come back.
TIMER_SLACK_S = 0.01


@dataclass(slots=True)
class _Line:
    """What one provider's callers share."""

    policy: Policy
    breaker: Breaker
    bulkhead: Bulkhead
    paused_until: float = 0.0


@dataclass(frozen=True, slots=True)
class _Order(Generic[T]):
    """One call, as asked for. `ends` is its own last moment, at most `deadline`."""

    factory: Callable[[], Awaitable[T]]
    deadline: float
    ends: float
    classify: Classify | None
    on_attempt: Callable[[int], None] | None


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    value: T
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class _Failed:
    """A judged exception. Kept itself only when the caller shall get it as it is."""

    verdict: Verdict
    reason: str
    original: Exception | None


class Outbound:
    """The providers of one process. `call` is the only way out; the rest tells how they are.

    An opened circuit turns half-open, and a pause ends, by the passing of time alone: nothing is
    announced at that moment, `until` said it before. Every other change is published.

    Time limits race the attempt against `sleep`: it must really wait, or move a clock for all who
    sleep (`resume_outbound.testing.ManualTime`), never move the clock by itself.
    """

    def __init__(
        self,
        policies: Mapping[str, Policy],
        *,
        clock: Clock,
        sleep: Sleep,
        rng: random.Random,
        observer: Observer,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._observer = GuardedObserver(observer)
        self._feed = StateFeed()
        self._lines = {
            name: _Line(
                policy,
                Breaker(policy, clock.monotonic),
                Bulkhead(name, policy.max_concurrent, sleep),
            )
            for name, policy in policies.items()
        }

    async def call(
        self,
        provider: str,
        factory: Callable[[], Awaitable[T]],
        *,
        deadline: float,
        classify: Classify | None = None,
        on_attempt: Callable[[int], None] | None = None,
    ) -> T:
        """Call `factory()` until it gives a result, as the provider's policy allows.

        Args:
            provider: the name of a policy.
            factory: starts one attempt; called once per attempt. It must not retry by itself.
            deadline: monotonic seconds by which the job must be done.
            classify: judges an exception before the default does; None leaves it to the default.
            on_attempt: told 1, 2, … just before an attempt starts; what it raises ends the call.

        Raises:
            WaitableError: circuit open, rate limited or no slot: hold it and ask again later.
            DeadlineTooCloseError: under 5 s left; nothing was called.
            ProviderFailedError: out of attempts, or not worth another one.
            ProviderRefusedError: the request or the account is at fault.
            Exception: what `factory` raised, when the verdict on it is ok or neutral.
        """
        line = self._lines[provider]
        ends = min(deadline, self._clock.monotonic() + line.policy.total)
        order = _Order(factory, deadline, ends, classify, on_attempt)
        attempt = 0
        while True:
            attempt += 1
            result = await self._attempt(line, order, attempt)
            if isinstance(result, _Done):
                return result.value
            await self._sleep(self._delay(line, result, attempt, ends))

    def state(self, provider: str) -> ProviderState:
        """How the provider is just now."""
        line = self._lines[provider]
        circuit, half_open = line.breaker.blocked_until(), line.breaker.is_half_open
        paused = line.paused_until if self._clock.monotonic() < line.paused_until else None
        until = max((t for t in (circuit, paused) if t is not None), default=None)
        if circuit is not None and not half_open:
            return ProviderState(provider, "open", until)
        if paused is not None:
            return ProviderState(provider, "paused", until)
        return ProviderState(provider, "half_open" if half_open else "closed", until)

    def blocked_until(self, provider: str) -> float | None:
        """Monotonic time before which no call may start; None when one may be tried."""
        return self.state(provider).until

    def is_probing(self, provider: str) -> bool:
        """Whether only one call at a time is let through (half-open)."""
        return self._lines[provider].breaker.is_half_open

    def subscribe(self, listener: StateListener) -> Callable[[], None]:
        """Tell `listener` every published change of state; returns the unsubscriber."""
        return self._feed.subscribe(listener)

    def watch(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """`subscribe` for those who only need the provider's name."""
        return self._feed.subscribe(lambda state: listener(state.provider))

    def isolate(self, provider: str) -> None:
        """Let no call out, until `reset`."""
        line = self._lines[provider]
        line.breaker.isolate()
        self._publish_changes(line)

    def reset(self, provider: str) -> None:
        """Close the circuit, forget failures and pause."""
        line = self._lines[provider]
        line.breaker.reset()
        line.paused_until = 0.0
        self._publish_changes(line)

    async def _attempt(self, line: _Line, order: _Order[T], attempt: int) -> "_Done[T] | _Failed":
        left = self._time_left(line, order.ends)
        self._check_blocked(line)
        wait = min(SLOT_WAIT_S, left - SHORTEST_ATTEMPT_S)
        async with line.bulkhead.slot(deadline=order.deadline, wait=wait):
            left = self._time_left(line, order.ends)
            self._check_blocked(line)  # the provider may have changed while we queued
            admission = line.breaker.admit()
            self._publish_changes(line, anyway=admission.is_probe)
            verdict = Verdict.neutral()
            try:
                if order.on_attempt is not None:
                    order.on_attempt(attempt)
                result = await self._run(line, order, left)
                verdict = result.verdict
            finally:
                self._settle(line, admission, verdict, attempt)
            return result

    async def _run(self, line: _Line, order: _Order[T], left: float) -> "_Done[T] | _Failed":
        policy = line.policy
        limit = min(policy.timeout, left)
        started = self._clock.monotonic()
        result: _Done[T] | _Failed | None = None
        self._observer.attempt_started(policy.name)
        try:
            value = await within(limit, order.factory, self._sleep)
            result = _Done(value, Verdict.ok())
        except ElapsedError:
            # Cut short by our own deadline it says little about the provider.
            verdict = Verdict.failure("timeout", counted=limit >= policy.timeout / 2)
            result = _Failed(verdict, "ElapsedError", None)
        except Exception as error:  # noqa: BLE001  judged below, never swallowed
            result = self._judge(error, order.classify)
        finally:
            verdict = result.verdict if result is not None else Verdict.neutral()
            seconds = self._clock.monotonic() - started
            self._observer.attempt_finished(policy.name, seconds, verdict.ending)
        return result

    def _judge(self, error: Exception, classify: Classify | None) -> _Failed:
        verdict = classify(error) if classify is not None else None
        verdict = verdict or classify_by_default(error, self._clock.now())
        kept = error if verdict.judgement in {"ok", "neutral"} else None
        return _Failed(verdict, type(error).__name__, kept)

    def _settle(self, line: _Line, admission: Admission, verdict: Verdict, attempt: int) -> None:
        settlement: Settlement = "ignore"
        if verdict.counted:
            settlement = "ok" if verdict.judgement == "ok" else "failure"
        line.breaker.settle(admission, settlement)
        if verdict.judgement == "rate_limited":
            pause = retry.pause(verdict.retry_after, attempt, self._rng)
            line.paused_until = max(line.paused_until, self._clock.monotonic() + pause)
        paused = verdict.judgement == "rate_limited"
        self._publish_changes(line, anyway=paused or admission.is_probe)

    def _delay(self, line: _Line, failed: _Failed, attempt: int, ends: float) -> float:
        """Seconds to the next attempt; raises when there is none."""
        verdict, now = failed.verdict, self._clock.monotonic()
        if not verdict.retry or attempt > line.policy.retries:
            self._raise(line, failed)
        if verdict.judgement == "rate_limited":
            delay = line.paused_until - now + TIMER_SLACK_S
        else:
            delay = max(retry.backoff(attempt, self._rng), verdict.retry_after or 0.0)
            blocked = self.blocked_until(line.policy.name)
            if blocked is not None and blocked > now + delay:
                self._check_blocked(line)
        if delay > LONGEST_WAIT_S or now + delay + SHORTEST_ATTEMPT_S > ends:
            self._raise(line, failed)
        return delay

    def _raise(self, line: _Line, failed: _Failed) -> Never:
        verdict, name = failed.verdict, line.policy.name
        if failed.original is not None:
            raise failed.original
        if verdict.judgement == "rate_limited":
            raise RateLimitedError(name, max(0.0, line.paused_until - self._clock.monotonic()))
        if verdict.judgement == "refused":
            raise ProviderRefusedError(name, verdict.status, verdict.code)
        raise ProviderFailedError(
            name,
            verdict.kind,
            status=verdict.status,
            retryable=verdict.retry,
            reason=failed.reason,
        )

    def _check_blocked(self, line: _Line) -> None:
        state = self.state(line.policy.name)
        if state.until is None:
            return
        seconds = max(0.0, state.until - self._clock.monotonic())
        if state.kind == "paused":
            raise RateLimitedError(state.provider, seconds)
        # A probe normally ends long before its lease, and its end is published.
        raise CircuitOpenError(state.provider, min(seconds, line.policy.recovery))

    def _time_left(self, line: _Line, ends: float) -> float:
        left = ends - self._clock.monotonic()
        if left < SHORTEST_ATTEMPT_S:
            raise DeadlineTooCloseError(line.policy.name, left)
        return left

    def _publish_changes(self, line: _Line, *, anyway: bool = False) -> None:
        """Publish the state when the circuit changed; `anyway` when something else did."""
        changes = [e for e in line.breaker.take_events() if isinstance(e, ContextChanged)]
        for change in changes:
            if change.state == "opened":
                logger.warning("outbound.circuit_opened", extra={"provider": change.name})
                self._observer.tripped(change.name)
        if changes or anyway:
            state = self.state(line.policy.name)
            self._observer.state_changed(state)
            self._feed.publish(state)
