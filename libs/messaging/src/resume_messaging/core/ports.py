"""What the core needs from the world. The shells implement these; so does the simulation."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from resume_contracts.errors import JobError
from resume_contracts.messages import Command, Usage
from resume_messaging.core.outcome import Outcome


class PublishError(Exception):
    """A batch is not confirmed: each message may or may not be there. Send the whole again."""


class StoreUnavailableError(Exception):
    """The memo store cannot be reached just now."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One persistent, mandatory message, ready to be published."""

    exchange: str
    routing_key: str
    body: bytes
    message_id: UUID
    correlation_id: str
    kind: str
    headers: Mapping[str, str] = field(default_factory=dict)


class Publisher(Protocol):
    """Publishes with confirms."""

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        """Return when every message of the batch is confirmed and was routed.

        Raises:
            PublishError: not all are known to be there within the time limit.
        """


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a command, decoded.

    `delivery_count` is how often it came back from a crash (`x-delivery-count`), 0 at first.
    """

    command: Command
    message_id: UUID
    correlation_id: str
    delivery_count: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemoKey:
    """A stage's stored result: (job, stage, call, digest of the slip's input)."""

    job_id: UUID
    stage: str
    call: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class Memo:
    """What a stage came to, never an envelope: events and commands are rebuilt from it.

    `kind` is `done`, `retry`, `fail` or `expired`; `fact` is there for `done`, `error` for `retry`
    and `fail`. `started_at` and `finished_at` are the times the rebuilt events carry.
    """

    run: int
    attempt: int
    kind: str
    started_at: datetime
    finished_at: datetime
    fact: Mapping[str, Any] | None = None
    error: JobError | None = None
    usage: tuple[Usage, ...] = ()
    degraded: bool = False
    unavailable: str | None = None
    calls_used: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What one statement saw: is the run stopped, the user erased, a memo there.

    `claimed`: that statement was a claim, and took or extended it.
    """

    stopped: bool = False
    erased: bool = False
    memo: Memo | None = None
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Bid:
    """Who asks for a claim, for which attempt, and until when."""

    run: int
    attempt: int
    user_id: UUID
    owner: str
    until: datetime
    now: datetime


class MemoStore(Protocol):
    """The consumer service's own tables. Every method may raise `StoreUnavailableError`."""

    async def look(self, key: MemoKey, *, run: int, user_id: UUID) -> Look:
        """Read stop, erasure and memo in one statement."""

    async def claim(self, key: MemoKey, bid: Bid) -> Look:
        """Look, and claim the right to pay for this stage, in one statement.

        Nobody claims what has an outcome (a `retry` is one for its attempt and those before), a
        stopped run, an erased user's stage, or what another's live claim is on. A claim of the
        same owner is extended, an expired one taken over.
        """

    async def save(self, key: MemoKey, memo: Memo, *, user_id: UUID) -> bool:
        """Store what the stage came to and end the claim; False when the user is erased.

        The first outcome stored for (key, run, attempt) wins.
        """

    async def release(self, key: MemoKey, *, owner: str) -> None:
        """End a claim without an outcome."""

    async def count_start(self, message_id: UUID) -> int:
        """Count one more start of a suspect delivery; return the count."""


class UserStore(Protocol):
    """What a consumer service keeps of users. Every method may raise `StoreUnavailableError`."""

    async def erase(self, user_id: UUID) -> None:
        """Forget everything of a user."""


class ProviderState(Protocol):
    """A provider's state as its breaker sees it: `closed`, `open`, `half_open` or `paused`."""

    @property
    def provider(self) -> str:
        """Whose state."""

    @property
    def kind(self) -> str:
        """One of the four."""

    @property
    def until(self) -> float | None:
        """Monotonic time at which it may be tried again."""


class Availability(Protocol):
    """Whether providers may be called; `resume_outbound.call.Outbound` is one."""

    def blocked_until(self, provider: str) -> float | None:
        """Monotonic time before which no call may start; None when one may be tried."""

    def state(self, provider: str) -> ProviderState:
        """The state now; while `half_open` only one call at a time may be let through."""

    def subscribe(self, listener: Callable[[ProviderState], None]) -> Callable[[], None]:
        """Call `listener` on every change of state; returns the unsubscriber."""


class StageContext(Protocol):
    """What a handler is given beside its command."""

    @property
    def deadline(self) -> float:
        """Monotonic time by which the stage must be done (the nearer of stage's and job's)."""

    @property
    def calls_left(self) -> int:
        """Paid calls this stage may still start."""

    @property
    def do_without_provider(self) -> bool:
        """The provider did not come back in time (`reserve_of`): the handler goes on without."""

    @property
    def may_try_again(self) -> bool:
        """Whether `Retry` would lead to another attempt: attempts, calls and time are left."""

    def start_call(self, most: int | None = None) -> str:
        """Count one paid call and return its request id `<job>/<run>/<stage>/<n>`.

        Args:
            most: micro-USD that the call costs at most; None: its price is not known.

        Raises:
            CallsExhaustedError: no paid call is left.
            BudgetExhaustedError: it could cost more than the run may still spend.
        """


class StartCall(Protocol):
    """`StageContext.start_call`, as it is handed on."""

    def __call__(self, most: int | None = None) -> str:
        """See `StageContext.start_call`."""


class CallsExhaustedError(Exception):
    """A stage used up its paid calls for this run."""


class BudgetExhaustedError(CallsExhaustedError):
    """A call could cost more than is left of the run's budget, or nobody knows what it costs."""


Handler = Callable[[Command, StageContext], Awaitable[Outcome]]

#: Turns an exception of a handler into an outcome, or None for an unexpected one.
Classify = Callable[[Exception], Outcome | None]
