"""Starts the stack in the right order, restarts what dies, stops it all in the right order."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from resume_launcher.errors import LauncherError, StartError
from resume_launcher.supervisor.backoff import Backoff
from resume_launcher.supervisor.journal import Entry, Happening, Journal
from resume_launcher.supervisor.managed import Managed


@dataclass(slots=True)
class Part:
    """One managed process and what it waits for.

    Attributes:
        name: of the process.
        managed: what starts and stops it.
        needs: names that must be ready before it starts.
        stop_rank: lower ranks are stopped first, the same rank together.
        restarts: how often it was started again.
    """

    name: str
    managed: Managed
    needs: frozenset[str]
    stop_rank: int
    restarts: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Something done once before others start, such as the migrations."""

    run: Callable[[], Awaitable[None]]
    needs: frozenset[str]


class Supervisor:
    """Keeps a set of parts running until it is told to stop."""

    def __init__(
        self,
        parts: tuple[Part, ...],
        steps: Mapping[str, Step],
        *,
        journal: Journal,
        on_change: Callable[[], None],
    ) -> None:
        """Args are the processes, the one-time steps by name, and whom to tell of new pids."""
        self.parts = parts
        self._steps = steps
        self._journal = journal
        self._on_change = on_change
        self._began = time.monotonic()
        self._ready = {name: asyncio.Event() for name in (*(p.name for p in parts), *steps)}

    async def run(self, stop: asyncio.Event) -> None:
        """Start everything, then keep it running until `stop` is set; stops it all at the end.

        Raises:
            LauncherError: something did not start; everything was stopped again.
        """
        stopping = asyncio.create_task(stop.wait())
        keepers = [asyncio.create_task(self._keep(part)) for part in self.parts]
        steps = [asyncio.create_task(self._step(name, s)) for name, s in self._steps.items()]
        announcer = asyncio.create_task(self._announce())
        tasks = [stopping, announcer, *keepers, *steps]
        try:
            waiting = set(tasks)
            while not stopping.done():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
        except LauncherError as error:
            name = error.process if isinstance(error, StartError) else "stack"
            self._note(Happening.FAILED, name, str(error))
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_all()

    async def _step(self, name: str, step: Step) -> None:
        await self._wait_for(step.needs)
        await step.run()
        self._set_ready(name)

    async def _keep(self, part: Part) -> None:
        await self._wait_for(part.needs)
        born = time.monotonic()
        await part.managed.spawn()
        await part.managed.wait_ready()
        self._set_ready(part.name)
        backoff = Backoff()
        while True:
            code = await part.managed.wait_exit()
            delay = backoff.after(time.monotonic() - born)
            self._note(Happening.DIED, part.name, f"exit code {code}, started again in {delay:g} s")
            await asyncio.sleep(delay)
            born = time.monotonic()
            await part.managed.spawn()
            part.restarts += 1
            self._on_change()
            self._note(Happening.RESTARTED, part.name, f"pid {part.managed.pid}")

    async def _announce(self) -> None:
        await self._wait_for(frozenset(self._ready))
        self._on_change()
        self._note(Happening.UP, "stack")

    async def _wait_for(self, names: frozenset[str]) -> None:
        for name in names:
            await self._ready[name].wait()

    async def _stop_all(self) -> None:
        for rank in sorted({part.stop_rank for part in self.parts}):
            together = [p for p in self.parts if p.stop_rank == rank]
            await asyncio.gather(*(self._stop(part) for part in together))

    async def _stop(self, part: Part) -> None:
        if part.managed.pid is not None:
            await part.managed.stop()
            self._note(Happening.STOPPED, part.name)

    def _set_ready(self, name: str) -> None:
        self._ready[name].set()
        self._note(Happening.READY, name)

    def _note(self, happening: Happening, name: str, detail: str = "") -> None:
        seconds = round(time.monotonic() - self._began, 2)
        self._journal.add(Entry(happening, name, seconds, detail))
