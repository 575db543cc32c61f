"""Chromium's processes as the system sees them: their memory, and their end."""

import asyncio
from typing import Final

import psutil

#: A switch of no meaning to Chromium, by which its processes are known; a value follows.
MARK: Final = "--resume-chromium="


def over_memory(mark: str, limit: int) -> bool:
    """Whether the browser's processes together hold over `limit` bytes of their own."""
    return sum(map(_private, _family(mark))) > limit


async def end_browser(mark: str) -> None:
    """Kill the browser with all its processes; none left is no error."""
    await asyncio.to_thread(_kill, mark)


def _kill(mark: str) -> None:
    family = _family(mark)
    for process in family:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=5)


def _family(mark: str) -> list[psutil.Process]:
    """The marked descendants of this process, and theirs."""
    found: dict[int, psutil.Process] = {}
    for process in psutil.Process().children(recursive=True):
        try:
            if mark in process.cmdline():
                found |= {child.pid: child for child in process.children(recursive=True)}
                found[process.pid] = process
        except psutil.NoSuchProcess:
            continue
    return list(found.values())


def _private(process: psutil.Process) -> int:
    try:
        memory = process.memory_info()
    except psutil.NoSuchProcess:
        return 0
    return int(memory.rss - memory.shared)
