"""One way to call a provider: every attempt passes breaker, slots, deadline and time limit."""

import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Never, TypeVar

from resume_outbound import retry
from resume_outbound.attempt import Done, Failed, Order, ending_of
from resume_outbound.availability import ProviderState, StateFeed, StateListener
from resume_outbound.classify import classify as classify_by_default
from resume_outbound.errors import (
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    RateLimitedError,
)
from resume_outbound.fleet import FleetLimits, LocalFleet
from resume_outbound.line import Line
from resume_outbound.observer import GuardedObserver, Observer
from resume_outbound.policy import Policy
from resume_outbound.timing import ElapsedError, within
from resume_outbound.verdict import Classify, Verdict, Waste
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


_OK = Verdict.ok()
_NEUTRAL = Verdict.neutral()


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
        fleet: FleetLimits | None = None,
    ) -> None:
        """`fleet`: what is shared with other replicas; without it the policies are all ours."""
        self._clock = clock
        self._sleep = sleep
        self._rng = rng
        self._observer = GuardedObserver(observer)
        self._feed = StateFeed()
        self._lines = {
            name: Line(
                policy,
                clock=clock,
                observer=self._observer,
                feed=self._feed,
                fleet=fleet or LocalFleet(sleep),
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
        order = Order(factory, deadline, ends, classify, on_attempt)
        attempt = 0
        try:
            line.budget.count_call()
            while True:
                attempt += 1
                result = await self._attempt(line, order, attempt)
                if isinstance(result, Done):
                    self._observer.call_finished(provider, "ok")
                    return result.value
                delay = self._delay(line, result, attempt, ends)
                self._say_retry(provider, result, attempt, delay)
                await self._sleep(delay)
        except BaseException as error:
            self._observer.call_finished(provider, ending_of(error))
            raise

    def policy(self, provider: str) -> Policy:
        """This process's policy for the provider."""
        return self._lines[provider].policy

    def state(self, provider: str) -> ProviderState:
        """How the provider is just now."""
        return self._lines[provider].state()

    def blocked_until(self, provider: str) -> float | None:
        """Monotonic time before which no call may start; None when one may be tried."""
        return self._lines[provider].state().until

    def is_probing(self, provider: str) -> bool:
        """Whether only one call at a time is let through (half-open)."""
        return self._lines[provider].is_half_open

    def subscribe(self, listener: StateListener) -> Callable[[], None]:
        """Tell `listener` every published change of state; returns the unsubscriber."""
        return self._feed.subscribe(listener)

    def watch(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """`subscribe` for those who only need the provider's name."""
        return self._feed.subscribe(lambda state: listener(state.provider))

    def isolate(self, provider: str) -> None:
        """Let no call out, until `reset`."""
        self._lines[provider].isolate()

    def reset(self, provider: str) -> None:
        """Close the circuit, forget failures and pause."""
        self._lines[provider].reset()

    async def _attempt(self, line: Line, order: Order[T], attempt: int) -> Done[T] | Failed:
        left = self._time_left(line, order.ends)
        line.check()
        wait = min(SLOT_WAIT_S, left - SHORTEST_ATTEMPT_S)
        async with line.slots.slot(deadline=order.deadline, wait=wait):
            self._time_left(line, order.ends)
            admission = await line.admit()  # checks again: the provider may have changed meanwhile
            verdict = _NEUTRAL
            try:
                # The fleet's probe may have been waited for.
                left = self._time_left(line, order.ends)
                if order.on_attempt is not None:
                    order.on_attempt(attempt)
                result = await self._run(line.policy, order, left, attempt)
                verdict = result.verdict
            finally:
                line.settle(admission, verdict, pause=self._pause(verdict, attempt))
            return result

    async def _run(
        self, policy: Policy, order: Order[T], left: float, attempt: int
    ) -> Done[T] | Failed:
        limit = min(policy.timeout, left)
        started = self._clock.monotonic()
        result: Done[T] | Failed | None = None
        self._observer.attempt_started(policy.name)
        try:
            value = await within(limit, order.factory, self._sleep)
            result = Done(value, _OK)
        except ElapsedError:
            # Cut short by our own deadline it says little about the provider.
            verdict = Verdict.failure("timeout", counted=limit >= policy.timeout / 2)
            cause: Waste = "timeout" if limit == policy.timeout else "deadline"
            result = Failed(verdict, "ElapsedError", None, cause)
        except Exception as error:  # noqa: BLE001  judged below, never swallowed
            result = self._judge(error, order.classify)
        finally:
            seconds = self._clock.monotonic() - started
            self._say_attempt(policy.name, result, seconds, attempt)
        return result

    def _say_attempt(
        self, provider: str, result: Done[T] | Failed | None, seconds: float, attempt: int
    ) -> None:
        """Tell the observer and the log; no result: it was cancelled."""
        ending = (result.verdict if result is not None else _NEUTRAL).ending
        self._observer.attempt_finished(provider, seconds, ending)
        if isinstance(result, Done):
            level, status, reason = logging.DEBUG, None, ""
        else:
            waste = result.waste if result is not None else "cancelled"
            if waste is not None:
                self._observer.attempt_wasted(provider, waste)
            level = logging.INFO
            status = result.verdict.status if result is not None else None
            reason = result.reason if result is not None else "CancelledError"
        if logger.isEnabledFor(level):
            said = {"provider": provider, "attempt": attempt, "seconds": round(seconds, 3)}
            said |= {"ending": ending, "status": status, "reason": reason}
            logger.log(level, "outbound.attempt", extra=said)

    def _say_retry(self, provider: str, failed: Failed, attempt: int, delay: float) -> None:
        self._observer.retried(provider)
        logger.info(
            "outbound.retry",
            extra={"provider": provider, "attempt": attempt, "seconds": round(delay, 3)}
            | {"ending": failed.verdict.ending, "status": failed.verdict.status},
        )

    def _judge(self, error: Exception, classify: Classify | None) -> Failed:
        verdict = self._verdict(error, classify) or classify_by_default(error, self._clock.now())
        kept = error if verdict.judgement in {"ok", "neutral"} else None
        waste: Waste | None = None
        if verdict.judgement == "failure" and verdict.kind != "status":  # an error is not billed
            waste = verdict.kind
        return Failed(verdict, type(error).__name__, kept, waste)

    @staticmethod
    def _verdict(error: Exception, classify: Classify | None) -> Verdict | None:
        """The caller's judgement; one that breaks must not hide a failure from the breaker."""
        if classify is None:
            return None
        try:
            return classify(error)
        except Exception as broken:
            logger.exception("outbound.classify_failed", exc_info=broken)
            return None

    def _pause(self, verdict: Verdict, attempt: int) -> float | None:
        if verdict.judgement != "rate_limited":
            return None
        return retry.pause(verdict.retry_after, attempt, self._rng)

    def _delay(self, line: Line, failed: Failed, attempt: int, ends: float) -> float:
        """Seconds to the next attempt; raises when there is none."""
        verdict, now = failed.verdict, self._clock.monotonic()
        if not verdict.retry or attempt > line.policy.retries:
            self._raise(line, failed)
        if verdict.judgement == "rate_limited":
            delay = line.pause_left + TIMER_SLACK_S
        else:
            delay = max(retry.backoff(attempt, self._rng), verdict.retry_after or 0.0)
            until = line.state().until
            if until is not None and until > now + delay:
                line.check()
        if delay > LONGEST_WAIT_S or now + delay + SHORTEST_ATTEMPT_S > ends:
            self._raise(line, failed)
        if not line.budget.spend():
            self._observer.retry_denied(line.policy.name)
            logger.warning("outbound.retry_budget_spent", extra={"provider": line.policy.name})
            self._raise(line, failed)
        return delay

    def _raise(self, line: Line, failed: Failed) -> Never:
        verdict, name = failed.verdict, line.policy.name
        if failed.original is not None:
            raise failed.original
        if verdict.judgement == "rate_limited":
            raise RateLimitedError(name, line.pause_left)
        if verdict.judgement == "refused":
            raise ProviderRefusedError(name, verdict.status, verdict.code)
        raise ProviderFailedError(
            name,
            verdict.kind,
            status=verdict.status,
            retryable=verdict.retry,
            reason=failed.reason,
        )

    def _time_left(self, line: Line, ends: float) -> float:
        left = ends - self._clock.monotonic()
        if left < SHORTEST_ATTEMPT_S:
            raise DeadlineTooCloseError(line.policy.name, left)
        return left
