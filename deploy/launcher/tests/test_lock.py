import os
import subprocess
import sys
from pathlib import Path

from resume_launcher.supervisor.lock import SupervisorLock, holder

HOLD = """
import sys
from pathlib import Path
from resume_launcher.supervisor.lock import SupervisorLock
print(SupervisorLock(Path(sys.argv[1])).acquire(), flush=True)
lock = SupervisorLock(Path(sys.argv[1]))
sys.stdin.read()
"""
KEEP = HOLD.replace("print(SupervisorLock(Path(sys.argv[1])).acquire(), flush=True)\n", "").replace(
    "sys.stdin.read()", "print(lock.acquire(), flush=True)\nsys.stdin.read()"
)


def test_holder_is_none_without_a_supervisor(tmp_path: Path) -> None:
    assert holder(tmp_path / "lock") is None


def test_holder_names_the_living_process_and_forgets_a_killed_one(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with subprocess.Popen(
        [sys.executable, "-c", KEEP, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"True\n"
        assert holder(path) == process.pid
        assert SupervisorLock(path).acquire() is False
        process.kill()
        process.wait()
        assert path.read_text() == str(process.pid)
        assert holder(path) is None
    assert SupervisorLock(path).acquire() is True


def test_acquire_notes_our_own_process(tmp_path: Path) -> None:
    lock = SupervisorLock(tmp_path / "lock")
    assert lock.acquire()
    assert (tmp_path / "lock").read_text() == str(os.getpid())
