"""Imports in a child process, so that a hostile file can harm nothing but its own reading."""

import asyncio
import contextlib
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
            output = await _converse(child, header + data)
            await child.wait()
    except TimeoutError:
        message = "The file takes too long to read."
        raise ImportRefusedError("resume_unreadable", message) from None
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or len(output) > _MAX_ANSWER:
        raise _failed()
    return _decode(output)


async def _converse(child: asyncio.subprocess.Process, question: bytes) -> bytes:
    """Hand the child its input and take what it says, at most a little more than it may."""
    answers, questions = child.stdout, child.stdin
    if answers is None or questions is None:
        raise RuntimeError("the child has no pipes")
    feeding = asyncio.create_task(_feed(questions, question))
    answer = bytearray()
    try:
        while (part := await answers.read(65536)) and len(answer) <= _MAX_ANSWER:
            answer += part
    finally:
        if len(answer) > _MAX_ANSWER:
            child.kill()
        feeding.cancel()
    return bytes(answer)


async def _feed(pipe: asyncio.StreamWriter, question: bytes) -> None:
    # A child that ends early has said why by its exit code; its closed pipe adds nothing.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(question)
        await pipe.drain()
        pipe.close()


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
    )
