"""Imports in a child process, so that a hostile file can harm nothing but its own reading."""

import asyncio
import json
import os
import sys
from dataclasses import asdict
from typing import Any, Final

from resume_core.importing.report import (
    Doubt,
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
    # -I: neither the working directory nor PYTHON* variables decide what is imported.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PATH": os.defpath},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(limits.wall_s):
            output, _ = await child.communicate(header + data)
    except TimeoutError:
        message = "The file takes too long to read."
        raise ImportRefusedError("resume_unreadable", message) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or len(output) > _MAX_ANSWER:
        message = "The file cannot be read: reading it failed."
        raise ImportRefusedError("resume_unreadable", message)
    return _decode(json.loads(output))


def _decode(answer: dict[str, Any]) -> ImportedResume:
    if "refused" in answer:
        raise ImportRefusedError(answer["refused"]["code"], answer["refused"]["message"])
    imported = answer["imported"]
    report = imported["report"]
    doubts = tuple(Doubt(**doubt) for doubt in report["doubts"])
    return ImportedResume(
        resume=Resume.model_validate(imported["resume"]),
        format=imported["format"],
        text=imported["text"],
        report=ImportReport(doubts, report["pages"], report["characters"], report["columns"]),
    )
