from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research_svc.perplexity_wire import AnswerError
from research_svc.ports import Answer, SalaryFigure, SalaryFindings, SalaryQuestion
from research_svc.salary import FORM, SalaryResearcher, salary_answer
from resume_runtime.testing import FakeClock

from .answers import message, results, run, shown
from .making import NOW
from .world import World

CLOCK = FakeClock(NOW)
ASKED = SalaryQuestion("Senior Software Engineer", "Berlin, Germany")
URL = "https://pay.example/"
SAYS = (
    "Software engineers in Berlin, Germany earn EUR 70,000 to EUR 92,000.50 per year "
    "(as of 30 June 2026, 412 people asked)."
)
FIGURE = {
    "occupation": "Software engineers",
    "low": 70000,
    "high": 92000.5,
    "currency": "EUR",
    "period": "year",
    "region": "Berlin, Germany",
    "date": "2026-06-30",
    "sample_size": 412,
    "url": URL,
}


def told(*figures: dict[str, Any], known: bool = True) -> dict[str, Any]:
    return message({"known": known, "figures": list(figures)})


def answered(*output: dict[str, Any], asked: SalaryQuestion = ASKED) -> Answer[SalaryFindings]:
    return salary_answer(asked, run(*output), clock=CLOCK)


def is_believed(says: str, asked: SalaryQuestion = ASKED, **claims: Any) -> bool:
    return answered(shown(pay=says), told({**FIGURE, **claims}), asked=asked).is_known


def test_figure_that_its_page_states_is_delivered() -> None:
    answer = answered(shown(pay=SAYS), told(FIGURE))
    assert answer.is_known
    assert answer.value.figures == (
        SalaryFigure(
            occupation="Software engineers",
            low=70000,
            high=92000.5,
            currency="EUR",
            period="year",
            region="Berlin, Germany",
            as_of=date(2026, 6, 30),
            sample_size=412,
            url=URL,
        ),
    )


@pytest.mark.parametrize("missing", FIGURE)
def test_figure_that_lacks_anything_is_left_out(missing: str) -> None:
    lacking = {name: value for name, value in FIGURE.items() if name != missing}
    answer = answered(shown(pay=SAYS), told(lacking))
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
        {"occupation": ""},
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
    answer = answered(shown(pay=SAYS), told({**FIGURE, **wrong}, FIGURE))
    assert [figure.low for figure in answer.value.figures] == [70000]


@pytest.mark.parametrize(
    "lie",
    [
        {"low": 75000},
        {"high": 99000},
        {"currency": "GBP"},
        {"currency": "USD"},
        {"period": "month"},
        {"region": "Munich, Germany"},
        {"region": "Germany"},
        {"date": "2026-05-31"},
        {"date": "2026-06-29"},
        {"date": "2025-06-30"},
        {"sample_size": 4120},
        {"sample_size": 2026},
        {"sample_size": 30},
        {"occupation": "Senior software engineers"},
        {"occupation": "Nurses"},
    ],
)
def test_figure_that_its_page_does_not_state_is_left_out(lie: dict[str, Any]) -> None:
    assert is_believed(SAYS)
    assert not is_believed(SAYS, **lie)


@pytest.mark.parametrize(
    ("part", "without"),
    [
        (" (as of 30 June 2026, 412 people asked)", " (412 people asked)"),
        (", 412 people asked", ""),
        (", 412 people asked", ", page 412"),
        ("Berlin, Germany", "the capital"),
        ("EUR 70,000 to EUR 92,000.50", "70,000 to 92,000.50"),
        ("EUR 92,000.50", "about as much again"),
    ],
)
def test_page_must_say_everything(part: str, without: str) -> None:
    assert not is_believed(SAYS.replace(part, without))


def test_ends_are_those_of_the_whole_range() -> None:
    page = SAYS.replace("per year", "per year, EUR 81,000 in the middle")
    assert is_believed(page)
    assert not is_believed(page, low=81000)
    assert not is_believed(page, high=81000)
    assert not is_believed(page, low=92000.5)


