"""What is left of a stack whose supervisor was killed, or belongs to somebody else."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from resume_launcher import lifecycle
from resume_launcher.folders import Folders
from resume_launcher.stack import Stack
from resume_launcher.supervisor.lock import SupervisorLock
from resume_launcher.supervisor.table import STATE_MARK


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setattr(lifecycle, "ORPHAN_GRACE_S", 0.2)
    return Folders(tmp_path, tmp_path / "state", tmp_path / "build" / "stack.json")


def stack(folders: Folders, supervisor: int) -> Stack:
    return Stack(
        base_url="http://a",
        auth_url="http://b",
        sandbox_url="http://c",
        careers_url="http://c",
        amqp_url="amqp://d",
        management_url="http://e",
        management_user="resume",
        management_password="secret",
        database_url="postgresql://f",
        processes=(),
        servers=(),
        fingerprint="x",
        supervisor_pid=supervisor,
        state_dir=folders.state,
        logs_dir=folders.logs,
    )


@pytest.fixture
def sleeper(folders: Folders) -> Iterator[subprocess.Popen[bytes]]:
    """A process that a supervisor of this state folder started."""
    env = {**os.environ, STATE_MARK: str(folders.state)}
    code = "print(flush=True); import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_running_stack_does_not_believe_a_file_that_a_crash_left(folders: Folders) -> None:
    # The process with this id lives, and is no supervisor.
    stack(folders, os.getpid()).write(folders.stack_file)
    assert lifecycle.running_stack(folders) is None


def test_running_stack_believes_the_file_of_whoever_holds_the_lock(folders: Folders) -> None:
    lock = SupervisorLock(folders.lock)
    assert lock.acquire()
    written = stack(folders, os.getpid())
    written.write(folders.stack_file)
    assert lifecycle.running_stack(folders) == written


def test_down_ends_what_a_killed_supervisor_left_and_nothing_else(
    folders: Folders, tmp_path: Path, sleeper: subprocess.Popen[bytes]
) -> None:
    other = Folders(tmp_path, tmp_path / "other", tmp_path / "other.json")
    assert lifecycle.down(other, print) is False
    assert sleeper.poll() is None
    said: list[str] = []
    assert lifecycle.down(folders, said.append) is True
    assert not psutil.pid_exists(sleeper.pid)
    assert said == ["An earlier supervisor was killed: ending what it left."]


def test_down_without_anything_running_says_so(folders: Folders) -> None:
    assert lifecycle.down(folders, print) is False
