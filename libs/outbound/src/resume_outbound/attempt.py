"""What one call is asked for, what an attempt came to, and how a call ended."""

from asyncio import CancelledError
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from resume_outbound.errors import (
    DeadlineTooCloseError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from resume_outbound.verdict import CallEnding, Classify, Verdict, Waste

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Order(Generic[T]):
    """One call, as asked for. `ends` is its own last moment, at most `deadline`."""

    factory: Callable[[], Awaitable[T]]
    deadline: float
    ends: float
    classify: Classify | None
    on_attempt: Callable[[int], None] | None


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """An attempt that gave a result."""

    value: T
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Failed:
    """A judged exception. Kept itself only when the caller shall get it as it is."""

    verdict: Verdict
    reason: str
    original: Exception | None
    waste: Waste | None


def ending_of(error: BaseException) -> CallEnding:
    """A call's ending, by what it raised."""
    match error:
        case WaitableError():
            return "waiting"
        case DeadlineTooCloseError():
            return "expired"
        case ProviderFailedError():
            return "failed"
        case ProviderRefusedError():
            return "refused"
        case CancelledError():
            return "cancelled"
        case _:
            return "raised"
