"""Who makes a product: the model, or the rules where they stand in for it; the same for every one.

With `engine=auto` whatever keeps the model from answering leaves it to the rules, and the result
says so; with `engine=model` it fails the stage. A `WaitableError` goes back to the gate, which says
`do_without_provider` when the time for waiting is up.
"""

from collections.abc import Sequence
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


A_contra = TypeVar("A_contra", bound=BaseModel, contravariant=True)


class Make(Protocol[A_contra]):
    """Makes the product; takes CPU, asks nobody."""

    def __call__(
        self, answer: A_contra | None, /, *, degraded: bool, notes: Sequence[str]
    ) -> ProductResult:
        """Of a model's answer, as far as it is true, or by rules alone of None.

        The document says `engine`, `degraded` and `notes`.
        """


@dataclass(frozen=True, slots=True)
class Order(Generic[A]):
    """One product to be made: what a model is asked for it, and what is made of the answer."""

    request: Request[A]
    make: Make[A]


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines there are; `model` is None when none is configured."""

    model: Model | None
    compute: Computing

    async def make(self, command: Command, context: StageContext, order: Order[A]) -> Outcome:
        """The product of a stage by the engine that was asked for."""
        engine = command.engine
        if engine is Engine.RULES:
            return await self._deliver(order)
        if self.model is None:
            if engine is Engine.MODEL:
                return Fail(
                    ErrorCode.PROVIDER_MISCONFIGURED,
                    "No model is configured here. Use the engine «rules» or «auto».",
                )
            return await self._deliver(order, why="No model is configured")
        if context.do_without_provider:
            return await self._deliver(order, why=_TOO_LATE)
        deadline = context.deadline - (reserve_of(command.stage, engine) or 0.0)
        asking = Asking(command.user_id, command.job_id, deadline, context.start_call)
        return await self._by_model(self.model, order, asking, context, engine)

    async def _by_model(
        self, model: Model, order: Order[A], asking: Asking, context: StageContext, engine: Engine
    ) -> Outcome:
        """Ask the model; what the rules cannot stand in for is left to the runner."""
        try:
            return await self._ask(model, order, asking, context, engine)
        except (OutboundError, CallsExhaustedError) as error:
            outcome = outcome_of(error)
            usage = asking.bill.lines
            if isinstance(outcome, Wait):
                # A call that was told to wait did no work.
                usage = tuple(line for line in usage if line.input_tokens or line.output_tokens)
            if usage and isinstance(outcome, Wait | Retry | Fail | Expired):
                return replace(outcome, usage=usage)
            raise

    async def _ask(
        self, model: Model, order: Order[A], asking: Asking, context: StageContext, engine: Engine
    ) -> Outcome:
        must_have_model, bill = engine is Engine.MODEL, asking.bill
        try:
            reply = await model.ask(order.request, asking)
        except RefusedByModelError:
            if must_have_model:
                return Fail(
                    ErrorCode.CONTENT_REFUSED,
                    "The model declined to work on this posting or resume.",
                    usage=bill.lines,
                )
            return await self._deliver(order, why="The model declined", bill=bill)
        except (OutboundError, CallsExhaustedError) as error:
            if must_have_model or isinstance(error, WaitableError):
                raise
            is_worth_a_retry = isinstance(error, ProviderFailedError) and error.retryable
            if is_worth_a_retry and context.may_try_again:
                raise
            log.info("tailor.done_without_model", error=str(error) or type(error).__name__)
            return await self._deliver(order, why=_why(error), bill=bill)
        return await self._deliver(order, reply, bill=bill)

    async def _deliver(
        self,
        order: Order[A],
        reply: Reply[A] | None = None,
        *,
        why: str | None = None,
        bill: Bill | None = None,
    ) -> Done:
        """`why` says why there is no reply though a model was wanted."""
        notes = reply.notes if reply else ()
        if why is not None:
            notes = (f"{why}: the rules did it.",)
        answer = reply.answer if reply else None
        fact = await self.compute(lambda: order.make(answer, degraded=why is not None, notes=notes))
        document = fact.document
        by_model = reply is not None and document["engine"] == Engine.MODEL
        author = asdict(reply.author) if reply is not None and by_model else None
        told = fact.model_copy(update={"document": {**document, "writtenBy": author}})
        return Done(told, usage=bill.lines if bill else (), degraded=document["degraded"])


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
