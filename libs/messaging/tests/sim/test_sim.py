"""The simulation is green on the real code, red on every planted bug, and repeats itself."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from resume_messaging.sim.__main__ import main
from resume_messaging.sim.bugs import BUGS
from resume_messaging.sim.run import Report, run_seed


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """What goes wrong is meant to."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


def test_sim_is_green() -> None:
    """A hundred histories, with crashes, calls and messages in them, and nothing wrong."""
    reports = [run_seed(seed) for seed in range(100)]
    assert [report.violations for report in reports if report.violations] == []
    assert sum(report.crashes for report in reports) > 100
    assert sum(report.calls for report in reports) > 100
    assert len({report.trace for report in reports}) == 100


@pytest.mark.parametrize("bug", sorted(BUGS))
def test_sim_finds_a_planted_bug(bug: str) -> None:
    """Each is found within 300 seeds."""
    reports = (run_seed(seed, BUGS[bug]) for seed in range(300))
    assert any(report.violations for report in reports)


def test_sim_repeats_itself() -> None:
    """The same seed is the same history."""
    for seed in (3, 44, 251):
        first: Report = run_seed(seed)
        assert run_seed(seed) == first


def test_sim_names_the_seed_that_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """Green ends with 0; red with 1 and the way to see it again."""
    assert main(["--seeds", "3"]) == 0
    assert main(["--seeds", "300", "--plant", "ack-before-confirm"]) == 1
    assert "again with --seed" in capsys.readouterr().out
