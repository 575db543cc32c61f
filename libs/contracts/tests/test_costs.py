"""The table of costs, and whose fault each code is."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_contracts import costs
from resume_contracts.errors import FAULTS, ErrorCode, Fault
from resume_contracts.messages import Usage
from resume_contracts.workflows import STAGES, TABLE, Engine, Workflow, slip

DOCS = Path(__file__).parents[3] / "docs"


def test_every_code_has_a_fault() -> None:
    assert set(FAULTS) == set(ErrorCode)


def test_only_the_input_costs_quota_and_only_trouble_is_forgiven() -> None:
    assert {f for f in Fault if not f.returns_quota} == {Fault.INPUT}
    assert {f for f in Fault if f.is_forgiven} == {Fault.PROVIDER, Fault.OURS}


def test_faults_are_documented() -> None:
    """The page about errors says of each code what the table says."""
    text = (DOCS / "errors.md").read_text("utf-8")
    rows = re.findall(r"^\| (`[a-z_`, ]+) \| (\w+) \|", text, re.MULTILINE)
    told = {code: fault for codes, fault in rows for code in re.findall(r"[a-z_]+", codes)}
    assert told == {code.value: fault.value for code, fault in FAULTS.items()}


@pytest.mark.parametrize("workflow", TABLE)
@pytest.mark.parametrize("engine", Engine)
def test_estimate_is_of_the_stages_that_pay(workflow: Workflow, engine: Engine) -> None:
    """What the stages name as their provider is paid for, and rules have none."""
    stages = slip(workflow)
    rules = costs.estimate(stages, Engine.RULES, has_address=True)
    amount = costs.estimate(stages, engine, has_address=True)
    pays = [name for name in stages if STAGES[name].provider and engine is not Engine.RULES]
    assert (amount > rules) == bool(pays)
    assert amount - rules == len(pays) * 2 * costs.CALL["openai"]


def test_order_that_pays_nobody_reserves_nothing() -> None:
    stored = slip(Workflow.CAPTURE_POSTING)
    assert costs.estimate(stored, Engine.AUTO, has_address=False) == 0
    assert costs.estimate(stored, Engine.RULES, has_address=True) == costs.CALL["firecrawl"]


def test_stage_without_a_price_is_one_that_pays_nobody() -> None:
    """A new stage names its provider, or gets a line in the table of costs, or one here."""
    priced = {name for name in STAGES if costs.estimate((name,), Engine.AUTO, has_address=True)}
    by_rules = {"tailor.letter", "tailor.interview", "tailor.career"}
    assert STAGES.keys() - priced <= {"extract.resume"} | by_rules


@pytest.mark.parametrize(
    ("usd", "micro"),
    [(0.0, 0), (0.00082, 820), (0.005, 5000), (1e-7, 1), (0.0000011, 2), (1.0, 1_000_000)],
)
def test_money_is_rounded_up(usd: float, micro: int) -> None:
    assert costs.micro_usd(usd) == micro


@given(st.integers(min_value=0, max_value=10**12))
def test_whole_micro_usd_stay_what_they_are(amount: int) -> None:
    assert costs.micro_usd(amount / costs.MICRO) == amount


def test_call_of_unknown_price_is_charged_by_the_table() -> None:
    known = Usage(provider="openai", model="m", calls=1, cost_usd=0.00082)
    unknown = Usage(provider="firecrawl", calls=2, credits=5)
    nobody_knows = Usage(provider="local", calls=1)
    kept = Usage(provider="openai", cost_usd=0.0, cached_answers=1, saved_usd=0.3)
    assert costs.charged([known, kept]) == 820
    assert costs.charged([unknown]) == 2 * costs.CALL["firecrawl"]
    assert costs.charged([nobody_knows]) == costs.OTHER_CALL
