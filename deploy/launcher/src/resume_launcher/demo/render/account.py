"""What the account says in the end: what was spent, and what may still be."""

from collections.abc import Iterator, Mapping
from typing import Any

from resume_launcher.demo.render.base import Read, Receipt, count, receipt


class Total(Receipt):
    """What a month's jobs cost."""

    jobs: int = 0


class Period(Read):
    """A budget as it stands, in USD."""

    limit_usd: float
    spent_usd: float
    reserved_usd: float
    left_usd: float


class Budget(Read):
    """The budgets there are."""

    day: Period | None = None
    month: Period | None = None


class Quota(Read):
    """Orders of a kind in an hour."""

    product: str
    limit: int
    returned: int
    left: int


class Account(Read):
    """An account's usage, as far as it is printed."""

    month: str
    total: Total
    budget: Budget
    quotas: tuple[Quota, ...]


def lines(usage: Mapping[str, Any]) -> Iterator[str]:
    """The account for people."""
    account = Account.model_validate(usage)
    yield f"Your account in {account.month}"
    yield f"  Spent: {count(account.total.jobs, 'job')}, {receipt(account.total)}."
    budgets = (("day", account.budget.day), ("month", account.budget.month))
    stands = [_stands(name, period) for name, period in budgets if period is not None]
    yield f"  Budget: {'; '.join(stands) or 'no limit is set'}."
    quotas = [
        f"{quota.left} of {quota.limit} {quota.product.replace('_', ' ')}"
        + (f" ({quota.returned} given back)" if quota.returned else "")
        for quota in account.quotas
        if quota.left < quota.limit or quota.returned
    ]
    if quotas:
        yield f"  Orders: left in this hour {', '.join(quotas)}."


def _stands(name: str, period: Period) -> str:
    return (
        f"{period.left_usd:.4f} of {period.limit_usd:.4f} USD a {name} left"
        f" ({period.spent_usd:.4f} spent, {period.reserved_usd:.4f} set aside)"
    )
