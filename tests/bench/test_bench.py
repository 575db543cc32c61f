"""The benchmark's own arithmetic. What it measures is asserted nowhere."""

import subprocess
import sys

import pytest
from tests.bench.client import Orders
from tests.bench.processes import DRIVER, Meter
from tests.bench.report import Report, Section, text
from tests.bench.settings import FULL, OF_CELERY, TAX_P50
from tests.bench.slots import Call, TooFewCallsError, latencies, utilisation
from tests.bench.statistics import paired_ratios, percentile, spread
from tests.bench.wrk import Request, script


def test_paired_ratios_compare_within_a_round_and_not_the_medians() -> None:
    """A round that was slow for both changes no ratio."""
    ratios = paired_ratios([10, 1, 20], [20, 2, 10])
    assert (ratios.median, ratios.least, ratios.most) == (0.5, 0.5, 2.0)


def test_paired_ratios_refuse_an_unfinished_round() -> None:
    with pytest.raises(ValueError, match="shorter"):
        paired_ratios([1.0, 2.0], [1.0])


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 1), (0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100)]
)
def test_percentile_is_a_measured_value(share: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], share) == expected


def test_percentile_of_few_is_the_slowest() -> None:
    assert percentile([3.0, 9.0, 4.0], 0.99) == 9.0


def test_spread_shows_its_range() -> None:
    assert spread([3.0, 1.0, 2.0]).show(1) == "2.0 [1.0-3.0]"


def test_verdict_says_by_how_much() -> None:
    assert TAX_P50.verdict(50) == "≤ 25 ms: MISSED by 100 %"
    assert TAX_P50.verdict(20) == "≤ 25 ms: met, with 20 % to spare"
    assert OF_CELERY.verdict(1.5) == "≥ 1 ×: met, with 50 % to spare"


def test_latencies_are_the_same_in_every_run_and_of_the_wanted_shape() -> None:
    drawn = latencies(FULL.slots)
    assert drawn == latencies(FULL.slots)
    assert percentile(drawn, 0.5) == pytest.approx(0.8, rel=0.3)
    assert percentile(drawn, 0.95) == pytest.approx(4.5, rel=0.5)


def test_utilisation_of_slots_that_are_always_taken_is_whole() -> None:
    calls = [Call(float(n), n + 1.0) for n in range(60) for _ in range(2)]
    used, seconds = utilisation(calls, 2)
    assert used == pytest.approx(100)
    assert seconds == 50


def test_utilisation_counts_what_stands_empty() -> None:
    """Half of each second nobody calls, and one slot of two is never taken."""
    calls = [Call(float(n), n + 0.5) for n in range(60)]
    assert utilisation(calls, 2)[0] == pytest.approx(25)


def test_utilisation_of_too_few_calls_is_an_error_and_no_figure() -> None:
    """Jobs whose answers came from a cache would otherwise say nothing of the slots."""
    with pytest.raises(TooFewCallsError, match="1 calls"):
        utilisation([Call(0.0, 1.0)], 10)


def test_no_two_orders_are_alike() -> None:
    """Equal ones would be answered from a cache, by whoever has one."""
    orders = Orders("resume", "Title\n\nText", "run")
    bodies = [orders.next() for _ in range(3)]
    titles = [body["jobText"].splitlines()[0] for body in bodies]
    assert titles == ["Title (run-1)", "Title (run-2)", "Title (run-3)"]
    assert all(body["baseResumeId"] == "resume" for body in bodies)


def test_section_says_when_somebody_else_used_the_machine() -> None:
    quiet = Section("t", "", ["a"], [["b"]], [], None, [1.0, 2.0])
    busy = Section("t", "", ["a"], [["b"]], [], None, [1.0, 40.0, 60.0])
    assert "DOUBTFUL" not in text(quiet)
    assert "40 [1-60] % of the machine" in text(busy)


def test_meter_counts_a_load_generator_that_it_started_as_its_own() -> None:
    """Otherwise wrk would pass for somebody else at work on the machine."""
    meter = Meter({})
    burn = "import time\nwhile time.process_time() < 0.5: pass"
    subprocess.run([sys.executable, "-c", burn], check=True)  # noqa: S603  a constant
    assert meter.read().cpu[DRIVER] >= 0.45


def test_page_has_machine_tables_verdicts_and_settings() -> None:
    section = Section("Jobs", "How.", ["", "jobs/s"], [["ours", "9"]], ["met"], {"x": 1})
    report = Report(FULL, {"commit": "abc"}, {"uvloop": "1"}, "then", "now", [section])
    page = report.page()
    for said in ("from then to now", "| commit | abc |", "uvloop 1", "## Jobs", "| ours | 9 |"):
        assert said in page
    assert "- met" in page
    assert '"seed": 20261128' in page


def test_script_quotes_bodies_for_lua() -> None:
    said = script([Request("POST", "/x", {"A": "b"}, {"text": 'a "word"\nmore'})])
    assert r'"{\"text\": \"a \\\"word\\\"\\nmore\"}"' in said
