"""Accepting a job: row, first fact and first command in one statement."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from gateway_svc.account.reserving import BudgetPolicy, hold, keep
from gateway_svc.database import Connection
from gateway_svc.jobs.errors import user_erased
from gateway_svc.jobs.event_store import stored_body
from gateway_svc.jobs.projection import new_row
from gateway_svc.jobs.rows import notes_json
from gateway_svc.origin import Origin
from resume_contracts.facts import Facts
from resume_contracts.messages import Command, JobAccepted, JobRedriven
from resume_contracts.workflows import STAGES, Workflow, slip
from resume_messaging.core.build import outgoing_command
from resume_messaging.core.ports import Outgoing

log = structlog.get_logger()

FIRST_RUN = 1

#: All or nothing by itself, without a transaction around it. It does nothing for an erased user,
#: and, unless the budget was asked ($33), for one who has limits of their own.
_ACCEPT = """
    with job as (
        insert into gateway.jobs
               (id, user_id, workflow, resume_id, resume_version, resume_confirmed, posting_id,
                tailored_id, engine, facts, run, slip, status, at_stage, at_attempt, at_n, progress,
                notes, version, accepted_at, updated_at, deadline_at)
        select $1, $2, $3, $4, $5, $6, $7, $32, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
               $19, $20, $21
         where not exists (select from gateway.erased where user_id = $2)
           and ($33 or not exists (
               select from gateway.budgets
                where user_id = $2 and (day_limit > 0 or month_limit > 0)))
        returning 1),
    event as (
        insert into gateway.job_events
               (job_id, seq, message_id, user_id, run, kind, body, occurred_at)
        select $1, $18, $22, $2, $10, $23, $24, $19 from job),
    message as (
        insert into gateway.outbox
               (message_id, user_id, exchange, routing_key, kind, correlation_id, headers, body)
        select $25, $2, $26, $27, $28, $29, $30, $31 from job
        returning 1)
    select 1, pg_notify('outbox', '') from message
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What a user asks for, checked."""

    user_id: UUID
    workflow: Workflow
    resume_id: UUID | None
    facts: Facts

    @property
    def slip(self) -> tuple[str, ...]:
        """The stages it takes."""
        return slip(
            self.workflow,
            has_posting=self.facts.posting is not None,
            engine=self.facts.submission.options.engine,
        )


class JobAcceptor:
    """Accepts jobs. RabbitMQ has no part in it: the relay publishes when it can."""

    def __init__(
        self,
        *,
        new_id: Callable[[], UUID],
        deadline: timedelta,
        budgets: BudgetPolicy | None = None,
    ) -> None:
        self._new_id = new_id
        self._deadline = deadline
        self._budgets = budgets or BudgetPolicy()

    async def accept(
        self, connection: Connection, order: Order, *, now: datetime, origin: Origin
    ) -> UUID:
        """Write job, `JobAccepted` and the first command: in one statement, unless it is paid for.

        What may cost something is set aside first when the user has a budget.

        Raises:
            ProblemError: 403 when the user was erased, 402 when the budget does not cover it.
        """
        budgets = self._budgets
        need = budgets.estimate(order.slip, order.facts)
        if not need or not budgets.limits.is_set:
            job_id = await self._write(connection, order, now, origin, is_covered=not need)
            if job_id is not None:
                return job_id
        async with connection.transaction():
            held = await hold(connection, order.user_id, budgets.limits, now)
            amount = None
            if held.limits.is_set:
                amount = held.grant(need, order.facts.submission.options.engine)
            job_id = await self._write(connection, order, now, origin, amount=amount)
            if job_id is None:
                raise user_erased()
            if amount is not None:
                await keep(connection, held, job_id, FIRST_RUN, amount)
        return job_id

    async def _write(
        self,
        connection: Connection,
        order: Order,
        now: datetime,
        origin: Origin,
        *,
        amount: int | None = None,
        is_covered: bool = True,
    ) -> UUID | None:
        """Nothing is written, and None returned, for an erased user.

        Nor for one with limits of their own while `is_covered` is false.
        """
        event = JobAccepted(
            job_id=self._new_id(),
            run=FIRST_RUN,
            user_id=order.user_id,
            workflow=order.workflow,
            occurred_at=now,
            slip=order.slip,
            deadline=now + self._deadline,
        )
        message = outgoing_command(
            first_command(event, order.facts, budget=amount),
            correlation_id=origin.correlation_id,
            headers=origin.headers,
        )
        values = _values(order, event, message)
        if not await connection.fetchval(_ACCEPT, *values, is_covered):
            return None
        log.info("job.accepted", job_id=str(event.job_id), workflow=order.workflow.value)
        return event.job_id


def first_command(
    event: JobAccepted | JobRedriven, facts: Facts, *, budget: int | None = None
) -> Command:
    """The command that begins a run, which may spend `budget` micro-USD (None: no budget)."""
    optional_s = STAGES[event.slip[0]].optional_s
    stage_deadline = None
    if optional_s is not None:
        stage_deadline = min(event.deadline, event.occurred_at + timedelta(seconds=optional_s))
    return Command(
        job_id=event.job_id,
        run=event.run,
        user_id=event.user_id,
        workflow=event.workflow,
        slip=event.slip,
        stage_index=0,
        budget_left_micro_usd=budget,
        accepted_at=event.occurred_at,
        deadline=event.deadline,
        stage_deadline=stage_deadline,
        facts=facts,
    )


def _values(order: Order, event: JobAccepted, message: Outgoing) -> tuple[Any, ...]:
    row, resume = new_row(event), order.facts.resume
    return (
        row.id,
        row.user_id,
        row.workflow.value,
        order.resume_id,
        None if resume is None else resume.version,
        None if resume is None else resume.confirmed,
        order.facts.submission.posting_id,
        order.facts.submission.options.engine.value,
        order.facts.model_dump(mode="json"),
        row.run,
        list(row.slip),
        row.status.value,
        *row.position,
        row.progress,
        notes_json(row),
        row.version,
        row.accepted_at,
        row.updated_at,
        row.deadline_at,
        event.message_id,
        event.kind.value,
        stored_body(event),
        message.message_id,
        message.exchange,
        message.routing_key,
        message.kind,
        message.correlation_id,
        dict(message.headers),
        message.body,
        None if order.facts.tailored is None else order.facts.tailored.result_id,
    )
