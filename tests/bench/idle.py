"""Part d, the stack: from start to ready, and the memory of each process when nothing is to do."""

import asyncio
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.bench.processes import memory_mib
from tests.bench.settings import Edge
from tests.bench.statistics import Spread, spread

from resume_launcher.folders import find_folders
from resume_launcher.lifecycle import down, running_stack, up
from resume_launcher.settings import StackSettings
from resume_launcher.stack import Stack

Say = Callable[[str], None]


class StackIsRunningError(Exception):
    """A stack of this clone runs, so nothing can be measured beside it."""


@dataclass(slots=True)
class Idle:
    """What was seen, round by round.

    Attributes:
        first_s: seconds to ready with nothing there: servers' data folders and tables are made.
        again_s: the same with what the first start left.
        memory: PSS in MiB by process.
    """

    first_s: list[float] = field(default_factory=list)
    again_s: list[float] = field(default_factory=list)
    memory: list[dict[str, float]] = field(default_factory=list)

    def by_process(self) -> dict[str, Spread]:
        """Memory by process, the largest first."""
        found = {name: spread([each[name] for each in self.memory]) for name in self.memory[0]}
        return dict(sorted(found.items(), key=lambda entry: -entry[1].median))

    def total(self) -> Spread:
        """Memory of everything."""
        return spread([sum(each.values()) for each in self.memory])


def refuse_beside_a_stack() -> None:
    """Raise `StackIsRunningError` when a stack of this clone runs."""
    if running_stack(find_folders()) is not None:
        raise StackIsRunningError("a stack is running and would be measured too: `make down` first")


async def measure(settings: Edge, say: Say) -> Idle:
    """Start a stack of its own twice a round: from nothing, and again."""
    return await asyncio.to_thread(_measure, settings, say)


def _measure(settings: Edge, say: Say) -> Idle:
    folders = find_folders(throw_away=True)
    stack_settings = StackSettings.read({})
    idle = Idle()
    for number in range(settings.start_rounds):
        shutil.rmtree(folders.state, ignore_errors=True)
        try:
            for times in (idle.first_s, idle.again_s):
                began = time.perf_counter()
                stack = up(folders, stack_settings, _quiet).stack
                times.append(time.perf_counter() - began)
                if times is idle.again_s:
                    time.sleep(settings.idle_s)
                    idle.memory.append(_memory(stack))
                down(folders, _quiet)
        finally:
            down(folders, _quiet)
            shutil.rmtree(folders.state, ignore_errors=True)
        say(
            f"  {number + 1}/{settings.start_rounds} ready after {idle.first_s[-1]:.1f} s, "
            f"again after {idle.again_s[-1]:.1f} s"
        )
    return idle


def _memory(stack: Stack) -> dict[str, float]:
    """PSS of each process by name."""
    pids = {process.name: process.pid for process in stack.processes}
    pids |= {server.name: server.pid for server in stack.servers}
    return {name: memory_mib(pid) for name, pid in pids.items()}


def _quiet(_: str = "") -> None:
    """The launcher's own words are not for here."""


def table(idle: Idle) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of the report."""
    heads = ["", "PSS, MiB"]
    body = [[name, memory.show()] for name, memory in idle.by_process().items()]
    return heads, [*body, ["everything", idle.total().show()]]


def verdicts(idle: Idle) -> list[str]:
    """The times; there is no target for them."""
    first, again = spread(idle.first_s).show(1), spread(idle.again_s).show(1)
    return [f"from start to ready: {first} s with nothing there, {again} s after that"]


def data(idle: Idle) -> dict[str, Any]:
    """Everything, for the JSON report."""
    return asdict(idle)
