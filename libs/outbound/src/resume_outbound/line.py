"""What all callers of one provider share: its breaker, slots and pause."""

import logging

from purgatory.domain.messages.events import ContextChanged

from resume_outbound.availability import ProviderState, StateFeed
from resume_outbound.breaker import NEWS_S, Admission, Breaker, Settlement
from resume_outbound.budget import RetryBudget
from resume_outbound.errors import CircuitOpenError, RateLimitedError
from resume_outbound.fleet import FleetLimits
from resume_outbound.observer import Observer
from resume_outbound.policy import Policy
from resume_outbound.verdict import Verdict
from resume_runtime.clock import Clock

logger = logging.getLogger(__name__)

#: Whose probe came to nothing, because the circuit changed meanwhile, asks again after this.
ASK_AGAIN_S = 0.1


class Line:
    """One provider as this process knows it. Only a slot and the fleet's probe are waited for."""

    def __init__(
        self,
        policy: Policy,
        *,
        clock: Clock,
        observer: Observer,
        feed: StateFeed,
        fleet: FleetLimits,
    ) -> None:
        self.policy = policy
        self.slots = fleet.slots(policy)
        self._fleet = fleet
        self._breaker = Breaker(policy, clock.monotonic)
        self.budget = RetryBudget(clock.monotonic)
        self._paused_since = self._paused_until = clock.monotonic()
        self._clock = clock
        self._observer = observer
        self._feed = feed
        fleet.follow(policy.name, self)

    @property
    def is_half_open(self) -> bool:
        """Whether only one call at a time is let through."""
        return self._breaker.is_half_open

    @property
    def pause_left(self) -> float:
        """Seconds that the provider's callers still pause, 0 when they do not."""
        return max(0.0, self._paused_until - self._clock.monotonic())

    def state(self) -> ProviderState:
        """How the provider is just now."""
        name, half_open = self.policy.name, self._breaker.is_half_open
        circuit = self._breaker.blocked_until()
        paused = self._paused_until if self.pause_left else None
        until = max((t for t in (circuit, paused) if t is not None), default=None)
        if circuit is not None and not half_open:
            return ProviderState(name, "open", until)
        if paused is not None:
            return ProviderState(name, "paused", until)
        return ProviderState(name, "half_open" if half_open else "closed", until)

    def check(self) -> None:
        """Return when a call may be tried.

        Raises:
            RateLimitedError: the callers pause.
            CircuitOpenError: open, or the one probe is under way.
        """
        if self._breaker.blocked_until() is None and not self.pause_left:
            return
        state = self.state()
        if state.until is None:
            return
        seconds = max(0.0, state.until - self._clock.monotonic())
        if state.kind == "paused":
            raise RateLimitedError(state.provider, seconds)
        # A probe normally ends long before its lease, and its end is published.
        raise CircuitOpenError(state.provider, min(seconds, self.policy.recovery))

    async def admit(self) -> Admission:
        """Take the right to one attempt; `settle` it.

        Raises:
            RateLimitedError: the callers pause.
            CircuitOpenError: open, or the one probe is under way.
        """
        self.check()
        admission = self._breaker.admit()
        if admission.is_probe:
            await self._take_probe(admission)
            self._publish_changes(anyway=True)
        return admission

    def settle(self, admission: Admission, verdict: Verdict, *, pause: float | None) -> None:
        """Say how the attempt ended; `pause` all callers for so many seconds."""
        settlement: Settlement = "ignore"
        if verdict.counted:
            settlement = "ok" if verdict.judgement == "ok" else "failure"
        self._breaker.settle(admission, settlement)
        if pause is not None:
            self._pause(pause)
        self._publish_changes(anyway=pause is not None or admission.is_probe)
        if admission.is_probe:
            self._fleet.return_probe(self.policy.name)

    def isolate(self) -> None:
        """Let nothing out until `reset`."""
        self._breaker.isolate()
        self._publish_changes(tell=False)

    def reset(self) -> None:
        """Close the circuit, forget failures and pause."""
        self._breaker.reset()
        self._paused_until = self._clock.monotonic()
        self._fleet.unpaused(self.policy.name)
        self._publish_changes(anyway=True)

    def follow_opening(self, seconds: float) -> None:
        """Another replica's circuit opened for so long. It is no trip of ours."""
        if self._breaker.follow_opening(seconds):
            extra = {"provider": self.policy.name, "seconds": round(seconds, 3)}
            logger.warning("outbound.circuit_opened_elsewhere", extra=extra)
            self._follow()

    def follow_closing(self) -> None:
        """Another replica's probe went well."""
        if self._breaker.follow_closing():
            logger.info("outbound.circuit_closed_elsewhere", extra={"provider": self.policy.name})
            self._follow()

    def follow_pause(self, seconds: float) -> None:
        """Another replica was told to pause for so long; for 0 s: a person ended the pause."""
        now = self._clock.monotonic()
        if seconds <= 0:
            self._paused_until = now
            self._follow()
            return
        if now + seconds <= self._paused_until + NEWS_S:
            return
        if not self.pause_left:
            self._paused_since = now
            extra = {"provider": self.policy.name, "seconds": round(seconds, 3)}
            logger.warning("outbound.paused_elsewhere", extra=extra)
        self._paused_until = now + seconds
        self._follow()

    async def _take_probe(self, probe: Admission) -> None:
        """Make our breaker's probe the fleet's; raises CircuitOpenError when it cannot be."""
        name = self.policy.name
        try:
            wait = await self._fleet.take_probe(name)
        except BaseException:
            self._breaker.settle(probe, "ignore")
            raise
        if wait is not None:
            self._breaker.cede(probe, wait)
        elif not self._breaker.is_current(probe):
            self._fleet.return_probe(name)
            wait = ASK_AGAIN_S
        if wait is not None:
            self._publish_changes(anyway=True)
            raise CircuitOpenError(name, wait)
        self._observer.probed(name)
        logger.info("outbound.probe", extra={"provider": name})

    def _pause(self, seconds: float) -> None:
        """Begin a pause, or let the present one last `seconds` from its beginning.

        Who was under way when it began hears of the same limit later: were each 429 to count from
        its own moment, a storm's stragglers would stretch the pause by as much as they are slow.
        """
        now, name = self._clock.monotonic(), self.policy.name
        if not self.pause_left:
            self._paused_since = now
            self._observer.paused(name)
            logger.warning("outbound.paused", extra={"provider": name, "seconds": seconds})
        self._paused_until = max(self._paused_until, self._paused_since + seconds)
        self._fleet.paused(name, self.pause_left)

    def _follow(self) -> None:
        """Publish what the fleet said, and do not say it again."""
        self._breaker.take_events()
        state = self.state()
        self._observer.state_changed(state)
        self._feed.publish(state)

    def _publish_changes(self, *, anyway: bool = False, tell: bool = True) -> None:
        """Publish the state when the circuit changed; `anyway` when something else did.

        `tell` the fleet, too, of what it opened or closed for.
        """
        if not anyway and not self._breaker.messages:
            return
        changes = [e for e in self._breaker.take_events() if isinstance(e, ContextChanged)]
        for change in changes:
            if change.state == "opened":
                logger.warning("outbound.circuit_opened", extra={"provider": change.name})
                self._observer.tripped(change.name)
                if tell:
                    self._fleet.opened(change.name, self.policy.recovery)
            elif change.state == "closed":
                self._fleet.closed(change.name)
        if changes or anyway:
            state = self.state()
            self._observer.state_changed(state)
            self._feed.publish(state)
