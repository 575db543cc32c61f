"""Career paths: what is computed, what is counted, and what a model may not add."""

import pytest

from resume_core.career import (
    CareerDraft,
    CareerOrder,
    CareerPath,
    DemandPosting,
    DraftReason,
    PayFigure,
    build_career,
    load_ladders,
)
from resume_core.model import Resume
from resume_core.requirements import skill_asked_for

from .truth_samples import BACKEND, CATALOG, LOADED, Sample

LADDERS = load_ladders()


def posting(posting_id: str, title: str, *skills: str) -> DemandPosting:
    asked = tuple(skill_asked_for(skill, must=True) for skill in skills)
    return DemandPosting(id=posting_id, title=title, requirements=asked)


KAFKA = str(CATALOG.resolve("Kafka"))
POSTINGS = (
    posting("p1", "Staff Engineer", "Python", KAFKA),
    posting("p2", "Staff Engineer (Payments)", KAFKA, "Go"),
    posting("p3", "Data Engineer", "Terraform", "Python"),
)
PAY = PayFigure(
    role="Staff Engineer",
    low=90_000,
    high=120_000,
    currency="EUR",
    period="year",
    region="Sweden",
    date="2026-09",
    sample_size=212,
    url="https://pay.example/staff",
)


def path(
    sample: Sample = BACKEND,
    demand: tuple[DemandPosting, ...] = POSTINGS,
    pay: tuple[PayFigure, ...] = (PAY,),
    draft: CareerDraft | None = None,
) -> CareerPath:
    order = CareerOrder(sample.base, demand, pay, "en", "2026-11")
    return build_career(order, draft, CATALOG, LADDERS)


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_every_sample_has_a_level_and_a_next_role(sample: Sample) -> None:
    """The titles of seven fields are known."""
    made = path(sample, demand=())
    assert made.current.level is not None
    assert made.roles
    assert made.missing == made.present == ()
    assert any("No postings" in note for note in made.notes)


def test_level_and_months_are_computed() -> None:
    """Senior Backend Engineer since 2019-03, and all months once."""
    current = path().current
    assert (current.field, current.level) == ("software engineering", 4)
    assert current.months == 4 * 12 + 1 + 7 * 12 + 8


def test_overlapping_work_counts_each_month_once() -> None:
    """Two jobs in one month are one month of work."""
    work = [
        {"id": "a", "position": "Nurse", "startDate": "2020-01", "endDate": "2021-01"},
        {"id": "b", "position": "Nurse", "startDate": "2020-07", "endDate": "2021-07"},
    ]
    base = Resume.model_validate({"work": work})
    made = build_career(CareerOrder(base, (), (), "en", "2026-11"), None, CATALOG, LADDERS)
    assert made.current.months == 18


def test_missing_is_counted_over_the_postings() -> None:
    """N of m, with the ids; what the resume proves stands on the other list with its facts."""
    made = path()
    kafka = next(c for c in made.missing if c.skill == KAFKA)
    assert (kafka.count, kafka.of, kafka.posting_ids) == (2, 3, ("p1", "p2"))
    python = next(c for c in made.present if c.skill == "Python")
    assert python.count == 2
    assert python.fact_ids
    staff = next(r for r in made.roles if r.title == "Staff Engineer")
    assert staff.posting_ids == ("p1", "p2")
    assert {c.of for c in staff.missing} == {2}


@pytest.mark.parametrize(
    "change",
    [{"url": ""}, {"date": ""}, {"date": "soon"}, {"region": " "}, {"sample_size": 0}, {"low": 0}],
)
def test_pay_without_evidence_is_no_pay(change: dict[str, object]) -> None:
    """A figure without source, date, region or sample is dropped: no data."""
    made = path(pay=(PAY.model_copy(update=change),))
    assert made.pay == ()
    assert made.pay_dropped == 1
    assert any("No data on pay" in note for note in made.notes)


def test_pay_stands_with_its_role() -> None:
    """A usable figure is shown as the page states it."""
    staff = next(r for r in path().roles if r.title == "Staff Engineer")
    assert staff.pay == (PAY,)


def test_model_orders_and_explains_but_adds_nothing() -> None:
    """Unknown roles and unproved reasons are dropped."""
    last = path().roles[-1]
    draft = CareerDraft(
        roles=(
            DraftReason(
                role_id=last.id,
                reason="I have worked with Python, Docker and Go. I have nine years of Kafka.",
            ),
            DraftReason(role_id="r-invented", reason="CEO of Globex."),
        )
    )
    made = path(draft=draft)
    assert made.engine == "model"
    assert made.roles[0].id == last.id
    assert [s.text for s in made.roles[0].reasons] == ["I have worked with Python, Docker and Go."]
    assert "Globex" not in made.model_dump_json()
    assert "nine years" not in made.model_dump_json()
    assert {r.id for r in made.roles} == {r.id for r in path().roles}


def test_unknown_title_is_said() -> None:
    """A title that no ladder has gives no level and no invented role."""
    base = Resume.model_validate({"work": [{"id": "w", "position": "Falconer"}]})
    made = build_career(CareerOrder(base, (), (), "en", "2026-11"), None, CATALOG, LADDERS)
    assert made.current.level is None
    assert made.roles == ()
    assert any("not among those we know" in note for note in made.notes)
