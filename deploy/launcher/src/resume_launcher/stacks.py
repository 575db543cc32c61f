"""The stack of this clone, whichever way it runs: as private processes, or in containers."""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass

from resume_launcher import lifecycle
from resume_launcher.compose import stack as compose
from resume_launcher.compose.project import run_in
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_launcher.stack import Stack
from resume_launcher.terminal import Say


@dataclass(frozen=True, slots=True)
class Up:
    """A running stack, and whether this call started it."""

    stack: Stack
    started: bool


def running_stack(folders: Folders) -> Stack | None:
    """The stack of this clone that runs now; a file left by a crash is not one."""
    return lifecycle.running_stack(folders) or compose.running(folders)


def up(folders: Folders, settings: StackSettings, say: Say) -> Up:
    """Have the stack running the way and with the settings that are asked for; reuse what runs.

    Raises:
        LauncherError: it did not come up; what was started is stopped again.
    """
    stack = compose.running(folders)
    if settings.kind == "native":
        if stack is not None:
            say("The stack runs in containers: starting it anew.")
            compose.stop(folders)
        native = lifecycle.up(folders, settings, say)
        return Up(native.stack, native.started)
    if stack is not None and stack.fingerprint == compose.wanted_fingerprint(folders, settings):
        return Up(stack, started=False)
    if lifecycle.down(folders, say) or stack is not None:
        say("The running stack has other code or settings: starting it again.")
    return Up(compose.start(folders, settings, say), started=True)


def down(folders: Folders, say: Say, *, data: bool = False) -> bool:
    """Stop the stack and wait until nothing of it runs; False when nothing did.

    With `data` what it keeps in the engine's volumes goes too.
    """
    contained = compose.stop(folders, volumes=data)
    return lifecycle.down(folders, say) or contained


def kill(folders: Folders, name: str) -> int | None:
    """`kill -9` one of its processes; whoever supervises it starts it again.

    Returns:
        The process's id; None when there was no such process.
    """
    stack = running_stack(folders)
    pid = stack.pid_of(name) if stack else None
    if stack is None or not pid:
        return None
    if stack.kind == "native":
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    elif (container := compose.container_of(folders, name)) is not None:
        # From inside: the engine does not restart what it was told to kill itself, and on this
        # machine the process is another user's.
        with contextlib.suppress(subprocess.TimeoutExpired):
            run_in(container.name, "sh", "-c", "kill -9 -1")
    return pid
