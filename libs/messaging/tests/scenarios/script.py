"""A handler that does what it is told, and counts."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from resume_contracts.facts import Research, TailoredResume
from resume_contracts.messages import Command
from resume_messaging.core.outcome import Done, Outcome
from resume_messaging.core.ports import Handler, StageContext
from resume_runtime.clock import Sleep


class Script:
    """Handles the paid and the optional stage.

    Args:
        seconds: how long each run takes, in turn; the last one for all that follow.
        outcomes: what each run comes to, in turn; `Done` for all that follow.
    """

    def __init__(
        self, sleep: Sleep, *, seconds: Sequence[float] = (1.0,), outcomes: Sequence[Outcome] = ()
    ) -> None:
        self._sleep = sleep
        self._seconds = list(seconds)
        self._outcomes = list(outcomes)
        self.started: Counter[UUID] = Counter()
        self.ended: Counter[UUID] = Counter()
        self.running = 0
        self.most_running = 0

    @property
    def calls(self) -> int:
        """Paid calls that were started."""
        return self.started.total()

    @property
    def handlers(self) -> dict[str, Handler]:
        """The handlers by stage."""
        return {"tailor.resume": self.run, "research.company": self.run}

    async def run(self, command: Command, context: StageContext) -> Outcome:
        """Handle one delivery."""
        context.start_call()
        self.started[command.job_id] += 1
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            seconds = self._seconds.pop(0) if len(self._seconds) > 1 else self._seconds[0]
            await self._sleep(seconds)
        finally:
            self.running -= 1
        self.ended[command.job_id] += 1
        if self._outcomes:
            return self._outcomes.pop(0)
        if command.stage == "research.company":
            return Done(Research(available=True, summary="known"))
        return Done(TailoredResume(document={"run": self.ended.total()}))
