"""The supervisor over real, trivial processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import psutil
import pytest

from resume_launcher.errors import StartError
from resume_launcher.ports import free_port
from resume_launcher.supervisor.journal import Happening, Journal, JournalReader
from resume_launcher.supervisor.managed import ServiceProcess, run_once
from resume_launcher.supervisor.supervisor import Part, Step, Supervisor

SERVE = """
import sys, http.server as h
h.test(h.SimpleHTTPRequestHandler, port=int(sys.argv[1]), bind="127.0.0.1")
"""
STUBBORN = f"import signal; signal.signal(15, signal.SIG_IGN)\n{SERVE}"


@asynccontextmanager
async def supervisor(
    tmp_path: Path, *names: str, code: str = SERVE, changed: Callable[[], None] | None = None
) -> AsyncIterator[tuple[Supervisor, JournalReader, asyncio.Event]]:
    stop = asyncio.Event()
    async with httpx2.AsyncClient(trust_env=False) as client:
        parts = []
        for index, name in enumerate(names):
            port = free_port()
            process = ServiceProcess(
                name,
                [sys.executable, "-c", code, str(port)],
                env=dict(os.environ),
                log=tmp_path / f"{name}.log",
                health_url=f"http://127.0.0.1:{port}/",
                grace_s=1.0,
                client=client,
            )
            needs = frozenset(names[index - 1 : index]) if index else frozenset({"step"})
            parts.append(Part(name, process, needs, stop_rank=-index))
        step = Step(lambda: asyncio.sleep(0), frozenset())
        path = tmp_path / "journal.jsonl"
        under_test = Supervisor(
            tuple(parts),
            {"step": step},
            journal=Journal(path),
            on_change=changed or (lambda: None),
        )
        task = asyncio.create_task(under_test.run(stop))
        try:
            yield under_test, JournalReader(path), stop
        finally:
            stop.set()
            await asyncio.gather(task, return_exceptions=True)


async def until(reader: JournalReader, happening: Happening) -> list[tuple[Happening, str]]:
    seen: list[tuple[Happening, str]] = []
    async with asyncio.timeout(20):
        while True:
            for entry in reader.new():
                seen.append((entry.happening, entry.name))
                if entry.happening is happening:
                    return seen
            await asyncio.sleep(0.02)


async def test_supervisor_starts_in_order_and_stops_everything(tmp_path: Path) -> None:
    async with supervisor(tmp_path, "first", "second") as (running, reader, stop):
        seen = await until(reader, Happening.UP)
        pids = [part.managed.pid or 0 for part in running.parts]
        assert all(psutil.pid_exists(pid) for pid in pids)
        stop.set()
        seen += await until(reader, Happening.STOPPED)
    seen += [(entry.happening, entry.name) for entry in reader.new()]
    assert seen == [
        (Happening.READY, "step"),
        (Happening.READY, "first"),
        (Happening.READY, "second"),
        (Happening.UP, "stack"),
        (Happening.STOPPED, "second"),
        (Happening.STOPPED, "first"),
    ]
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_supervisor_starts_a_killed_process_again_and_tells_its_new_pid(
    tmp_path: Path,
) -> None:
    changes: list[int] = []
    async with supervisor(tmp_path, "only", changed=lambda: changes.append(1)) as (
        running,
        reader,
        _,
    ):
        await until(reader, Happening.UP)
        part = running.parts[0]
        before = part.managed.pid
        assert before is not None
        os.kill(before, signal.SIGKILL)
        await until(reader, Happening.RESTARTED)
        assert part.managed.pid != before
        assert part.restarts == 1
        assert len(changes) == 2
        await part.managed.wait_ready()


async def test_supervisor_kills_what_does_not_stop_within_its_grace(tmp_path: Path) -> None:
    async with supervisor(tmp_path, "stubborn", code=STUBBORN) as (running, reader, stop):
        await until(reader, Happening.UP)
        pid = running.parts[0].managed.pid or 0
        stop.set()
        await until(reader, Happening.STOPPED)
    assert not psutil.pid_exists(pid)


async def test_supervisor_gives_up_when_a_process_ends_while_starting(tmp_path: Path) -> None:
    async with supervisor(tmp_path, "good", "bad", code="raise SystemExit(78)") as (_, reader, _):
        seen = await until(reader, Happening.FAILED)
    assert seen[-1] == (Happening.FAILED, "good")


async def test_run_once_names_the_step_that_failed(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="auth-migrate failed with exit code 3"):
        await run_once(
            "auth-migrate",
            [sys.executable, "-c", "raise SystemExit(3)"],
            env=dict(os.environ),
            log=tmp_path / "log",
        )