@given(
    low=st.integers(1_000, 400_000),
    spread=st.integers(1, 300_000),
    sample=st.integers(2, 90_000),
    day=st.dates(date(2001, 1, 1), date(2026, 11, 1)),
    lie=st.sampled_from(["low", "high", "sample_size", "date", "currency"]),
    by=st.integers(1, 5_000),
    style=st.sampled_from(
        ["EUR {low:,} to EUR {high:,}", "€{low:,}\u2013€{high:,}", "{low}-{high} €"]
    ),
)
def test_only_what_is_stated_is_believed(
    *, low: int, spread: int, sample: int, day: date, lie: str, by: int, style: str
) -> None:
    """Whatever the numbers: the truth is believed, and nothing beside it."""
    pay = style.format(low=low, high=low + spread)
    page = (
        f"Software engineers in Berlin earn {pay} a year (as of {day:%d.%m.%Y}, {sample} people)."
    )
    claims: dict[str, Any] = {
        "low": low,
        "high": low + spread,
        "sample_size": sample,
        "date": day.isoformat(),
    }
    assert is_believed(page, region="Berlin", **claims)
    false = {
        "low": max(1, low - by) if low > by else low + spread,
        "high": low + spread + by,
        "sample_size": sample + by,
        "date": date.fromordinal(day.toordinal() - min(by, 300)).isoformat(),
        "currency": "GBP",
    }
    assert not is_believed(page, region="Berlin", **(claims | {lie: false[lie]}))


def test_each_of_several_ranges_speaks_for_its_own_region_alone() -> None:
    munich = (
        "Software engineers in Munich, Germany earn EUR 75,000 to EUR 98,000 per year "
        "(as of 30 June 2026, 120 people asked)."
    )
    page = f"{SAYS}\n{munich}"
    assert is_believed(page)
    assert not is_believed(page, low=75000, high=98000, sample_size=120)
    assert not is_believed(page, high=98000)
    assert not is_believed(page, sample_size=120)
    assert is_believed(
        page,
        SalaryQuestion("Software Engineer", "Munich"),
        low=75000,
        high=98000,
        sample_size=120,
        region="Munich",
    )


def test_converted_amount_is_not_taken_for_the_stated_one() -> None:
    page = SAYS.replace("per year", "per year (USD 76,000 to USD 99,500)")
    assert is_believed(page)
    assert not is_believed(page, low=76000, high=99500)
    assert is_believed(page, low=76000, high=99500, currency="USD")


@pytest.mark.parametrize(
    ("says", "claims"),
    [
        (
            "Software Engineer, Berlin: €70k\u2013€92k a year, n = 1,412, Q2 2026",
            {"occupation": "Software Engineer", "high": 92000, "sample_size": 1412},
        ),
        (
            "Software Engineer in Berlin: 70.000 bis 92.000 € pro Jahr, Juni 2026, 412 Angaben",
            {"occupation": "Software Engineer", "high": 92000},
        ),
        (
            "Software Engineer in Berlin verdienen 70.000 bis 92.000 Euro (06/2026, n=412)",
            {"occupation": "Software Engineer", "high": 92000},
        ),
        (
            "Software Engineer à Berlin : 70 000 à 92 000 euros par an (412 salariés, juin 2026)",
            {"occupation": "Software Engineer", "high": 92000},
        ),
        (
            "Software Engineer in Berlin: €4,500 to €6,000 monthly. From 88 salaries in 2025.",
            {
                "occupation": "software engineer",
                "low": 4500,
                "high": 6000,
                "period": "month",
                "date": "2025-12-31",
                "sample_size": 88,
            },
        ),
    ],
)
def test_pages_write_in_their_own_ways(says: str, claims: dict[str, Any]) -> None:
    assert is_believed(says, region="Berlin", **claims)


