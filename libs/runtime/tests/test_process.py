import os
import signal
import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, sys
from resume_runtime.logging import configure_logging
from resume_runtime.process import StartupError, run

configure_logging("example", "INFO")

async def {main}

sys.exit(run(main))
"""


def started(main: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603  our own program
        [sys.executable, "-c", PROGRAM.format(main=main)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(main: str) -> tuple[int, str, str]:
    with started(main) as process:
        out, err = process.communicate(timeout=20)
        return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_sets_the_stop_event_and_the_process_ends_well(number: signal.Signals) -> None:
    with started('main(stop):\n    print("up", flush=True); await stop.wait()') as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        os.kill(process.pid, number)
        assert process.wait(20) == 0


def test_second_signal_ends_a_process_that_hangs() -> None:
    main = (
        'main(stop):\n    print("up", flush=True); await stop.wait()\n'
        '    print("stopping", flush=True)\n'
        "    while True:\n"
        "        try: await asyncio.sleep(100)\n"
        "        except asyncio.CancelledError: pass"
    )
    with started(main) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        os.kill(process.pid, signal.SIGTERM)
        assert process.stdout.readline() == "stopping\n"
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 128 + signal.SIGTERM


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        ('StartupError("DATABASE_URL: cannot connect")', 69),
        ('StartupError("AUTH_SECRET: is wrong", exit_code=78)', 78),
        ('ExceptionGroup("", [ValueError(), StartupError("PORT: in use")])', 69),
    ],
)
def test_expected_failure_is_one_line_and_its_exit_code(raised: str, code: int) -> None:
    returned, out, err = ended(f"main(stop):\n    raise {raised}")
    assert (returned, out) == (code, "")
    assert err.count("\n") == 1
    assert err.rstrip() in raised


def test_unexpected_failure_is_logged_without_its_text() -> None:
    returned, out, err = ended('main(stop):\n    raise RuntimeError("resume text")')
    assert (returned, err) == (1, "")
    assert '"error":"RuntimeError"' in out
    assert "resume text" not in out
