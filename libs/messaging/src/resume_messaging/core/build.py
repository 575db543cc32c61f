"""Builds what is published: from a fact, or from a command and the memo of what came of it.

Ids and times come from the command and the memo alone, so that what is published again is the same.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from resume_contracts import routing
from resume_contracts.costs import charged
from resume_contracts.facts import FOUND
from resume_contracts.messages import (
    MAX_CALLS,
    Command,
    Event,
    JobEvent,
    Notice,
    StageExpired,
    StageFailed,
    StageRetrying,
    StageStarted,
    StageSucceeded,
)
from resume_contracts.workflows import STAGES
from resume_messaging.core.ports import Delivery, Memo, MemoKey, Outgoing

#: W3C trace context; the only header that is handed on.
TRACEPARENT = "traceparent"

_TRACEPARENT = re.compile(r"^(00)-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$")


def digest(command: Command) -> bytes:
    """SHA-256 of what a stage works on: its name, and all facts found before it."""
    payload = {"stage": command.stage, "facts": command.facts.model_dump(mode="json")}
    return hashlib.sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).digest()


def memo_key(command: Command) -> MemoKey:
    """Where the outcome of this command's stage is kept."""
    return MemoKey(command.job_id, command.stage, "stage", digest(command))


def outgoing_command(
    command: Command,
    *,
    correlation_id: str | None = None,
    headers: Mapping[str, str] | None = None,
    delay_s: int | None = None,
) -> Outgoing:
    """A command on its way to its stage's queue, through the retry tier `delay_s` if given."""
    exchange = routing.WORK if delay_s is None else routing.retry_exchange(delay_s)
    return _outgoing(
        command,
        exchange=exchange,
        routing_key=routing.command_key(command),
        message_id=command.message_id,
        correlation_id=correlation_id or str(command.job_id),
        kind="command",
        headers=headers,
    )


def outgoing_event(
    event: Event, *, correlation_id: str | None = None, headers: Mapping[str, str] | None = None
) -> Outgoing:
    """An event on its way to the projector."""
    return _outgoing(
        event,
        exchange=routing.EVENTS,
        routing_key=routing.event_key(event),
        message_id=event.message_id,
        correlation_id=correlation_id or _subject(event),
        kind=str(event.kind),
        headers=headers,
    )


def outgoing_notice(
    notice: Notice, *, correlation_id: str | None = None, headers: Mapping[str, str] | None = None
) -> Outgoing:
    """A control notice on its way to every service and process."""
    return _outgoing(
        notice,
        exchange=routing.CONTROL,
        routing_key=routing.notice_key(notice),
        message_id=notice.message_id,
        correlation_id=correlation_id or _subject(notice),
        kind=notice.kind,
        headers=headers,
    )


def started(delivery: Delivery, now: datetime) -> Outgoing:
    """The event that a stage began."""
    event = StageStarted(**_about(delivery.command, delivery.command.attempt), occurred_at=now)
    return _reply(event, delivery)


def events_and_next(delivery: Delivery, memo: Memo) -> list[Outgoing]:
    """What follows from a stage's memo: its event and, when the job goes on, the next command.

    Args:
        delivery: the command that asked for the stage, in the memo's run.
        memo: what the stage came to.
    """
    event = outcome_event(delivery.command, memo)
    batch = [_reply(event, delivery)]
    following = next_command(delivery.command, memo)
    if following is not None:
        delay_s = retry_tier(memo.attempt) if memo.kind == "retry" else None
        batch.append(
            outgoing_command(
                following,
                correlation_id=delivery.correlation_id,
                headers=delivery.headers,
                delay_s=delay_s,
            )
        )
    return batch


