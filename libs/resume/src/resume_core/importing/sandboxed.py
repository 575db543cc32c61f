"""Imports in a child process, so that a hostile file can harm nothing but its own reading."""

import json
from dataclasses import asdict
from typing import Any, Final

from resume_core.confined import ChildFailedError, run_child
from resume_core.importing.report import (
    Doubt,
    FieldRead,
    ImportedResume,
    ImportLimits,
    ImportRefusedError,
    ImportReport,
)
from resume_core.model import Resume

_MODULE: Final = "resume_core.importing.child"
_MAX_ANSWER: Final = 4 * 1024 * 1024


async def import_in_child(
    data: bytes, filename: str, *, limits: ImportLimits | None = None
) -> ImportedResume:
    """`import_resume` in a process of its own, without this one's environment or open files.

    The child bounds its own memory, processor time and files; this side bounds the wall clock and
    kills the child when it is cancelled itself.

    Raises:
        ImportRefusedError: the file was refused, or reading it crashed or took too long.
    """
    limits = limits or ImportLimits()
    if len(data) > limits.file_bytes:
        message = f"The file is larger than {limits.file_bytes // (1024 * 1024)} MiB."
        raise ImportRefusedError("resume_too_large", message)
    header = json.dumps({"filename": filename, "limits": asdict(limits)}).encode() + b"\n"
    try:
        output = await run_child(_MODULE, header + data, wall_s=limits.wall_s, most=_MAX_ANSWER)
    except TimeoutError:
        message = "The file takes too long to read."
        raise ImportRefusedError("resume_unreadable", message) from None
    except ChildFailedError:
        raise _failed() from None
    return _decode(output)


def _failed() -> ImportRefusedError:
    message = "The file cannot be read: reading it failed."
    return ImportRefusedError("resume_unreadable", message)


def _decode(output: bytes) -> ImportedResume:
    try:
        answer = json.loads(output)
        refused = answer.get("refused")
        imported = None if refused else _imported(answer["imported"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _failed() from None
    if imported is None:
        raise ImportRefusedError(refused["code"], refused["message"])
    return imported


def _imported(answer: dict[str, Any]) -> ImportedResume:
    report = answer["report"]
    doubts = tuple(Doubt(**doubt) for doubt in report["doubts"])
    return ImportedResume(
        resume=Resume.model_validate(answer["resume"]),
        format=answer["format"],
        text=answer["text"],
        report=ImportReport(doubts, report["pages"], report["characters"], report["columns"]),
        fields=tuple(map(_field, answer["fields"])),
    )


def _field(answer: dict[str, Any]) -> FieldRead:
    spans = tuple((start, end) for start, end in answer.pop("spans"))
    return FieldRead(spans=spans, **answer)
