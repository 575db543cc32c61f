"""What processes cost: CPU time and memory, of whole process trees."""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import psutil


def tree(pid: int) -> Iterator[psutil.Process]:
    """A process and all that descend from it."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        yield root
        yield from root.children(recursive=True)


def cpu_seconds(pid: int) -> float:
    """CPU time of a tree so far, of its ended and reaped members too."""
    total = 0.0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def memory_mib(pid: int) -> float:
    """PSS of a tree: shared pages are divided among those who share them."""
    total = 0
    for process in tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / 2**20


@dataclass(frozen=True, slots=True)
class Used:
    """What a stretch of time cost, by part.

    Attributes:
        seconds: how long it was.
        cpu: CPU seconds of each part.
        machine: percent of all cores that were busy, whoever with.
    """

    seconds: float
    cpu: Mapping[str, float]
    machine: float

    @property
    def total(self) -> float:
        """CPU seconds of all parts."""
        return sum(self.cpu.values())

    @property
    def others(self) -> float:
        """Percent of all cores that somebody else used: what makes the figures doubtful."""
        ours = 100 * self.total / self.seconds / (psutil.cpu_count() or 1)
        return max(0.0, self.machine - ours)

    def cores(self) -> dict[str, float]:
        """Percent of one core that each part used."""
        return {name: 100 * used / self.seconds for name, used in self.cpu.items()}


def _machine_seconds() -> tuple[float, float]:
    """CPU time of the machine so far that was used or stolen, and all of it."""
    times = psutil.cpu_times()
    idle = times.idle + times.iowait
    # Guests' time is part of `user` and `nice` already.
    whole = sum(times) - times.guest - times.guest_nice
    return whole - idle, whole


#: The process that submits and measures; its children are the parts.
DRIVER = "driver"


class Meter:
    """Reads the parts' CPU clocks now, and again later; and this process's own."""

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._machine = _machine_seconds()
        self._before = self._now()
        self._began = time.perf_counter()

    def read(self) -> Used:
        """What was used since."""
        seconds = time.perf_counter() - self._began
        now = self._now()
        busy, passed = (
            after - before for after, before in zip(_machine_seconds(), self._machine, strict=True)
        )
        machine = 100 * busy / passed if passed else 0.0
        return Used(seconds, {name: now[name] - self._before[name] for name in now}, machine)

    def _now(self) -> dict[str, float]:
        parts = {name: cpu_seconds(pid) for name, pid in self._parts.items()}
        # With what it started and saw the end of, such as wrk; the parts are still at work.
        own = os.times()
        driver = own.user + own.system + own.children_user + own.children_system
        return {**parts, DRIVER: driver}
