"""The sums of a budget: pure, over days and months."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from gateway_svc.account.budgets import Limits, Purse, ends_of
from gateway_svc.account.reserving import BudgetPolicy, Held
from resume_contracts.facts import Facts, Options, Submission
from resume_contracts.workflows import Engine, Workflow, slip
from resume_runtime.errors import ProblemError
from resume_runtime.ids import uuid7

TODAY = date(2026, 11, 28)
USER = uuid7()


def held(limits: Limits, purse: Purse) -> Held:
    return Held(USER, limits, purse)


def test_no_limit_is_no_budget() -> None:
    assert Purse.of(TODAY).left(Limits()) is None
    assert Purse.of(TODAY).left(Limits(day=5)) == 5
    assert Purse.of(TODAY).left(Limits(day=5, month=3)) == 3


def test_own_limits_go_before_the_settings() -> None:
    defaults = Limits(day=10, month=20)
    assert defaults.overridden(None, None) == defaults
    assert defaults.overridden(1, None) == Limits(1, 20)
    assert not defaults.overridden(0, 0).is_set


def test_new_day_has_a_budget_of_its_own_within_the_month() -> None:
    limits = Limits(day=100, month=150)
    purse = Purse.of(TODAY).reserve(90).settle(TODAY, reserved=90, charged=80)
    assert purse.left(limits) == 20
    tomorrow = purse.at(TODAY + timedelta(days=1))
    assert tomorrow.left(limits) == 70
    assert tomorrow.at(TODAY).day.start == TODAY + timedelta(days=1)
    assert purse.at(date(2026, 12, 1)).left(limits) == 100


def test_what_ends_on_a_later_day_is_borne_by_the_day_it_began() -> None:
    purse = Purse.of(TODAY).reserve(50).at(TODAY + timedelta(days=1))
    after = purse.settle(TODAY, reserved=50, charged=30)
    assert (after.day.reserved, after.day.spent) == (0, 0)
    assert (after.month.reserved, after.month.spent) == (0, 30)


@pytest.mark.parametrize("engine", [Engine.AUTO, Engine.RULES])
def test_order_that_can_do_without_gets_what_is_left(engine: Engine) -> None:
    purse = Purse.of(TODAY).reserve(70)
    assert held(Limits(day=100), purse).grant(60, engine) == 30
    assert held(Limits(day=70), purse).grant(60, engine) == 0
    assert held(Limits(day=1000), purse).grant(60, engine) == 60
    assert held(Limits(), purse).grant(60, engine) == 60


@pytest.mark.parametrize(
    ("limits", "renewed"),
    [
        (Limits(day=100), "2026-11-29T00:00:00Z"),
        (Limits(day=1000, month=100), "2026-12-01T00:00:00Z"),
        (Limits(day=100, month=100), "2026-12-01T00:00:00Z"),
    ],
)
def test_model_that_is_not_covered_is_refused_until_the_renewal(
    limits: Limits, renewed: str
) -> None:
    one = held(limits, Purse.of(TODAY).reserve(70))
    with pytest.raises(ProblemError) as refused:
        one.grant(60, Engine.MODEL)
    assert (refused.value.status, refused.value.code) == (402, "budget_exhausted")
    assert renewed in (refused.value.detail or "")
    assert one.grant(30, Engine.MODEL) == 30


def test_budgets_are_renewed_at_midnight_utc() -> None:
    assert ends_of(date(2026, 12, 31)) == (
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_estimate_knows_engine_address_and_factor() -> None:
    def need(engine: Engine, *, url: str | None = None, factor: float = 1.0) -> int:
        facts = Facts(submission=Submission(job_url=url, options=Options(engine=engine)))
        return BudgetPolicy(Limits(), factor).estimate(slip(Workflow.TAILOR_RESUME), facts)

    assert need(Engine.AUTO) == need(Engine.MODEL) == 60_000
    assert need(Engine.RULES) == 20_000
    assert need(Engine.AUTO, url="https://jobs.example/1") == 110_000
    assert need(Engine.AUTO, factor=2.5) == 150_000


@dataclass
class Kept:
    """A reservation, as its row in the database."""

    day: date
    reserved: int
    charged: int = 0
    settled: bool = False
    late: int = 0


class Ledger(RuleBasedStateMachine):
    """Orders, ends, late bills and midnights in any order: the purse is the sum of the rows."""

    LIMITS = Limits(day=200, month=500)

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 11, 25)
        self.purse = Purse.of(self.today)
        self.rows: list[Kept] = []

    @rule(need=st.integers(0, 120), engine=st.sampled_from(Engine))
    def order(self, need: int, engine: Engine) -> None:
        one = held(self.LIMITS, self.purse)
        try:
            amount = one.grant(need, engine)
        except ProblemError:
            assert engine is Engine.MODEL
            return
        assert amount == need or engine is not Engine.MODEL
        self.purse = self.purse.reserve(amount)
        self.rows.append(Kept(self.purse.day.start, amount))

    @precondition(lambda self: self.rows)
    @rule(data=st.data())
    def bill(self, data: st.DataObject) -> None:
        """A run ends, is told to have ended again, or is billed late; within what it was given."""
        row = data.draw(st.sampled_from(self.rows))
        total = data.draw(st.integers(row.charged, row.reserved))
        if data.draw(st.booleans()):
            total = 0 if not row.settled else row.charged  # forgiven, or told twice
        self.purse = self.purse.settle(
            row.day, reserved=0 if row.settled else row.reserved, charged=total - row.charged
        )
        row.late += total - row.charged if row.settled else 0
        row.charged, row.settled = total, True

    @rule(days=st.integers(-1, 9))
    def wait(self, days: int) -> None:
        """Time goes on; another edge's clock may be behind."""
        self.today += timedelta(days=max(days, 0))
        self.purse = self.purse.at(self.today + timedelta(days=min(days, 0)))

    @invariant()
    def purse_is_the_sum_of_its_rows(self) -> None:
        day, month = self.purse.day, self.purse.month
        of_day = [row for row in self.rows if row.day == day.start]
        of_month = [row for row in self.rows if row.day.replace(day=1) == month.start]
        for tally, rows in ((day, of_day), (month, of_month)):
            assert tally.reserved == sum(row.reserved for row in rows if not row.settled)
            assert tally.spent == sum(row.charged for row in rows)

    @invariant()
    def no_limit_is_passed(self) -> None:
        """Except by what was told after a run was over and its reservation given to others."""
        day, month = self.purse.day, self.purse.month
        late = [(row.day, row.late) for row in self.rows]
        over = sum(amount for at, amount in late if at == day.start)
        assert 0 <= day.reserved + day.spent <= self.LIMITS.day + over
        over = sum(amount for at, amount in late if at.replace(day=1) == month.start)
        assert 0 <= month.reserved + month.spent <= self.LIMITS.month + over


Ledger.TestCase.settings = settings(max_examples=50, stateful_step_count=20, deadline=None)
TestLedger = Ledger.TestCase
