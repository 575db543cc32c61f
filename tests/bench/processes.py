"""What processes cost: CPU time and memory, of whole process trees."""

import contextlib
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
    """

    seconds: float
    cpu: Mapping[str, float]

    @property
    def total(self) -> float:
        """CPU seconds of all parts."""
        return sum(self.cpu.values())

    def cores(self) -> dict[str, float]:
        """Percent of one core that each part used."""
        return {name: 100 * used / self.seconds for name, used in self.cpu.items()}


#: The process that submits and measures; its children are the parts.
DRIVER = "driver"


class Meter:
    """Reads the parts' CPU clocks now, and again later; and this process's own."""

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._before = self._now()
        self._began = time.perf_counter()

    def read(self) -> Used:
        """What was used since."""
        seconds = time.perf_counter() - self._began
        now = self._now()
        return Used(seconds, {name: now[name] - self._before[name] for name in now})

    def _now(self) -> dict[str, float]:
        parts = {name: cpu_seconds(pid) for name, pid in self._parts.items()}
        return {**parts, DRIVER: time.process_time()}
