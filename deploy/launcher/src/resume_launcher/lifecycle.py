"""Bringing the native stack up, taking it down, and looking at it, from the terminal."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

from resume_launcher.errors import LauncherError, StartError
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_launcher.stack import Stack
from resume_launcher.supervisor import table
from resume_launcher.supervisor.journal import Happening, JournalReader
from resume_launcher.supervisor.lock import holder
from resume_launcher.terminal import Say
from resume_launcher.versions import check_state, fingerprint

POLL_S = 0.05
UP_TIMEOUT_S = 180.0
STILL_STOPPING_S = 5.0
ORPHAN_GRACE_S = 10.0


@dataclass(frozen=True, slots=True)
class Up:
    """A running stack, and whether this call started it."""

    stack: Stack
    started: bool


def running_stack(folders: Folders) -> Stack | None:
    """The stack of this clone that runs now; a file left by a crash is not one."""
    stack = Stack.read(folders.stack_file)
    if stack is None or holder(folders.lock) != stack.supervisor_pid:
        return None
    return stack


def up(folders: Folders, settings: StackSettings, say: Say) -> Up:
    """Have the stack running with this code and these settings; reuse it when it is.

    Raises:
        LauncherError: it did not come up; what was started is stopped again.
    """
    wanted = fingerprint(folders.repository, settings.summary())
    supervisor = holder(folders.lock)
    if supervisor is not None:
        if running_stack(folders) is None:
            say("The stack is being started already:")
            _follow(folders, supervisor, None, say)
        stack = running_stack(folders)
        if stack is not None and stack.fingerprint == wanted:
            return Up(stack, started=False)
        say("The running stack has other code or settings: starting it again.")
        down(folders, say)
    remove_orphans(folders, say)
    check_state(folders)
    _start(folders, wanted, say)
    stack = running_stack(folders)
    if stack is None:
        raise LauncherError("the stack ended as soon as it was up: see `make logs`")
    return Up(stack, started=True)


def down(folders: Folders, say: Say) -> bool:
    """Stop the stack and wait until nothing of it runs; False when nothing did."""
    supervisor = holder(folders.lock)
    if supervisor is None:
        return remove_orphans(folders, say)
    os.kill(supervisor, signal.SIGTERM)
    _wait_for_end(folders, say)
    return True


def remove_orphans(folders: Folders, say: Say) -> bool:
    """End what a supervisor that was killed left behind; False when it left nothing.

    Its children are told by the kernel when it dies, so they are normally on their way out.
    """
    if holder(folders.lock) is not None:
        return False
    homes = {str(folders.rabbitmq), str(folders.postgres)}
    orphans = [
        process
        for process in psutil.process_iter()
        if process.pid != os.getpid() and _belongs_to(process, str(folders.state), homes)
    ]
    if orphans:
        say("An earlier supervisor was killed: ending what it left.")
    _, alive = psutil.wait_procs(orphans, timeout=ORPHAN_GRACE_S)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=ORPHAN_GRACE_S)
    folders.stack_file.unlink(missing_ok=True)
    return bool(orphans)


def _belongs_to(process: psutil.Process, state: str, homes: set[str]) -> bool:
    """Whether a process was started by a supervisor of this state folder.

    Told by its environment, not by a process id that somebody else may have by now; by its
    command line where a container's root may not read the environment of other users' processes.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        try:
            environment = process.environ()
        except psutil.AccessDenied:
            return any(word.startswith(tuple(homes)) for word in process.cmdline())
        return environment.get(table.STATE_MARK) == state or environment.get("HOME") in homes
    return False


def _start(folders: Folders, wanted: str, say: Say) -> None:
    folders.logs.mkdir(parents=True, exist_ok=True)
    folders.state.chmod(0o755)
    arguments = (folders.state, folders.stack_file, folders.repository, wanted)
    with (folders.logs / "supervisor.log").open("ab") as log:
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "resume_launcher", "supervise", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _follow(folders, supervisor.pid, supervisor, say)
    except BaseException:
        # Ctrl-C too: what this call started, it stops.
        if supervisor.poll() is None:
            supervisor.terminate()
            _wait_for_end(folders, say)
        raise


def _follow(
    folders: Folders, supervisor: int, ours: subprocess.Popen[bytes] | None, say: Say
) -> None:
    """Print what a starting supervisor does until its stack is up.

    Args:
        folders: of the stack.
        supervisor: its process id.
        ours: the same process when we started it; None: somebody else did.
        say: prints a line.
    """
    journal = JournalReader(folders.journal(supervisor))
    deadline = time.monotonic() + UP_TIMEOUT_S
    while time.monotonic() < deadline:
        ended = holder(folders.lock) != supervisor if ours is None else ours.poll() is not None
        for entry in journal.new():
            match entry.happening:
                case Happening.UP:
                    return
                case Happening.FAILED:
                    _wait_for_end(folders, say)
                    raise StartError(entry.name, entry.detail.removeprefix(f"{entry.name} "))
                case Happening.READY:
                    say(f"  {entry.name:<18} ready after {entry.seconds:5.1f} s")
                case Happening.DIED:
                    say(f"  {entry.name:<18} died: {entry.detail}")
        if ended:
            other = holder(folders.lock)
            if other is not None and other != supervisor:
                # Two were started in one moment, and the other one came first.
                _follow(folders, other, None, say)
                return
            raise StartError("supervisor", "ended while the stack was starting")
        time.sleep(POLL_S)
    raise StartError("supervisor", f"did not have the stack up in {UP_TIMEOUT_S:.0f} s")


def _wait_for_end(folders: Folders, say: Say) -> None:
    """Wait until no supervisor runs; now and then say what it still waits for."""
    said = time.monotonic()
    while (supervisor := holder(folders.lock)) is not None:
        if time.monotonic() - said > STILL_STOPPING_S:
            said = time.monotonic()
            journal = JournalReader(folders.journal(supervisor))
            stopped = {e.name for e in journal.new() if e.happening is Happening.STOPPED}
            stack = Stack.read(folders.stack_file)
            left = [name for name in stack.names if name not in stopped] if stack else []
            say(f"  still stopping: {', '.join(left) or 'the supervisor'}")
        time.sleep(POLL_S)
