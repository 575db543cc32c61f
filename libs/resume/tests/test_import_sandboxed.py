"""The child process: same answers, no environment, and nothing gets past its limits."""

import asyncio
import os
import sys
from dataclasses import asdict, replace
from typing import Any

import pytest

from resume_core.importing import ImportLimits, ImportRefusedError, import_resume, sandboxed

from .documents import LAYOUTS, PEOPLE

PDF = LAYOUTS["pdf, two columns"][1](PEOPLE[0])
DOCX = LAYOUTS["docx, table"][1](PEOPLE[1])

PROBES = {
    "memory": "bytearray(2_000_000_000)",
    "file": "open('probe-file', 'wb').write(b'x' * 10)",
    "crash": "__import__('os').kill(__import__('os').getpid(), 11)",
    "noise": "print('not json')",
    "processor": "[x for x in iter(int, 1)]",
}


@pytest.mark.parametrize(("data", "name"), [(PDF, "cv.pdf"), (DOCX, "cv.docx")])
async def test_child_reads_what_we_read(data: bytes, name: str) -> None:
    assert await sandboxed.import_in_child(data, name) == import_resume(data, name)


async def test_child_refuses_as_we_do() -> None:
    with pytest.raises(ImportRefusedError) as caught:
        await sandboxed.import_in_child(b"%PDF-1.7 torn", "cv.pdf")
    assert caught.value.code == "resume_unreadable"
    assert "damaged" in caught.value.message


async def test_file_beyond_the_cap_starts_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: Any, **__: Any) -> None:
        pytest.fail("a child was started")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", never)
    with pytest.raises(ImportRefusedError) as caught:
        await sandboxed.import_in_child(bytes(100), "cv", limits=ImportLimits(file_bytes=99))
    assert caught.value.code == "resume_too_large"


async def test_child_that_hangs_is_killed(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    started = await _run_instead(monkeypatch, tmp_path, "import time; time.sleep(600)")
    with pytest.raises(ImportRefusedError) as caught:
        await sandboxed.import_in_child(PDF, "cv", limits=ImportLimits(wall_s=0.3))
    assert caught.value.code == "resume_unreadable"
    assert "too long" in caught.value.message
    assert started[0].returncode == -9


async def test_cancelled_import_leaves_no_child(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = await _run_instead(monkeypatch, tmp_path, "import time; time.sleep(600)")
    task = asyncio.create_task(sandboxed.import_in_child(PDF, "cv"))
    while not started:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert started[0].returncode == -9


@pytest.mark.parametrize("probe", PROBES)
async def test_child_that_breaks_out_is_refused(
    probe: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child, confined, then made to do what a hostile file might make a parser do."""
    script = (
        "import sys, json; from resume_core.importing import child\n"
        "from resume_core.importing.report import ImportLimits\n"
        "request = json.loads(sys.stdin.buffer.readline())\n"
        "child.confine(ImportLimits(**request['limits']))\n"
        f"import os; os.chdir({str(tmp_path)!r})\n{PROBES[probe]}"
    )
    await _run_instead(monkeypatch, tmp_path, script)
    limits = replace(ImportLimits(), cpu_s=1, wall_s=15.0)
    with pytest.raises(ImportRefusedError) as caught:
        await sandboxed.import_in_child(b"x", "cv", limits=limits)
    assert caught.value.code == "resume_unreadable"
    assert not (tmp_path / "probe-file").exists() or not (tmp_path / "probe-file").stat().st_size


async def test_child_inherits_no_secret(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANARY_SECRET", "canary-1")
    seen = tmp_path / "seen"
    script = f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ)))"
    await _run_instead(monkeypatch, tmp_path, script)
    with pytest.raises(ImportRefusedError):
        await sandboxed.import_in_child(b"x", "cv")
    assert "canary" not in seen.read_text()
    assert "PATH" in seen.read_text()
    assert "CANARY_SECRET" in os.environ


def test_limits_survive_the_way_to_the_child() -> None:
    limits = ImportLimits(pages=3, wall_s=1.5)
    assert ImportLimits(**asdict(limits)) == limits


async def _run_instead(
    monkeypatch: pytest.MonkeyPatch, folder: Any, script: str
) -> list[asyncio.subprocess.Process]:
    """Run a script where the child would run, by the very call that starts it."""
    path = folder / "script.py"
    path.write_text(script)
    start = asyncio.create_subprocess_exec
    started: list[asyncio.subprocess.Process] = []

    async def start_script(*_: str, **options: Any) -> asyncio.subprocess.Process:
        process = await start(sys.executable, "-I", str(path), **options)
        started.append(process)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start_script)
    return started
