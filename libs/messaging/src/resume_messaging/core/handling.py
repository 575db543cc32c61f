"""Runs the handler of a delivery that is clear to work; whatever ends it becomes an outcome."""

from collections.abc import Mapping

import structlog

from resume_contracts.errors import ErrorCode
from resume_messaging.core.attempt import attempt
from resume_messaging.core.memory import Memory
from resume_messaging.core.observer import Observer
from resume_messaging.core.outcome import Expired, Fail, Outcome, Settlement, Wait
from resume_messaging.core.ports import Classify, Handler
from resume_messaging.core.work import SettledError, Work
from resume_runtime.clock import Clock, Sleep

log = structlog.get_logger()

KILLED_MESSAGE = "This job stopped our workers again and again."


class Handling:
    """A process's handlers, within their limits.

    Args:
        handlers: by stage.
        classify: turns a handler's exception into an outcome, or None for an unexpected one.
        max_starts: the start of a suspect that is not granted any more.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        classify: Classify,
        memory: Memory,
        observer: Observer,
        max_starts: int,
        clock: Clock,
        sleep: Sleep,
    ) -> None:
        self._handlers = handlers
        self._classify = classify
        self._memory = memory
        self._observer = observer
        self._max_starts = max_starts
        self._clock = clock
        self._sleep = sleep

    async def outcome(self, work: Work) -> Outcome:
        """Run the stage's handler, unless its time or its starts are used up.

        Raises:
            SettledError: the run was stopped meanwhile.
        """
        if self._clock.monotonic() >= work.limit:
            return Expired()
        if work.is_suspect:
            starts = await self._memory.count_start(work)
            if starts >= self._max_starts:
                log.error("stage.buried", job_id=str(work.command.job_id), starts=starts)
                work.settlement = Settlement.REJECT
                return Fail(ErrorCode.WORKER_KILLED, KILLED_MESSAGE)
        command, context, used = work.command, work.context, work.context.used
        self._observer.started(command.stage)
        began = self._clock.monotonic()
        ending = await attempt(
            lambda: self._handlers[command.stage](command, context),
            stage=command.stage,
            seconds=work.limit - began,
            stop=work.stop,
            sleep=self._sleep,
            classify=self._classify,
        )
        outcome = ending.outcome
        name = "stopped" if outcome is None else type(outcome).__name__.lower()
        self._observer.finished(command.stage, name, self._clock.monotonic() - began)
        if ending.interrupt is not None and context.used > used:
            self._observer.wasted(command.stage, context.used - used)
        if outcome is None:
            raise SettledError(Settlement.ACK)
        if isinstance(outcome, Wait):
            context.forgive(used)
        return outcome
