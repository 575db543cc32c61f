"""Who makes a product: the model, or the rules where they stand in for it; the same for every one.

With `engine=auto` whatever keeps the model from answering leaves it to the rules, and the result
says so; with `engine=model` it fails the stage. A `WaitableError` goes back to the gate, which says
`do_without_provider` when the time for waiting is up.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Generic, Protocol, TypeVar

import structlog
from pydantic import BaseModel

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import ProductResult
from resume_contracts.messages import Command
from resume_contracts.workflows import Engine, reserve_of
from resume_messaging.core.outcome import Done, Expired, Fail, Outcome, Retry, Wait
from resume_messaging.core.ports import (
    BudgetExhaustedError,
    CallsExhaustedError,
    StageContext,
)
from resume_messaging.shells.outbound import outcome_of
from resume_outbound.errors import (
    DeadlineTooCloseError,
    OutboundError,
    ProviderFailedError,
    ProviderRefusedError,
    WaitableError,
)
from tailor_svc.bill import Bill
from tailor_svc.computing import Computing
from tailor_svc.form import A
from tailor_svc.ports import Asking, Model, RefusedByModelError, Reply, Request

log = structlog.get_logger()

_TOO_LATE: Final = "The model did not answer in time"
_NOTHING_TO_WRITE: Final = Fail(
    ErrorCode.ENGINE_UNAVAILABLE,
    "There is nothing here for a model to write. Use the engine «rules» or «auto».",
)
_NO_MODEL: Final = Fail(
    ErrorCode.PROVIDER_MISCONFIGURED,
    "No model is configured here. Use the engine «rules» or «auto».",
)


class SelfContradictionError(Exception):
    """What was made names another company, role, person or fact than what it was made from."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes = tuple(sorted(set(codes)))
        super().__init__(", ".join(self.codes))


A_contra = TypeVar("A_contra", bound=BaseModel, contravariant=True)


class Make(Protocol[A_contra]):
    """Makes the product; takes CPU, asks nobody."""

    def __call__(
        self, answer: A_contra | None, /, *, degraded: bool, notes: Sequence[str]
    ) -> ProductResult:
        """Of a model's answer, as far as it is true, or by rules alone of None.

        The document says `engine`, `degraded` and `notes`.

        Raises:
            SelfContradictionError: it must not be delivered.
        """


@dataclass(frozen=True, slots=True)
class Order(Generic[A]):
    """One product to be made: what a model is asked for it, and what is made of the answer.

    `request` takes CPU, so it is called only where a model may write; None: there is nothing in it
    that one could.
    """

    request: Callable[[], Request[A] | None]
    make: Make[A]


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines there are; `model` is None when none is configured."""

    model: Model | None
    compute: Computing

    async def make(self, command: Command, context: StageContext, order: Order[A]) -> Outcome:
        """The product of a stage by the engine that was asked for."""
        engine, must_have_model = command.engine, command.engine is Engine.MODEL
        if engine is Engine.RULES:
            return await self._deliver(order)
        request = await self.compute(order.request)
        if request is None:
            return _NOTHING_TO_WRITE if must_have_model else await self._deliver(order)
        if self.model is None and must_have_model:
            return _NO_MODEL
        if self.model is None:
            return await self._deliver(order, why="No model is configured")
        if context.do_without_provider:
            return await self._deliver(order, why=_TOO_LATE)
        deadline = context.deadline - (reserve_of(command.stage, engine) or 0.0)
        asking = Asking(command.user_id, command.job_id, deadline, context.start_call)
        answering = self.model.ask(request, asking)
        return await self._answered(order, answering, asking, context, engine)

    async def _answered(
        self,
        order: Order[A],
        answering: Awaitable[Reply[A]],
        asking: Asking,
        context: StageContext,
        engine: Engine,
    ) -> Outcome:
        """What is made of the answer; what the rules cannot stand in for is left to the runner."""
        must_have_model = engine is Engine.MODEL
        try:
            reply = await answering
        except RefusedByModelError:
            if must_have_model:
                return _failed(ErrorCode.CONTENT_REFUSED, "The model declined to answer.", asking)
            return await self._deliver(order, why="The model declined", bill=asking.bill)
        except (OutboundError, CallsExhaustedError) as error:
            if must_have_model or not _rules_can_stand_in(error, context):
                return _with_bill(error, asking.bill)
            log.info("tailor.done_without_model", error=str(error) or type(error).__name__)
            return await self._deliver(order, why=_why(error), bill=asking.bill)
        outcome = await self._deliver(order, reply, bill=asking.bill)
        if must_have_model and isinstance(outcome, Done) and not _is_by_model(outcome.fact):
            return _failed(
                ErrorCode.ANSWER_UNUSABLE, "Nothing that the model wrote could be proved.", asking
            )
        return outcome

    async def _deliver(
        self,
        order: Order[A],
        reply: Reply[A] | None = None,
        *,
        why: str | None = None,
        bill: Bill | None = None,
    ) -> Done | Fail:
        """`why` says why there is no reply though a model was wanted."""
        notes = reply.notes if reply else ()
        if why is not None:
            notes = (f"{why}: the rules did it.",)
        answer, usage = (reply.answer if reply else None), (bill.lines if bill else ())
        try:
            fact = await self.compute(
                lambda: order.make(answer, degraded=why is not None, notes=notes)
            )
        except SelfContradictionError as error:
            log.error("product.contradicts_itself", codes=error.codes)
            message = "What was made did not pass its own check."
            return Fail(ErrorCode.INTERNAL_ERROR, message, usage=usage)
        author = asdict(reply.author) if reply and _is_by_model(fact) else None
        told = fact.model_copy(update={"document": {**fact.document, "writtenBy": author}})
        return Done(told, usage=usage, degraded=fact.document["degraded"])


def _is_by_model(fact: BaseModel) -> bool:
    return isinstance(fact, ProductResult) and fact.document["engine"] == Engine.MODEL


def _failed(code: ErrorCode, message: str, asking: Asking) -> Fail:
    return Fail(code, f"{message} Use the engine «rules» or «auto».", usage=asking.bill.lines)


def _rules_can_stand_in(error: Exception, context: StageContext) -> bool:
    """Whether waiting, or another attempt, is not what is called for."""
    if isinstance(error, WaitableError):
        return False
    is_worth_a_retry = isinstance(error, ProviderFailedError) and error.retryable
    return not (is_worth_a_retry and context.may_try_again)


def _with_bill(error: OutboundError | CallsExhaustedError, bill: Bill) -> Outcome:
    """What an error means for the stage, with what the calls came to; without any the runner's."""
    outcome, usage = outcome_of(error), bill.lines
    if isinstance(outcome, Wait):
        # A call that was told to wait did no work.
        usage = tuple(line for line in usage if line.input_tokens or line.output_tokens)
    if usage and isinstance(outcome, Wait | Retry | Fail | Expired):
        return replace(outcome, usage=usage)
    raise error


def _why(error: OutboundError | CallsExhaustedError) -> str:
    match error:
        case DeadlineTooCloseError():
            return _TOO_LATE
        case ProviderRefusedError():
            return "The model could not be used"
        case BudgetExhaustedError():
            return "The budget for paid calls is used up"
        case _:
            return "The model gave no usable answer"
