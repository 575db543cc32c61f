"""Our own breaker, through the whole of `Outbound.call`."""

import random
from collections.abc import Callable

from resume_outbound.breaker import LEASE_MARGIN_S
from resume_outbound.call import Outbound
from resume_outbound.errors import CircuitOpenError
from resume_outbound.observer import NullObserver
from resume_outbound.policy import Policy
from resume_outbound.verdict import Verdict

from .rig import BadRequestError, Clocks, Factory, Spec


class Ours:
    """One provider, no retries, more slots than any case has calls."""

    def __init__(self, clocks: Clocks, spec: Spec) -> None:
        assert spec.lease == spec.timeout + LEASE_MARGIN_S
        policy = Policy(
            "p", 100, spec.timeout, 0, spec.threshold, spec.window, spec.recovery, total=10_000
        )
        self._clocks = clocks
        self._outbound = Outbound(
            {"p": policy},
            clock=clocks,
            sleep=clocks.sleep,
            rng=random.Random(1),
            observer=NullObserver(),
        )

    async def call(self, factory: Factory) -> str:
        deadline = self._clocks.monotonic() + 10_000
        return await self._outbound.call("p", factory, deadline=deadline, classify=_classify)

    def retry_after(self, error: BaseException) -> float:
        assert isinstance(error, CircuitOpenError)
        return error.retry_after

    def listen(self, listener: Callable[[], None]) -> None:
        self._outbound.subscribe(lambda _state: listener())

    async def isolate(self) -> None:
        self._outbound.isolate("p")

    async def reset(self) -> None:
        self._outbound.reset("p")


def _classify(error: BaseException) -> Verdict | None:
    return Verdict.refused(400) if isinstance(error, BadRequestError) else None
