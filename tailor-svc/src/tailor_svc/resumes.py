"""A second reading of an uploaded resume: a model points, the text decides, the rules stand."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Final

import structlog

from resume_contracts.errors import ErrorCode
from resume_contracts.facts import RESUME_LIMIT, FieldRead, ParsedResume
from resume_contracts.messages import Command
from resume_contracts.workflows import Engine
from resume_core.importing import report
from resume_core.importing.pointing import (
    Merged,
    PointedResume,
    Reading,
    merge_readings,
    shown_lines,
)
from resume_core.jsonresume import json_size
from resume_core.model import Resume
from resume_messaging.core.outcome import Done, Fail, Outcome
from resume_messaging.core.ports import CallsExhaustedError, StageContext
from resume_outbound.errors import OutboundError
from resume_runtime.clock import Clock
from tailor_svc import prompts
from tailor_svc.budget import count_tokens
from tailor_svc.engines import Engines
from tailor_svc.form import Form
from tailor_svc.model import as_json
from tailor_svc.ports import Asking, Question, RefusedByModelError, Reply, Request

log = structlog.get_logger()

#: Whoever uploads a file waits for it: no longer than this for a model.
PATIENCE_S: Final = 45.0
#: What is left of the job's time for the rest.
_RESERVE_S: Final = 5.0
_FENCE: Final = "```json\n{}\n```"
_FRAME_TOKENS: Final = 40


def _worth(answer: PointedResume) -> PointedResume | None:
    return answer if answer.entries else None


READING: Final = Form(prompts.READ_RESUME, PointedResume, _worth)


class ReadingHandlers:
    """The reading of resumes by a model, beside the rules' own."""

    def __init__(self, engines: Engines, clock: Clock) -> None:
        self._engines = engines
        self._clock = clock

    async def read_resume(self, command: Command, context: StageContext) -> Outcome:
        """Compare the rules' reading with a model's; without one theirs is the result."""
        parsed, model = command.facts.parsed, self._engines.model
        if parsed is None:
            return Fail(ErrorCode.INTERNAL_ERROR, "The job reached this stage without its facts.")
        # A JSON Resume says itself what is what.
        if model is None or command.engine is Engine.RULES or parsed.format == "json":
            return Done(parsed)
        shown = await self._engines.compute(lambda: shown_lines(parsed.text, _fields(parsed)))
        deadline = min(self._clock.monotonic() + PATIENCE_S, context.deadline - _RESERVE_S)
        asking = Asking(command.user_id, command.job_id, deadline, context.start_call)
        try:
            reply = await model.ask(Request(READING, partial(fit_lines, shown)), asking)
        except (OutboundError, CallsExhaustedError, RefusedByModelError) as error:
            log.info("tailor.read_without_model", error=str(error) or type(error).__name__)
            note = "No model compared its reading with the rules': none could be asked."
            told = parsed.model_copy(update={"notes": (*parsed.notes, note)})
            return Done(told, usage=asking.bill.lines, degraded=True)
        read = await self._engines.compute(lambda: _merged(parsed, reply, shown))
        return Done(read, usage=asking.bill.lines)


def fit_lines(shown: Mapping[int, str], most_tokens: int) -> Question:
    """The lines, fenced, in at most so many tokens; the last ones are left out first."""
    room, lines = most_tokens - _FRAME_TOKENS, list(shown.items())
    for count, line in enumerate(lines):
        room -= count_tokens(as_json({"": line}))
        if room < 0:
            left = len(lines) - count
            note = f"The resume is longer than the model reads at once: {left} lines not shown."
            return Question(_fenced(lines[:count]), (note,))
    return Question(_fenced(lines))


def _fenced(lines: Sequence[tuple[int, str]]) -> str:
    return _FENCE.format(as_json({"lines": [list(line) for line in lines]}))


def _merged(
    parsed: ParsedResume, reply: Reply[PointedResume], shown: Mapping[int, str]
) -> ParsedResume:
    rules = Reading(
        parsed.document,
        parsed.text,
        _fields(parsed),
        [report.Doubt(**doubt) for doubt in parsed.doubts],
    )
    merged = merge_readings(rules, reply.answer, shown)
    log.info("tailor.resume_read", held=merged.held, dropped=merged.dropped)
    reading = merged.reading
    if json_size(Resume.model_validate(reading.document)) > RESUME_LIMIT:
        return parsed
    return parsed.model_copy(
        update={
            "document": reading.document,
            "fields": tuple(FieldRead(**asdict(field)) for field in reading.fields),
            "doubts": tuple(asdict(doubt) for doubt in reading.doubts),
            "engine": Engine.MODEL if merged.held else Engine.RULES,
            "notes": (*parsed.notes, *reply.notes, *_told(merged)),
        }
    )


def _told(merged: Merged) -> list[str]:
    if not merged.dropped:
        return []
    return [f"{merged.dropped} of the model's statements were not in the text and not used."]


def _fields(parsed: ParsedResume) -> list[report.FieldRead]:
    return [report.FieldRead(**field.model_dump()) for field in parsed.fields]