def outcome_event(command: Command, memo: Memo) -> JobEvent:
    """The event a memo stands for."""
    about = _about(command, memo.attempt)
    if memo.kind == "expired":
        # Not when it was noticed, which is another moment for every copy of the command.
        return StageExpired(**about, occurred_at=command.deadline, usage=memo.usage)
    about |= {"occurred_at": memo.finished_at, "usage": memo.usage}
    if memo.kind == "done":
        is_told = command.is_last or FOUND[command.stage].kept
        return StageSucceeded(
            **about,
            is_last=command.is_last,
            # What is unavailable is not a lesser result; it is kept as one so that a later run
            # asks again.
            degraded=memo.degraded and memo.unavailable is None,
            unavailable=memo.unavailable,
            result=dict(memo.fact or {}) if is_told else None,
        )
    if memo.error is None:
        raise ValueError(f"a memo of kind {memo.kind} has an error")
    if memo.kind == "retry":
        return StageRetrying(**about, delay_s=retry_tier(memo.attempt), error=memo.error)
    return StageFailed(**about, error=memo.error)


def next_command(command: Command, memo: Memo) -> Command | None:
    """The command that follows: the stage's next attempt, the slip's next stage, or none."""
    if memo.kind == "retry":
        changes: dict[str, Any] = {
            "attempt": memo.attempt + 1,
            "calls_left": max(0, command.calls_left - memo.calls_used),
        }
    elif memo.kind == "done" and not command.is_last:
        changes = _next_stage(command, memo)
    else:
        return None
    if command.budget_left_micro_usd is not None:
        left = command.budget_left_micro_usd - charged(memo.usage)
        changes["budget_left_micro_usd"] = max(0, left)
    return command.model_copy(update=changes)


def retry_tier(attempt: int) -> int:
    """Seconds of the tier between this attempt and the next."""
    return routing.RETRY_TIERS[min(attempt, len(routing.RETRY_TIERS)) - 1]


def _next_stage(command: Command, memo: Memo) -> dict[str, Any]:
    found, facts = FOUND[command.stage], command.facts
    if found.field is not None:
        fact = found.type.model_validate(memo.fact)
        facts = facts.model_copy(update={found.field: fact})
    optional_s = STAGES[command.slip[command.stage_index + 1]].optional_s
    stage_deadline = None
    if optional_s is not None:
        stage_deadline = min(memo.finished_at + timedelta(seconds=optional_s), command.deadline)
    return {
        "stage_index": command.stage_index + 1,
        "attempt": 1,
        "calls_left": MAX_CALLS,
        "stage_deadline": stage_deadline,
        "facts": facts,
    }


def _about(command: Command, attempt: int) -> dict[str, Any]:
    return {
        "job_id": command.job_id,
        "run": command.run,
        "user_id": command.user_id,
        "workflow": command.workflow,
        "stage": command.stage,
        "stage_index": command.stage_index,
        "attempt": attempt,
    }


def _reply(event: JobEvent, delivery: Delivery) -> Outgoing:
    return outgoing_event(event, correlation_id=delivery.correlation_id, headers=delivery.headers)


def _outgoing(
    body: BaseModel,
    *,
    exchange: str,
    routing_key: str,
    message_id: UUID,
    correlation_id: str,
    kind: str,
    headers: Mapping[str, str] | None,
) -> Outgoing:
    return Outgoing(
        exchange=exchange,
        routing_key=routing_key,
        body=body.model_dump_json().encode(),
        message_id=message_id,
        correlation_id=correlation_id,
        kind=kind,
        headers=_child_headers(headers or {}, message_id),
    )


def _child_headers(headers: Mapping[str, str], message_id: UUID) -> dict[str, str]:
    """The trace context of a message: the same trace, a span of its own made from its id."""
    match = _TRACEPARENT.match(headers.get(TRACEPARENT, ""))
    if match is None:
        return {}
    version, trace, flags = match.groups()
    span = hashlib.sha256(message_id.bytes).hexdigest()[:16]
    return {TRACEPARENT: f"{version}-{trace}-{span}-{flags}"}


def _subject(message: Event | Notice) -> str:
    return str(getattr(message, "job_id", message.message_id))
