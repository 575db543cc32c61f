from datetime import date
from typing import Any

import pytest

from research_svc.perplexity_wire import AnswerError
from research_svc.ports import SalaryFigure
from research_svc.salary import FORM, SalaryResearcher, salary_answer
from resume_runtime.testing import FakeClock

from .answers import URL, message, results, run
from .making import NOW
from .world import World

CLOCK = FakeClock(NOW)
FIGURE = {
    "low": 70000,
    "high": 92000.5,
    "currency": "EUR",
    "period": "year",
    "region": "Berlin",
    "date": "2026-06-30",
    "sample_size": 412,
    "url": URL,
}


def told(*figures: dict[str, Any], known: bool = True) -> dict[str, Any]:
    return message({"known": known, "figures": list(figures)})


def test_figure_has_source_date_region_and_sample_size() -> None:
    answer = salary_answer(run(results(URL), told(FIGURE)), CLOCK)
    assert answer.is_known
    assert answer.value.figures == (
        SalaryFigure(
            low=70000,
            high=92000.5,
            currency="EUR",
            period="year",
            region="Berlin",
            as_of=date(2026, 6, 30),
            sample_size=412,
            url=URL,
        ),
    )


@pytest.mark.parametrize("missing", FIGURE)
def test_figure_that_lacks_anything_is_left_out(missing: str) -> None:
    lacking = {name: value for name, value in FIGURE.items() if name != missing}
    answer = salary_answer(run(results(URL), told(lacking)), CLOCK)
    assert not answer.is_known
    assert answer.is_sound
    assert answer.value.figures == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"low": 92001},
        {"low": 0},
        {"high": "much"},
        {"currency": "euro"},
        {"period": "decade"},
        {"region": ""},
        {"date": "last year"},
        {"date": 20260630},
        {"date": "2026-12-01"},
        {"date": "1999-12-31"},
        {"sample_size": 0},
        {"sample_size": True},
        {"sample_size": None},
        {"url": "https://invented.example/"},
    ],
)
def test_figure_that_cannot_be_true_is_left_out(wrong: dict[str, Any]) -> None:
    good, bad = FIGURE, {**FIGURE, **wrong}
    answer = salary_answer(run(results(URL), told(bad, good)), CLOCK)
    assert [figure.low for figure in answer.value.figures] == [70000]


def test_answer_without_search_says_nothing() -> None:
    answer = salary_answer(run(told(FIGURE)), CLOCK)
    assert (answer.is_known, answer.is_sound) == (False, False)


def test_unknown_has_no_figures_whatever_is_listed() -> None:
    answer = salary_answer(run(results(URL), told(FIGURE, known=False)), CLOCK)
    assert (answer.is_known, answer.value.figures) == (False, ())


def test_text_that_is_not_the_schema_breaks_the_contract() -> None:
    with pytest.raises(AnswerError):
        salary_answer(run(results(URL), message("[]")), CLOCK)


def test_schema_requires_everything() -> None:
    figure = FORM.schema["properties"]["figures"]["items"]
    assert {"url", "date", "region", "sample_size"} <= set(figure["required"])


async def test_pay_is_asked_for_over_the_wire() -> None:
    """The sandbox publishes no pay statistics, so nothing is known, and it is not made up."""
    from research_svc.ports import SalaryQuestion

    world = World()
    asking = world.asking()
    researcher = SalaryResearcher(world.agent, world.time)
    answer = await world.time.run(researcher.ask(SalaryQuestion("Engineer", "Berlin"), asking))
    assert not answer.is_known
    assert len(asking.bill) == 1
    assert len(await world.ledger()) == 1
