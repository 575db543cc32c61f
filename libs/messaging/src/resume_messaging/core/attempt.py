"""One run of a handler in an inner task, which cancel and deadline may end."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import Enum
from itertools import count
from traceback import extract_tb
from typing import NamedTuple

import structlog

from resume_contracts.errors import ErrorCode
from resume_contracts.messages import MAX_CALLS, Command
from resume_messaging.core.outcome import Expired, Fail, Outcome, Retry
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    Classify,
    StartCall,
)
from resume_messaging.core.signals import Signal
from resume_runtime.clock import Sleep

log = structlog.get_logger()

INTERNAL_MESSAGE = "Something went wrong on our side."
EXHAUSTED_MESSAGE = "The service we depend on did not give a usable answer."
BUDGET_MESSAGE = "The budget for paid calls is used up. Without a model: use the engine «rules»."


class Context:
    """What a handler is given beside its command; counts the paid calls of one delivery."""

    def __init__(
        self, command: Command, deadline: float, may_retry: Callable[[Command, int], bool]
    ) -> None:
        self._command = command
        self._may_retry = may_retry
        self._prefix = f"{command.job_id}/{command.run}/{command.stage}"
        self._allowed = command.calls_left
        self._started = MAX_CALLS - command.calls_left
        self._budget = command.budget_left_micro_usd
        self._last_most = 0
        self._deadline = deadline
        self.used = 0
        self.do_without_provider = False

    @property
    def deadline(self) -> float:
        """Monotonic time by which the stage must be done."""
        return self._deadline

    @property
    def calls_left(self) -> int:
        """Paid calls this stage may still start."""
        return self._allowed - self.used

    @property
    def may_try_again(self) -> bool:
        """Whether `Retry` would lead to another attempt."""
        return self._may_retry(self._command, self.used)

    def start_call(self, most: int | None = None) -> str:
        """Count one paid call and return its request id; see the port.

        What a started call may cost at most stays set aside until the stage's bill is known.

        Raises:
            CallsExhaustedError: no paid call is left.
            BudgetExhaustedError: it could cost more than is left.
        """
        if self.calls_left <= 0:
            raise CallsExhaustedError
        if self._budget is not None:
            if most is None or most > self._budget:
                raise BudgetExhaustedError
            self._budget -= most
            self._last_most = most
        self.used += 1
        self._started += 1
        return f"{self._prefix}/{self._started}"

    def forgive(self, used_before: int) -> None:
        """Take back the last call since: the provider asked to wait, it did no work."""
        if self.used <= used_before:
            return
        self.used -= 1
        if self._budget is not None:
            self._budget += self._last_most
            self._last_most = 0


def nobodys(prefix: str) -> StartCall:
    """A `start_call` for no job: calls are named `<prefix>/<n>`, and there is no limit to them."""
    numbers = count(1)

    def start_call(most: int | None = None) -> str:
        del most
        return f"{prefix}/{next(numbers)}"

    return start_call


def exhausted(error: CallsExhaustedError) -> Fail:
    """What it means for a stage that must have the call which may not be started."""
    if isinstance(error, BudgetExhaustedError):
        return Fail(ErrorCode.BUDGET_EXHAUSTED, BUDGET_MESSAGE)
    return Fail(ErrorCode.PROVIDER_UNAVAILABLE, EXHAUSTED_MESSAGE, retryable=True)


class Interrupt(Enum):
    """Why a handler was ended."""

    STOPPED = "stopped"
    DEADLINE = "deadline"


class Ending(NamedTuple):
    """How a handler ended: its outcome, or `STOPPED` (nobody wants one any more)."""

    outcome: Outcome | None
    interrupt: Interrupt | None = None


async def attempt(
    run: Callable[[], Awaitable[Outcome]],
    *,
    stage: str,
    seconds: float,
    stop: Signal,
    sleep: Sleep,
    classify: Classify,
) -> Ending:
    """Run a handler for at most `seconds` unless `stop` is raised before.

    The caller's own task is never cancelled by this; whatever ends the handler becomes a value.
    """
    interrupts: list[Interrupt] = []
    inner = asyncio.ensure_future(_outcome(run, stage, classify))
    timer = asyncio.ensure_future(sleep(seconds))

    def interrupt(why: Interrupt) -> None:
        if not interrupts and not inner.done():
            interrupts.append(why)
            inner.cancel()

    def on_timer(_: object) -> None:
        if not timer.cancelled():
            interrupt(Interrupt.DEADLINE)

    timer.add_done_callback(on_timer)
    unsubscribe = stop.on_set(lambda: interrupt(Interrupt.STOPPED))
    try:
        await asyncio.wait({inner})
    finally:
        unsubscribe()
        timer.cancel()
        inner.cancel()
    why = interrupts[0] if interrupts else None
    if why is Interrupt.STOPPED:
        return Ending(None, why)
    if not inner.cancelled():
        return Ending(inner.result(), why)
    if why is Interrupt.DEADLINE:
        return Ending(Expired(), why)
    log.error("stage.cancelled_itself", stage=stage)
    return Ending(Retry(ErrorCode.INTERNAL_ERROR, INTERNAL_MESSAGE))


async def _outcome(
    run: Callable[[], Awaitable[Outcome]], stage: str, classify: Classify
) -> Outcome:
    try:
        return await run()
    except CallsExhaustedError as error:
        return exhausted(error)
    except Exception as error:  # noqa: BLE001  every failure becomes an outcome
        known = classify(error)
        if known is not None:
            return known
        # By type and place: the text of an exception may quote what the user gave us.
        frame = extract_tb(error.__traceback__)[-1]
        where = f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        log.error("stage.crashed", stage=stage, error=type(error).__name__, where=where)
        return Retry(ErrorCode.INTERNAL_ERROR, INTERNAL_MESSAGE)
