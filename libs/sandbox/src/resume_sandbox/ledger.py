"""The record of every call: when, by whom, what came of it, and how many ran at once."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from resume_runtime.clock import Clock
from resume_sandbox.faults import FaultStep
from resume_sandbox.routes import Provider, RouteName, provider_of

#: Calls kept; older ones fall out and are counted in `dropped`.
CAPACITY = 100_000

#: open: still running · answered: a complete answer was sent · cut: we broke it off ·
#: client_gone: the caller left before the answer was complete
CallState = Literal["open", "answered", "cut", "client_gone"]


@dataclass(slots=True)
class Call:
    """One call.

    Attributes:
        client_request_id: the caller's `x-client-request-id`.
        sdk_retries: the SDK's `x-stainless-retry-count`; ours never retries by itself.
        digest: of the request's body, so that a repeated question shows.
        concurrency: calls of this provider that ran when it started, itself included.
        billed: whether the model did its work, so that the provider would charge for it, whoever
            got to see the answer.
        input_tokens: of the model's work, as in its answer; `output_tokens` likewise.
        lies: the untrue changes that were proposed, with their class.
    """

    number: int
    route: RouteName
    path: str
    client_request_id: str | None
    sdk_retries: int | None
    digest: str
    start: datetime
    started: float
    concurrency: int
    fault: FaultStep | None
    end: datetime | None = None
    duration_ms: float | None = None
    status: int | None = None
    state: CallState = "open"
    billed: bool = False
    input_tokens: int = 0
    output_tokens: int = 0
    lies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        """Whose stand-in was called."""
        return provider_of(self.route)

    def to_json(self) -> dict[str, Any]:
        """The call as the control interface shows it."""
        return {
            "number": self.number,
            "provider": self.provider,
            "route": self.route,
            "path": self.path,
            "clientRequestId": self.client_request_id,
            "sdkRetries": self.sdk_retries,
            "digest": self.digest,
            "start": self.start.isoformat(),
            "end": self.end.isoformat() if self.end else None,
            "durationMs": self.duration_ms,
            "status": self.status,
            "state": self.state,
            "fault": self.fault.kind if self.fault else None,
            "billed": self.billed,
            "inputTokens": self.input_tokens,
            "outputTokens": self.output_tokens,
            "concurrency": self.concurrency,
            "lies": self.lies,
        }


class Ledger:
    """All calls since the last reset."""

    def __init__(self, clock: Clock, *, capacity: int = CAPACITY) -> None:
        self._clock = clock
        self._calls: deque[Call] = deque(maxlen=capacity)
        self._count = 0
        self._running: Counter[Provider] = Counter()
        self._most: dict[Provider, int] = {}

    def begin(
        self,
        route: RouteName,
        path: str,
        *,
        client_request_id: str | None,
        sdk_retries: int | None,
        digest: str,
        fault: FaultStep | None,
    ) -> Call:
        """Record that a call has come in."""
        provider = provider_of(route)
        self._count += 1
        self._running[provider] += 1
        running = self._running[provider]
        self._most[provider] = max(self._most.get(provider, 0), running)
        call = Call(
            self._count,
            route,
            path,
            client_request_id,
            sdk_retries,
            digest,
            self._clock.now(),
            self._clock.monotonic(),
            running,
            fault,
        )
        self._calls.append(call)
        return call

    def finish(self, call: Call) -> None:
        """Record that a call is over."""
        self._running[call.provider] -= 1
        call.end = self._clock.now()
        call.duration_ms = round((self._clock.monotonic() - call.started) * 1000, 3)
        if call.state == "open":
            call.state = "client_gone"

    def calls(self, provider: Provider | None = None, prefix: str = "") -> Iterator[Call]:
        """Calls, oldest first; `prefix` is the beginning of their client request id."""
        for call in self._calls:
            if provider is not None and call.provider != provider:
                continue
            if (call.client_request_id or "").startswith(prefix):
                yield call

    def to_json(self, provider: Provider | None = None, prefix: str = "") -> dict[str, Any]:
        """The calls with the counts over all of them."""
        return {
            "calls": [call.to_json() for call in self.calls(provider, prefix)],
            "dropped": self._count - len(self._calls),
            "running": {name: n for name, n in self._running.items() if n},
            "maxConcurrency": dict(self._most),
        }
