"""What was spent and spared, as clients see it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from pydantic import Field

from resume_contracts.costs import MICRO
from resume_contracts.messages import Usage
from resume_contracts.usage import together
from resume_contracts.workflows import Workflow
from resume_runtime.schemas import ApiModel

#: Digits behind the point of sums of money: a token costs some ten-millionths.
DIGITS = 9


class Spent(ApiModel):
    """Calls and what they cost. `inputTokens` include `cachedInputTokens`, the provider's cache.

    `costUsd` and `savedUsd` are sums of what is known; `unpricedCalls` are of unknown price.
    `cachedAnswers` were had before and used again: nobody was called, and `saved…` was spared.
    """

    calls: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    credits: int = 0
    cost_usd: float = 0.0
    unpriced_calls: int = 0
    cached_answers: int = 0
    saved_tokens: int = 0
    saved_usd: float = 0.0

    @classmethod
    def of(cls, lines: Iterable[Usage]) -> Self:
        """The sum of a bill."""
        total = cls()
        for line in lines:
            total = total.model_copy(
                update={
                    "calls": total.calls + line.calls,
                    "input_tokens": total.input_tokens + line.input_tokens,
                    "cached_input_tokens": total.cached_input_tokens + line.cached_input_tokens,
                    "output_tokens": total.output_tokens + line.output_tokens,
                    "credits": total.credits + line.credits,
                    "cost_usd": round(total.cost_usd + (line.cost_usd or 0.0), DIGITS),
                    "unpriced_calls": total.unpriced_calls
                    + (line.calls if line.cost_usd is None else 0),
                    "cached_answers": total.cached_answers + line.cached_answers,
                    "saved_tokens": total.saved_tokens + line.saved_tokens,
                    "saved_usd": round(total.saved_usd + line.saved_usd, DIGITS),
                }
            )
        return total


class ReceiptLine(Spent):
    """What one provider's model cost."""

    provider: str
    model: str | None = None


class Receipt(Spent):
    """What a job cost over all its runs, whatever came of them; one line a provider and model.

    `chargedUsd` is what of it counts against the user's budget: nothing of a run that failed by no
    fault of theirs. It is absent without a budget.
    """

    charged_usd: float | None = None
    lines: list[ReceiptLine] = Field(default_factory=list)


class JobsSpent(Spent):
    """A sum over `jobs` that asked a provider, or would have had to."""

    jobs: int = 0


class ProviderSpent(JobsSpent):
    """What one provider cost."""

    provider: str


class ProductSpent(JobsSpent):
    """What one product cost."""

    product: Workflow


class DaySpent(JobsSpent):
    """What one day (UTC) cost."""

    day: date


class MonthSpent(JobsSpent):
    """What one month (UTC) cost."""

    month: str


class BudgetPeriod(ApiModel):
    """The budget of a day or a month. `reservedUsd` is set aside for jobs that are not over.

    `leftUsd` is what a job may still get; `resetsAt` is when the next period begins.
    """

    limit_usd: float
    spent_usd: float
    reserved_usd: float
    left_usd: float
    resets_at: datetime


class Budget(ApiModel):
    """What the caller may spend; null where there is no limit."""

    day: BudgetPeriod | None
    month: BudgetPeriod | None


class Quota(ApiModel):
    """Orders of one kind in the last `windowS` seconds.

    `returned` were not counted after all: they failed by no fault of their input, or were cancelled
    before they began. `left` is how many would be taken on at once, now.
    """

    product: Workflow
    limit: int
    window_s: int
    used: int
    returned: int
    left: int


class AccountUsage(ApiModel):
    """What the caller's jobs cost in one month (UTC), in all and apart, and what they may still.

    `months` are the twelve that end with that month; `budget` and `quotas` are as of now.
    """

    month: str
    total: JobsSpent
    by_provider: list[ProviderSpent]
    by_product: list[ProductSpent]
    by_day: list[DaySpent]
    months: list[MonthSpent]
    budget: Budget
    quotas: list[Quota]


def receipt(lines: Iterable[Usage], charged: int | None = None) -> Receipt:
    """The receipt of one job; `charged` (micro-USD) is what its user's budget bears of it."""
    bill = together(lines)
    each = [
        ReceiptLine(
            **Spent.of([line]).model_dump(by_alias=False), provider=line.provider, model=line.model
        )
        for line in bill
    ]
    return Receipt(
        **Spent.of(bill).model_dump(by_alias=False),
        lines=each,
        charged_usd=None if charged is None else charged / MICRO,
    )
