"""Random histories of one breaker against a plain model of it."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from resume_outbound.breaker import LEASE_MARGIN_S, Admission, Breaker, Settlement
from resume_outbound.errors import CircuitOpenError
from resume_outbound.policy import Policy
from resume_outbound.testing import ManualTime

POLICY = Policy("p", max_concurrent=9, timeout=20, retries=0, threshold=3, window=60, recovery=30)
LEASE = POLICY.timeout + LEASE_MARGIN_S


@dataclass
class Call:
    admission: Admission
    lease_ends: float


class BreakerMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.time = ManualTime()
        self.breaker = Breaker(POLICY, self.time.monotonic)
        self.calls: list[Call] = []
        self.failures: list[float] = []

    def live_probes(self) -> list[Call]:
        now = self.time.monotonic()
        return [c for c in self.calls if c.admission.is_probe and now < c.lease_ends]

    @rule(seconds=st.sampled_from([0.5, 7.0, 29.9, 30.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.time.jump(seconds)

    @rule()
    def admit(self) -> None:
        if self.breaker.blocked_until() is not None:
            with pytest.raises(CircuitOpenError) as refusal:
                self.breaker.admit()
            assert 0 < refusal.value.retry_after <= POLICY.recovery
            return
        admission = self.breaker.admit()
        assert admission.is_probe == (self.breaker.state == "half-opened")
        self.calls.append(Call(admission, self.time.monotonic() + LEASE))

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), settlement=st.sampled_from(["ok", "failure", "ignore"]))
    def settle(self, data: st.DataObject, settlement: Settlement) -> None:
        call = self.calls.pop(data.draw(st.integers(0, len(self.calls) - 1)))
        was, now = str(self.breaker.state), self.time.monotonic()
        current = call.admission.era == self.breaker._era
        mine = call.admission is self.breaker._probe
        self.breaker.settle(call.admission, settlement)
        expected = was
        if was == "closed" and current and settlement == "failure":
            self.failures = [t for t in [*self.failures, now] if t > now - POLICY.window]
            expected = "opened" if len(self.failures) >= POLICY.threshold else "closed"
        elif was == "half-opened" and current and mine:
            expected = {"ok": "closed", "failure": "opened", "ignore": "half-opened"}[settlement]
        assert self.breaker.state == expected
        if expected != "closed":
            self.failures = []

    @rule()
    def isolate_and_reset(self) -> None:
        self.breaker.isolate()
        assert self.breaker.blocked_until() is not None
        self.breaker.reset()
        self.failures = []
        assert self.breaker.state == "closed"

    @invariant()
    def one_live_probe_per_era(self) -> None:
        eras = [call.admission.era for call in self.live_probes()]
        assert len(eras) == len(set(eras))

    @invariant()
    def half_open_and_blocked_agree(self) -> None:
        if self.breaker.state == "closed":
            assert self.breaker.blocked_until() is None
            assert not self.breaker.is_half_open


BreakerMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestBreakerMachine = BreakerMachine.TestCase
