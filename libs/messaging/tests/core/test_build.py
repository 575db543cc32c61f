"""What is built from a command and a memo is the same however often it is built."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from resume_contracts.errors import ErrorCode, JobError
from resume_contracts.facts import Posting, Source
from resume_contracts.messages import (
    Command,
    ExpireDue,
    JobStopped,
    ProviderStateChanged,
    ProviderStateKind,
)
from resume_contracts.routing import CONTROL, EVENTS, WORK, retry_exchange
from resume_messaging.core import build
from resume_messaging.core.decode import decode_delivery
from resume_messaging.core.ports import Delivery, Memo
from resume_messaging.sim.loop import EPOCH

from .bench import a_command

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SLIP = ("extract.posting", "research.company", "tailor.resume")
POSTING = Posting(text="Engineer", route=Source.PASTED)


def a_memo(kind: str = "done", **changes: object) -> Memo:
    memo = Memo(
        run=1,
        attempt=1,
        kind=kind,
        started_at=EPOCH,
        finished_at=EPOCH + timedelta(seconds=3),
        fact=POSTING.model_dump(mode="json") if kind == "done" else None,
        error=JobError(code=ErrorCode.POSTING_UNREACHABLE, message="No.", retryable=True),
    )
    return replace(memo, **changes)  # type: ignore[arg-type]


def a_traced(command: Command) -> Delivery:
    return Delivery(command, command.message_id, "corr", headers={"traceparent": TRACEPARENT})


@pytest.mark.parametrize("kind", ["done", "retry", "fail", "expired"])
def test_build_gives_the_same_bytes_again(kind: str) -> None:
    """Ids, times and bodies come from the command and the memo alone."""
    delivery = a_traced(a_command(slip=SLIP))
    first = build.events_and_next(delivery, a_memo(kind))
    assert first == build.events_and_next(delivery, a_memo(kind))
    assert len({message.message_id for message in first}) == len(first)


def test_build_next_stage_carries_what_was_found() -> None:
    """The next command has the fact, a first attempt, all its calls and its own deadline."""
    command = a_command(slip=SLIP, calls_left=2, attempt=2)
    event, message = build.events_and_next(a_traced(command), a_memo(attempt=2))
    following = decode_delivery(
        message.body, message_id=None, correlation_id=None, headers={}
    ).command
    assert (event.exchange, message.exchange) == (EVENTS, WORK)
    assert message.routing_key == "research.company.v1"
    assert following.facts.posting == POSTING
    assert (following.attempt, following.calls_left) == (1, 6)
    assert following.stage_deadline == EPOCH + timedelta(seconds=33)
    assert message.message_id == following.message_id != command.message_id


def test_build_retry_goes_through_its_tier() -> None:
    """The next attempt keeps its routing key and goes to the tier of this one."""
    for attempt, tier in ((1, 5), (2, 30), (3, 30)):
        command = a_command(slip=SLIP, attempt=attempt)
        memo = a_memo("retry", attempt=attempt, calls_used=2)
        _, message = build.events_and_next(a_traced(command), memo)
        assert message.exchange == retry_exchange(tier)
        assert message.routing_key == "extract.posting.v1"
        following = Command.model_validate_json(message.body)
        assert (following.attempt, following.calls_left) == (attempt + 1, 4)


def test_build_hands_the_trace_on() -> None:
    """Same trace and correlation, a span of its own that is the same every time."""
    batch = build.events_and_next(a_traced(a_command(slip=SLIP)), a_memo())
    spans = [message.headers["traceparent"].split("-") for message in batch]
    assert {(version, trace, flags) for version, trace, _, flags in spans} == {
        ("00", "0af7651916cd43dd8448eb211c80319c", "01")
    }
    assert len({span for _, _, span, _ in spans} | {"b7ad6b7169203331"}) == 3
    assert {message.correlation_id for message in batch} == {"corr"}


def test_build_drops_a_trace_that_is_none() -> None:
    """A header that is no trace context is not handed on."""
    message = build.outgoing_command(a_command(), headers={"traceparent": "nonsense", "x": "y"})
    assert message.headers == {}


def test_digest_is_of_the_input_alone() -> None:
    """Run, attempt and deadline do not change it; stage and facts do."""
    command = a_command(slip=SLIP)
    same = command.model_copy(update={"run": 2, "attempt": 3, "deadline": EPOCH})
    later = command.model_copy(update={"stage_index": 1})
    found = command.facts.model_copy(update={"posting": POSTING})
    richer = command.model_copy(update={"facts": found})
    assert build.digest(command) == build.digest(same)
    assert len({build.digest(each) for each in (command, later, richer)}) == 3


def test_build_events_that_are_of_no_job() -> None:
    """A provider's event correlates with itself; what is about a job, with the job."""
    job_id = UUID(int=5)
    state = ProviderStateChanged(
        provider="openai", state=ProviderStateKind.OPEN, process="p", occurred_at=EPOCH
    )
    assert build.outgoing_event(state).correlation_id == str(state.message_id)
    due = ExpireDue(job_id=job_id, run=1, occurred_at=EPOCH)
    assert build.outgoing_event(due).correlation_id == str(job_id)
    notice = build.outgoing_notice(JobStopped(job_id=job_id, run=1, expires_at=EPOCH))
    assert (notice.exchange, notice.correlation_id) == (CONTROL, str(job_id))


def test_build_refuses_a_failure_without_a_reason() -> None:
    """A memo of a failure has an error; anything else is a bug, said at once."""
    with pytest.raises(ValueError, match="fail"):
        build.outcome_event(a_command(), a_memo("fail", error=None))