@pytest.mark.parametrize(
    ("page", "is_us"),
    [
        ("Engineers in Austin earn $90,000 to $120,000 a year (2025, 40 reports).", True),
        ("Engineers in Austin earn US$90,000 to US$120,000 a year (2025, 40 reports).", True),
        ("Engineers in Austin earn C$90,000 to C$120,000 a year (2025, 40 reports).", False),
        ("Austin, Canada. Engineers in Austin earn $90,000 to $120,000 (2025, 40 jobs).", False),
    ],
)
def test_dollar_is_not_every_dollar(page: str, *, is_us: bool) -> None:
    asked = SalaryQuestion("Engineer", "Austin, TX")
    claims = {"low": 90000, "high": 120000, "currency": "USD", "region": "Austin, TX"}
    named = {"occupation": "Engineers", "date": "2025-12-31", "sample_size": 40}
    assert is_believed(page, asked, **claims, **named) is is_us


@pytest.mark.parametrize(
    ("title", "region", "is_one"),
    [
        ("Software Engineer (m/w/d)", "Berlin, DE", True),
        ("Principal Software Engineer", "Berlin", True),
        ("Registered Nurse", "Berlin", False),
        ("Software Architect", "Berlin", False),
        ("Software Engineer", "Hamburg, Germany", False),
        ("Software Engineer", "DE", False),
    ],
)
def test_figure_is_about_what_was_asked_for(title: str, region: str, *, is_one: bool) -> None:
    assert is_believed(SAYS, SalaryQuestion(title, region)) is is_one


def test_answer_without_search_says_nothing() -> None:
    answer = answered(told(FIGURE))
    assert (answer.is_known, answer.is_sound) == (False, False)


def test_page_of_which_nothing_is_shown_proves_nothing() -> None:
    assert not answered(results(URL), told(FIGURE)).is_known


def test_unknown_has_no_figures_whatever_is_listed() -> None:
    answer = answered(shown(pay=SAYS), told(FIGURE, known=False))
    assert (answer.is_known, answer.value.figures) == (False, ())


def test_text_that_is_not_the_schema_breaks_the_contract() -> None:
    with pytest.raises(AnswerError):
        answered(shown(pay=SAYS), message("[]"))


def test_schema_requires_everything() -> None:
    figure = FORM.schema["properties"]["figures"]["items"]
    assert set(FIGURE) == set(figure["required"])


async def asked_over_the_wire(world: World, asked: SalaryQuestion) -> Answer[SalaryFindings]:
    researcher = SalaryResearcher(world.agent, CLOCK)
    return await world.time.run(researcher.ask(asked, world.asking()))


async def test_published_pay_comes_over_the_wire() -> None:
    answer = await asked_over_the_wire(world := World(), ASKED)
    [figure] = answer.value.figures
    assert (figure.region, figure.currency) == ("Berlin, Germany", "EUR")
    page = await world.http.get(figure.url)
    assert page.status_code == 200
    for said in (f"{figure.low:,.0f}", f"{figure.high:,.0f}", "30 June 2026", "Berlin"):
        assert said in page.text
    assert f"{figure.sample_size} people" in page.text


async def test_pay_that_nobody_publishes_is_not_made_up() -> None:
    world = World()
    answer = await asked_over_the_wire(world, SalaryQuestion("Falconer", "Berlin"))
    assert not answer.is_known
    assert len(await world.ledger()) == 1


@pytest.mark.parametrize(
    "lie",
    [
        "pay_not_on_page",
        "pay_undated",
        "pay_unsampled",
        "pay_other_region",
        "pay_other_currency",
        "pay_other_page",
    ],
)
async def test_lie_about_pay_is_not_delivered(lie: str) -> None:
    world = World()
    await world.break_it(kind=lie)
    answer = await asked_over_the_wire(world, ASKED)
    assert (answer.is_known, answer.value.figures) == (False, ())
    assert [call["fault"] for call in await world.ledger()] == [lie]
    assert (await asked_over_the_wire(world, ASKED)).is_known
