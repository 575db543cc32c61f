"""Work on untrusted data in a child process of its own: nothing of ours in it, and bounded."""

import asyncio
import contextlib
import os
import resource
import sys
from collections.abc import Mapping
from typing import Protocol


class ChildFailedError(Exception):
    """The child crashed, broke a bound, or said more than it may."""


class Bounds(Protocol):
    """What a child may use: address space in bytes, processor seconds."""

    @property
    def memory(self) -> int:
        """Address space in bytes."""

    @property
    def cpu_s(self) -> int:
        """Processor time in seconds."""


async def run_child(
    module: str,
    question: bytes,
    *,
    wall_s: float,
    most: int,
    variables: Mapping[str, str] | None = None,
) -> bytes:
    """What `python -m module` answers to a question on its standard input.

    The child has neither this process's environment nor its open files. It is killed when it
    takes longer than `wall_s` seconds, answers more than `most` bytes, or the caller is cancelled.

    Raises:
        TimeoutError: no answer in time.
        ChildFailedError: it failed, or its answer was too long.
    """
    # -I: neither the working directory nor PYTHON* variables decide what is imported.
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={"LANG": "C.UTF-8", "PATH": os.defpath, **(variables or {})},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(wall_s):
            answer = await _converse(child, question, most)
            await child.wait()
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if child.returncode != 0 or len(answer) > most:
        raise ChildFailedError
    return answer


def confine(bounds: Bounds, *, processes: int | None = 0) -> None:
    """Take from this process what its work does not need: memory, time, files, processes.

    `processes` counts threads too; None leaves the limit as it is.
    """
    for kind, value in (
        (resource.RLIMIT_AS, bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_NPROC, processes),
    ):
        if value is None:
            continue
        _, hard = resource.getrlimit(kind)
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (capped, capped))


async def _converse(child: asyncio.subprocess.Process, question: bytes, most: int) -> bytes:
    """Hand the child its input and take what it says, at most a little more than it may."""
    answers, questions = child.stdout, child.stdin
    if answers is None or questions is None:
        raise RuntimeError("the child has no pipes")
    feeding = asyncio.create_task(_feed(questions, question))
    answer = bytearray()
    try:
        while (part := await answers.read(65536)) and len(answer) <= most:
            answer += part
    finally:
        if len(answer) > most:
            child.kill()
        feeding.cancel()
    return bytes(answer)


async def _feed(pipe: asyncio.StreamWriter, question: bytes) -> None:
    # A child that ends early has said why by its exit code; its closed pipe adds nothing.
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(question)
        await pipe.drain()
        pipe.close()
