"""Several endpoints in order: the next one is asked when one cannot answer.

For the rest of the system they are one provider, `openai`: its deliveries are held only while no
endpoint at all may be called.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import structlog

from resume_messaging.core.ports import BudgetExhaustedError
from resume_outbound.availability import ProviderState, StateListener
from resume_outbound.call import Outbound
from resume_outbound.errors import (
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from resume_runtime.clock import Clock
from tailor_svc.form import A
from tailor_svc.openai import OpenAIEndpoint
from tailor_svc.ports import Asking, Reply, Request

log = structlog.get_logger()

#: The provider that stages of this service name (`Stage.provider`).
PROVIDER: Final = "openai"
#: How long an endpoint whose account or model is at fault is passed over.
REST_S: Final = 60.0
#: Refusals that say nothing about the request: key, billing, access, model.
_ACCOUNT: Final = frozenset({401, 402, 403, 404, 429})


class EndpointStates:
    """All endpoints' availability as that of the one provider `openai`: the best of them.

    An `Availability` for the gate. `names` are the endpoints', as `outbound` knows them.
    """

    def __init__(self, names: Sequence[str], outbound: Outbound, clock: Clock) -> None:
        self._names = tuple(names)
        self._outbound = outbound
        self._clock = clock
        self._resting: dict[str, float] = {}

    def candidates(self) -> tuple[str, ...]:
        """The endpoints to try, in order: those that do not rest, or else all."""
        now = self._clock.monotonic()
        awake = tuple(n for n in self._names if self._resting.get(n, now) <= now)
        return awake or self._names

    def rest(self, name: str) -> None:
        """Pass over an endpoint for a while."""
        self._resting[name] = self._clock.monotonic() + REST_S

    def blocked_until(self, provider: str) -> float | None:
        """Monotonic time before which no call may start; None when one may be tried."""
        return self.state(provider).until

    def state(self, provider: str) -> ProviderState:
        """The best state among the candidates, as that of `provider`."""
        states = [self._outbound.state(name) for name in self.candidates()]
        best = min(states, key=_rank)
        return ProviderState(provider, best.kind, best.until)

    def subscribe(self, listener: StateListener) -> Callable[[], None]:
        """Tell `listener` when the best state changes; returns the unsubscriber."""
        last = ProviderState(PROVIDER, "closed")

        def changed(_: ProviderState) -> None:
            nonlocal last
            state = self.state(PROVIDER)
            if state != last:
                last = state
                listener(state)

        return self._outbound.subscribe(changed)


def _rank(state: ProviderState) -> tuple[bool, float, bool]:
    """The one that may be called goes before, then the one that may be called soonest."""
    return state.until is not None, state.until or 0.0, state.kind == "half_open"


class EndpointsInOrder:
    """A `Model`: the first endpoint that can answer."""

    def __init__(self, endpoints: Sequence[OpenAIEndpoint], states: EndpointStates) -> None:
        self._endpoints = {endpoint.name: endpoint for endpoint in endpoints}
        self._states = states

    async def ask(self, request: Request[A], asking: Asking) -> Reply[A]:
        """See the port. A model that declines has answered: no other one is asked to give in."""
        failures: list[OutboundError] = []
        too_dear: BudgetExhaustedError | None = None
        for name in self._states.candidates():
            try:
                reply = await self._endpoints[name].ask(request, asking)
            except DeadlineTooCloseError:
                if not failures:
                    raise
                break
            except BudgetExhaustedError as error:
                # The next one may be cheaper.
                too_dear = error
                continue
            except OutboundError as error:
                if _is_content_refused(error):
                    raise
                self._pass_over(error, name)
                failures.append(error)
                continue
            return self._named(reply, name)
        if too_dear is not None and not failures:
            raise too_dear
        raise _worst(failures)

    def _pass_over(self, error: OutboundError, name: str) -> None:
        if _is_account_refused(error):
            self._states.rest(name)
        if len(self._endpoints) > 1:
            log.info("tailor.endpoint_passed_over", endpoint=name, error=str(error))

    def _named(self, reply: Reply[A], name: str) -> Reply[A]:
        if name == next(iter(self._endpoints)):
            return reply
        note = f"The first choice of model was not available: «{name}» answered."
        return replace(reply, notes=(note, *reply.notes))


def _is_content_refused(error: OutboundError) -> bool:
    return isinstance(error, ProviderRefusedError) and error.code == "content_filter"


def _is_account_refused(error: OutboundError) -> bool:
    return isinstance(error, ProviderRefusedError) and error.status in _ACCOUNT


def _worst(failures: Sequence[OutboundError]) -> OutboundError:
    """What all of them together mean for the stage.

    Waiting is only for when it is all that is needed: while an endpoint may be called that then
    fails, the gate would let the delivery through at once, again and again.
    """
    waits = [error for error in failures if isinstance(error, WaitableError)]
    others = [error for error in failures if not isinstance(error, WaitableError)]
    if waits and all(_is_account_refused(error) for error in others):
        soonest = min(waits, key=lambda error: error.retry_after)
        if soonest.provider == PROVIDER:
            return soonest
        return WaitableError(PROVIDER, "no endpoint may be called", soonest.retry_after)
    failed = [error for error in others if isinstance(error, ProviderFailedError)]
    retryable = [error for error in failed if error.retryable]
    return next(iter([*retryable, *failed, *others]))
