"""What a handler returns, and what the runner tells the transport to do with the delivery."""

from dataclasses import dataclass
from enum import Enum

from pydantic import BaseModel

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import Usage


@dataclass(frozen=True, slots=True)
class Done:
    """The stage is done and `fact` is what it found (of the type `FOUND[stage]` names).

    `unavailable` says why an optional stage found nothing; `degraded`: a lesser route was taken.
    """

    fact: BaseModel
    usage: tuple[Usage, ...] = ()
    degraded: bool = False
    unavailable: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """`provider` cannot be called for about `seconds`: back to the gate, uncounted.

    `usage` is what earlier calls of the same try cost; it goes on the stage's bill.
    """

    provider: str
    seconds: float
    usage: tuple[Usage, ...] = ()


@dataclass(frozen=True, slots=True)
class Retry:
    """Trying again later may help; counted. Out of attempts or calls it becomes `Fail`."""

    code: ErrorCode
    message: str
    usage: tuple[Usage, ...] = ()


@dataclass(frozen=True, slots=True)
class Fail:
    """The stage cannot be done. `retryable`: whether the user asking again can help."""

    code: ErrorCode
    message: str
    retryable: bool = False
    usage: tuple[Usage, ...] = ()


@dataclass(frozen=True, slots=True)
class Expired:
    """The deadline passed before the stage was done."""

    usage: tuple[Usage, ...] = ()


Outcome = Done | Wait | Retry | Fail | Expired


class Settlement(Enum):
    """What the transport does with the delivery."""

    ACK = "ack"
    #: To the dead letters (`basic.reject`, no requeue).
    REJECT = "reject"
    #: Back to its queue, for another process (`basic.nack`, requeue): only when this one stops.
    REQUEUE = "requeue"
