"""What users, operators and machines do to a running system."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from resume_contracts.messages import Command
from resume_messaging.core.build import outgoing_command
from resume_messaging.sim.jobs import next_run
from resume_messaging.sim.process import SimProcess
from resume_messaging.sim.world import World
from resume_runtime.clock import system_sleep


class Disturbances:
    """Submits, cancels, copies, restarts.

    Args:
        boot: starts a process of that name anew, unless it runs.
        reconnect: called when the broker is back.
    """

    def __init__(
        self, world: World, *, boot: Callable[[str], None], reconnect: Callable[[], None]
    ) -> None:
        self._world = world
        self._boot = boot
        self._reconnect = reconnect

    def draw(self, jobs: Iterable[Command], processes: tuple[str, ...]) -> None:
        """Decide what happens, and let it."""
        rng, spawn = self._world.rng, self._world.spawn
        for command in jobs:
            spawn(self.submit(command, rng.uniform(0.0, 10.0)))
            if rng.random() < 0.2:
                spawn(self._cancel(command, rng.expovariate(1 / 30)))
            if rng.random() < 0.15:
                spawn(self._copy(command, rng.uniform(0.0, 60.0)))
        if rng.random() < 0.15:
            spawn(self._restart_broker(rng.uniform(0.0, 60.0), rng.uniform(1.0, 20.0)))
        for _ in range(rng.choice((0, 0, 0, 1, 2))):
            spawn(self._roll(rng.choice(processes), rng.uniform(0.0, 120.0)))

    async def submit(self, command: Command, after_s: float = 0.0) -> None:
        """Accept a run, and publish its command as outbox and relay do: until it is there."""
        world = self._world
        left = (command.deadline - world.clock.now()).total_seconds()
        world.record.deadlines[command.job_id, command.run] = world.clock.monotonic() + left
        await self._relay(command, after_s)

    async def redrive(self, command: Command) -> None:
        """An operator has looked at it."""
        await system_sleep(self._world.rng.uniform(0.0, 20.0))
        await self.submit(next_run(command, self._world.clock))

    async def _copy(self, command: Command, after_s: float) -> None:
        """A relay that lost its confirm."""
        self._world.record.troubles += 5
        await self._relay(command, after_s)

    async def _relay(self, command: Command, after_s: float) -> None:
        await system_sleep(after_s)
        while not self._world.broker.is_up:
            await system_sleep(1.0)
        self._world.broker.publish(outgoing_command(command))

    async def _cancel(self, command: Command, after_s: float) -> None:
        world, run = self._world, (command.job_id, command.run)
        await system_sleep(after_s)
        if world.record.is_over(run):
            return
        # The row is terminal now; the services learn of it later.
        world.record.cancelled[run] = float("inf")
        await system_sleep(world.rng.uniform(0.0, 1.0))
        expires_at = command.deadline + timedelta(seconds=60)
        for store in world.stores.values():
            await store.stop(*run, expires_at)
        world.record.cancelled[run] = world.clock.monotonic()
        for process in tuple(world.processes.values()):
            if world.rng.random() < 0.8:  # the others' queue was away just then
                process.stops.stop(*run, expires_at)

    async def _restart_broker(self, after_s: float, seconds: float) -> None:
        world = self._world
        await system_sleep(after_s)
        world.record.troubles += 5 + 3 * sum(map(_in_hand, world.processes.values()))
        world.broker.stop()
        await system_sleep(seconds)
        world.broker.start()
        self._reconnect()

    async def _roll(self, name: str, after_s: float) -> None:
        """A rolling restart."""
        world = self._world
        await system_sleep(after_s)
        process = world.processes[name]
        if process.is_alive:
            world.record.troubles += 1 + 2 * _in_hand(process)
            await process.stop()
            if world.processes[name] is process:
                self._boot(name)


def _in_hand(process: SimProcess) -> int:
    return len(process.in_hand)
