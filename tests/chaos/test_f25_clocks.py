"""The clock of one process is set by an hour (F25), by libfaketime, beside the product's code."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest
from tests.chaos.processes import OPEN, grown
from tests.chaos.world import World
from tests.system.conftest import ROOT

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]

NAME = "tailor-stepped"
STOP_S = 30


def _library() -> Path:
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        pytest.skip("libfaketime is not installed (Debian's package `faketime`)")
    return found[0]


@asynccontextmanager
async def stepped(world: World, offset: Path) -> AsyncIterator[None]:
    """One more tailor process, with one slot, whose clock follows `offset`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    told = psutil.Process(world.tailors.pid(world.tailors.names[0])).environ()
    told |= {
        "OPS_PORT": str(port),
        # Ten share ten: one slot, so that the fleet's limit still holds beside the three.
        "REPLICAS": "10",
        "LD_PRELOAD": str(_library()),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    with (ROOT / "build" / "reports" / "chaos-stepped.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tailor_svc", "consume", env=told, stdout=log, stderr=log
        )
    world.tailors.add(NAME, f"http://127.0.0.1:{port}/metrics")
    try:
        await world.tailors.until(lambda _: True, within=40)
        yield
    finally:
        world.tailors.remove(NAME)
        process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@pytest.mark.parametrize("step", ["+3600", "-3600"])
async def test_f25(world: World, tmp_path: Path, step: str) -> None:
    """Its circuit neither closes nor opens by that, and what it holds completes."""
    offset = tmp_path / "offset"
    offset.write_text("+0\n")
    async with stepped(world, offset):
        before = await world.tailors.read()
        await world.ledger.break_model({"kind": "status", "status": 500, "times": 1000}, seconds=15)
        # As many as all have in hand: none is delivered after the step.
        await world.order(16)
        opened = await world.tailors.until(lambda view: view.circuit == OPEN, within=25)
        async with asyncio.timeout(10):
            while not (held := (await world.tailors.read())[NAME].held):
                await asyncio.sleep(0.2)
        # Of its one slot's three tries none opens the circuit: that job has burnt an attempt.
        burnt = await world.burnt()
        offset.write_text(f"{step}\n")
        await asyncio.sleep(5)
        after = (await world.tailors.read())[NAME]
        row = await world.account(
            "F25",
            f"clock {step} s",
            trips=grown(before, await world.tailors.read(), lambda view: view.trips),
            held_by_the_stepped=held,
        )
    assert held > 0
    assert (after.circuit, after.trips) == (OPEN, opened[NAME].trips)
    assert burnt <= 1
    assert (row.completed, row.burnt) == (row.jobs, burnt)
