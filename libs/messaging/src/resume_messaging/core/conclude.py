"""From what a handler said to what the stage came to: the rules of attempts, calls and options."""

from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from resume_contracts.errors import ErrorCode, JobError
from resume_contracts.facts import FOUND
from resume_contracts.messages import MAX_ATTEMPTS, Command
from resume_messaging.core.attempt import INTERNAL_MESSAGE
from resume_messaging.core.build import retry_tier
from resume_messaging.core.outcome import Done, Expired, Fail, Retry
from resume_messaging.core.ports import Memo

log = structlog.get_logger()

#: What a stage can come to; `Wait` is no end.
Conclusion = Done | Retry | Fail | Expired


def stage_limit(command: Command) -> datetime:
    """When the stage must be done: the nearer of its own and the job's deadline."""
    if command.stage_deadline is None:
        return command.deadline
    return min(command.stage_deadline, command.deadline)


def concluded(
    command: Command, outcome: Conclusion, *, started_at: datetime, now: datetime, calls_used: int
) -> tuple[Conclusion, Memo]:
    """What a stage came to by the rules, and what is stored of it."""
    conclusion = conclude(command, outcome, calls_used=calls_used, now=now)
    memo = to_memo(
        command, conclusion, started_at=started_at, finished_at=now, calls_used=calls_used
    )
    return conclusion, memo


def conclude(
    command: Command, outcome: Conclusion, *, calls_used: int, now: datetime
) -> Conclusion:
    """Apply the rules to a handler's outcome.

    A retry without attempts, calls or time is a failure. An optional stage does not fail or expire
    before the job does: it is done, and unavailable.
    """
    if isinstance(outcome, Done) and not isinstance(outcome.fact, FOUND[command.stage].type):
        log.error("stage.wrong_fact", stage=command.stage, fact=type(outcome.fact).__name__)
        outcome = Fail(ErrorCode.INTERNAL_ERROR, INTERNAL_MESSAGE, usage=outcome.usage)
    if isinstance(outcome, Retry) and not may_retry(command, calls_used, now):
        outcome = Fail(outcome.code, outcome.message, retryable=True, usage=outcome.usage)
    if command.is_optional and now < command.deadline:
        if isinstance(outcome, Fail):
            return unavailable(command, outcome.code, outcome)
        if isinstance(outcome, Expired):
            return unavailable(command, ErrorCode.DEADLINE_EXCEEDED, outcome)
    return outcome


def unavailable(command: Command, reason: str, outcome: Fail | Expired) -> Done:
    """An optional stage that found nothing, and why."""
    found = FOUND[command.stage].type
    fact = found.model_validate({"available": False, "reason": str(reason)})
    return Done(fact, usage=outcome.usage, unavailable=str(reason))


def to_memo(
    command: Command,
    conclusion: Conclusion,
    *,
    started_at: datetime,
    finished_at: datetime,
    calls_used: int,
) -> Memo:
    """What is stored of a conclusion."""
    memo = Memo(
        run=command.run,
        attempt=command.attempt,
        kind="expired",
        started_at=started_at,
        finished_at=finished_at,
        usage=conclusion.usage,
        calls_used=calls_used,
    )
    match conclusion:
        case Done():
            return replace(
                memo,
                kind="done",
                fact=conclusion.fact.model_dump(mode="json"),
                degraded=conclusion.degraded or conclusion.unavailable is not None,
                unavailable=conclusion.unavailable,
            )
        case Retry():
            error = JobError(code=conclusion.code, message=conclusion.message, retryable=True)
            return replace(memo, kind="retry", error=error)
        case Fail():
            error = JobError(
                code=conclusion.code, message=conclusion.message, retryable=conclusion.retryable
            )
            return replace(memo, kind="fail", error=error)
        case Expired():
            return memo


def expired_memo(command: Command) -> Memo:
    """The end of a run whose deadline passed; not stored, since it follows from the command."""
    return Memo(
        run=command.run,
        attempt=command.attempt,
        kind="expired",
        started_at=command.deadline,
        finished_at=command.deadline,
    )


def may_retry(command: Command, calls_used: int, now: datetime) -> bool:
    """Whether attempts, calls and time are left for another attempt."""
    if command.attempt >= MAX_ATTEMPTS or command.calls_left - calls_used <= 0:
        return False
    return now + timedelta(seconds=retry_tier(command.attempt)) < stage_limit(command)
