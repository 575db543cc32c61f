"""KILL= and BREAK=: what the demo breaks while its job runs, and what came of it."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from resume_launcher.demo.sandbox import Sandbox
from resume_launcher.errors import LauncherError
from resume_launcher.folders import Folders
from resume_launcher.providers import Providers
from resume_launcher.stacks import kill, running_stack
from resume_launcher.terminal import Say

#: Long enough to be seen and to be killed in, short enough to wait for.
SLOW_MS = 4000
BROKEN_S = 20.0
#: How long to wait for the moment to kill, and for the restart.
PATIENCE_S = 5.0
#: How long a stage that may do without a model has to call one.
SOON_S = 0.5
POLL_S = 0.05
#: Of several products this one's stage is the one to kill in: its model call is the longest.
MAIN_STAGE = "tailor.resume"

Status = Mapping[str, Any]


class Mischief(Protocol):
    """Something done to the system while a job runs."""

    def prepare(self) -> None:
        """Before the job is ordered."""

    def notice(self, status: Status) -> None:
        """At every change of the job."""

    def finish(self) -> None:
        """After the job, whatever came of it."""


class Peace:
    """Nothing is broken."""

    def prepare(self) -> None:
        """Nothing to do."""

    def notice(self, status: Status) -> None:
        """Nothing to do."""

    def finish(self) -> None:
        """Nothing to do."""


class Kill:
    """`kill -9` of one process in the middle of its stage; the supervisor starts it again."""

    def __init__(
        self, name: str, stages: Sequence[str], sandbox: Sandbox, folders: Folders, say: Say
    ) -> None:
        """`name` is a process of `make ps`, or the beginning of one's name.

        It is killed in a stage of its own, or, when it has none, in the main one of `stages`.
        """
        self._name = name
        main = MAIN_STAGE if MAIN_STAGE in stages else stages[-1]
        self._stage = f"{name}." if name in {"extract", "research"} else main
        self._sandbox = sandbox
        self._folders = folders
        self._say = say
        self._killed = False
        if self._pid() is None:
            raise LauncherError(f"KILL: there is no process {name!r}; `make ps` lists them")

    def prepare(self) -> None:
        """Make the model slow enough to be killed in the middle."""
        self._sandbox.slow_down(SLOW_MS)

    def notice(self, status: Status) -> None:
        """Kill it as soon as its stage runs, the main stage in the middle of its call."""
        stage = str(status.get("stage") or "")
        if self._killed or status["status"] != "processing" or not stage.startswith(self._stage):
            return
        if stage.startswith("tailor."):
            job, patience = str(status["jobId"]), PATIENCE_S if stage == MAIN_STAGE else SOON_S
            _wait_until(
                lambda: any(call["state"] == "open" for call in self._sandbox.calls(job)), patience
            )
        pid = kill(self._folders, self._name)
        if pid is None:
            return
        self._killed = True
        self._say(f"  kill -9 {pid}: {self._name} is dead in the middle of its work")
        if _wait_until(lambda: self._pid() not in {None, 0, pid}):
            self._say(f"  {self._name} was started again as {self._pid()}")

    def finish(self) -> None:
        """Give the model its own speed again."""
        self._sandbox.mend()
        if not self._killed:
            self._say(f"  {self._name} was not killed: its stage was over too soon")

    def _pid(self) -> int | None:
        stack = running_stack(self._folders)
        return stack.pid_of(self._name) if stack else None


class Break:
    """The model answers 500 for a while."""

    def __init__(self, provider: str, sandbox: Sandbox, say: Say) -> None:
        if provider != "openai":
            raise LauncherError(f"BREAK: knows openai, not {provider!r}")
        self._sandbox = sandbox
        self._say = say

    def prepare(self) -> None:
        """Break it before the job comes by."""
        self._sandbox.break_model(BROKEN_S)
        self._say(f"  OpenAI's stand-in answers 500 for the next {BROKEN_S:.0f} s")

    def notice(self, status: Status) -> None:
        """Nothing more to do."""

    def finish(self) -> None:
        """Mend what may still be broken."""
        self._sandbox.mend()


def check(environ: Mapping[str, str], providers: Providers) -> None:
    """Refuse KILL= and BREAK= with a model of the user's own: only the stand-in's calls are seen.

    Raises:
        LauncherError: they were asked for.
    """
    wanted = next((name for name in ("KILL", "BREAK") if environ.get(name)), None)
    if wanted and providers.of("tailor")["TEST_MODE"] == "false":
        raise LauncherError(
            f"{wanted} breaks and counts the stand-in's calls: leave out OPENAI_API_KEY and "
            "MODEL_ENDPOINTS"
        )


def choose(
    environ: Mapping[str, str],
    stages: Sequence[str],
    sandbox: Sandbox,
    folders: Folders,
    say: Say,
) -> Mischief:
    """What KILL= or BREAK= ask for, while jobs with these stages run.

    Raises:
        LauncherError: they name something that cannot be killed or broken, or come together.
    """
    kill, break_ = environ.get("KILL"), environ.get("BREAK")
    if kill and break_:
        raise LauncherError("KILL and BREAK: one at a time")
    if kill:
        return Kill(kill, stages, sandbox, folders, say)
    return Break(break_, sandbox, say) if break_ else Peace()


def verdict(calls: Sequence[list[dict[str, Any]]], *, completed: bool) -> str:
    """What was lost and what was paid twice, from the ledgers of the jobs' model calls."""
    paid = [sum(1 for call in of_job if call["billed"]) for of_job in calls]
    twice, made = sum(max(0, n - 1) for n in paid), sum(map(len, calls))
    return (
        f"Lost: {'nothing' if completed else 'the job'}. Paid twice: "
        f"{_count(twice, 'model call')} ({_count(made, 'call')} made, {sum(paid)} billed)."
    )


def _wait_until(condition: Callable[[], bool], patience: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(POLL_S)
    return False


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
