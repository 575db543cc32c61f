"""Commands and contexts for the tests."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

from resume_contracts.facts import Facts, Field, Posting, Source, Submission
from resume_contracts.messages import Command
from resume_contracts.workflows import Workflow, slip
from resume_messaging.core.ports import BudgetExhaustedError, CallsExhaustedError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def command(
    *, stated: str | None = None, asked: str | None = None, language: str | None = None
) -> Command:
    """A command whose posting states a company, or whose user named one."""
    company = Field(value=stated, source=Source.JSON_LD) if stated is not None else None
    posting = Posting(
        text="A posting.",
        company=company,
        route=Source.JSON_LD,
        language=language,
        url="https://claimed.example/jobs/1",
    )
    return Command(
        job_id=UUID(int=1),
        run=1,
        user_id=UUID(int=2),
        workflow=Workflow.TAILOR_RESUME,
        slip=slip(Workflow.TAILOR_RESUME),
        stage_index=1,
        accepted_at=NOW,
        deadline=NOW + timedelta(seconds=420),
        facts=Facts(submission=Submission(company=asked), posting=posting),
    )


class Calls:
    """`start_call` of a stage with so many paid calls, and so much money (micro-USD)."""

    def __init__(self, allowed: int = 6, budget: int | None = None) -> None:
        self._allowed = allowed
        self.budget = budget
        self._numbers = count(1)
        self.started: list[str] = []

    def __call__(self, most: int | None = None) -> str:
        if len(self.started) == self._allowed:
            raise CallsExhaustedError
        if self.budget is not None:
            if most is None or most > self.budget:
                raise BudgetExhaustedError
            self.budget -= most
        self.started.append(f"job/1/research.company/{next(self._numbers)}")
        return self.started[-1]


class Context:
    """A `StageContext` of an optional stage."""

    deadline = 1030.0
    do_without_provider = False
    may_try_again = True

    def __init__(self, allowed: int = 6) -> None:
        self.start_call = Calls(allowed)

    @property
    def calls_left(self) -> int:
        return 6 - len(self.start_call.started)
