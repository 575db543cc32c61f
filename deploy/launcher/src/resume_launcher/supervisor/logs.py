"""Keeps the log files of a stack that runs for days from filling the disk."""

import asyncio
from pathlib import Path

LARGEST = 64 * 1024 * 1024
CHECK_EVERY_S = 30.0


async def cap_logs(folder: Path) -> None:
    """Rotate the logs that have grown past 64 MiB; runs until cancelled."""
    while True:
        await asyncio.sleep(CHECK_EVERY_S)
        await asyncio.to_thread(rotate, folder, LARGEST)


def rotate(folder: Path, largest: int) -> None:
    """Copy each log larger than `largest` bytes to `<name>.1` and empty it.

    The processes keep writing to the same open file (opened for appending), so nothing needs to
    be told; lines written between the copy and the cut are lost.
    """
    for log in folder.glob("*.log"):
        if log.stat().st_size > largest:
            log.with_suffix(".log.1").write_bytes(log.read_bytes())
            with log.open("r+b") as file:
                file.truncate()
