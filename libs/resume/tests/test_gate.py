"""Single checks of the gate, each with the nearest true thing it must let through."""

import time

import pytest

from resume_core.changes import Change, ChangeKind, ChangeOrigin
from resume_core.gate import Gate, check_change, check_resume
from resume_core.model import Resume
from resume_core.posting import PostingView

from .truth_samples import BACKEND, CATALOG, bullets

POSTING = PostingView(title="Engineer", company="Initech", text="Requirements\n- Kafka\n- Python")


def codes(old: str, new: str, **entry: object) -> set[str]:
    """What the gate says when one bullet of one entry becomes another."""
    work = {"id": "w", "name": "Acme", "position": "Engineer", "highlights": [old], **entry}
    base = Resume.model_validate({"work": [work]})
    (line,) = bullets(BACKEND._replace(base=base))
    change = Change(
        id="c",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section="work",
        entry_id="w",
        target_id=line.id,
        after=new,
        source_fact_ids=(line.id,),
        origin=ChangeOrigin.MODEL,
    )
    return {v.code for v in check_change(base, change, posting=POSTING, catalog=CATALOG)}


@pytest.mark.parametrize(
    ("old", "lie", "code", "truth"),
    [
        (
            "Cut costs by 40% across 3 sites",
            "Raised costs by 40% across 3 sites",
            "quantity_direction",
            "Reduced costs by 40% across 3 sites",
        ),
        (
            "Cut build time from 20 to 6 minutes",
            "Cut build time from 6 to 20 minutes",
            "quantity_direction",
            "Build time cut to 6 minutes, from 20 minutes",
        ),
        (
            "Trained 12 nurses and saved 5 hours a week",
            "Trained 5 nurses and saved 12 hours a week",
            "quantity_ungrounded",
            "Saved five hours a week and trained twelve nurses",
        ),
        (
            "Moved 12 servers; wrote guides for staff of two sites",
            "Moved two sites; wrote guides for 12 staff",
            "quantity_context",
            "Wrote guides for staff of 2 sites; moved twelve servers",
        ),
        (
            "Served 300 customers a day",
            "Served over 300 customers a day",
            "quantity_inflated",
            "Served 300 customers daily",
        ),
        (
            "Helped organise the fair",
            "Organised the fair",
            "scope_raised",
            "Assisted in organising the fair",
        ),
        (
            "Worked on the billing service",
            "Led the billing service",
            "scope_inflated",
            "Worked on the service for billing",
        ),
        (
            "Worked with three engineers on payments",
            "Worked with three security engineers on payments",
            "title_new",
            "Worked on payments with 3 engineers",
        ),
        (
            "Did not miss a deadline",
            "Did miss a deadline",
            "negation_changed",
            "Never missed a deadline",
        ),
        (
            "Met each supplier once a month",
            "Met each supplier daily",
            "frequency_ungrounded",
            "Met each supplier monthly",
        ),
        (
            "Wrote services in Python",
            "Wrote services in Python and Kafka",
            "skill_ungrounded",
            "Developed Python services",
        ),
        (
            "Wrote reports for the board",
            "Wrote reports for the Deutsche Bank board",
            "name_ungrounded",
            "Wrote the board's reports",
        ),
        (
            "Wrote reports for the board",
            "Wrote surgical oncology billing reports for the board",
            "content_ungrounded",
            "Wrote clear reports for the board",
        ),
        (
            "Wrote reports",
            "Wrote reports at Initech",
            "company_bleed",
            "Produced written reports",
        ),
    ],
)
def test_gate_tells_a_lie_from_the_truth_beside_it(
    old: str, lie: str, code: str, truth: str
) -> None:
    assert code in codes(old, lie)
    assert codes(old, truth) == set()


def test_gate_knows_when_a_technology_came_out() -> None:
    """A broader skill that a fact proves may still be younger than the entry."""
    claim = "Ran services on Kubernetes (EKS)"
    assert "skill_anachronism" in codes("Ran services on EKS", claim, endDate="2009-05")
    assert codes("Ran services on EKS", claim, endDate="2019-05") == set()


def test_gate_ties_years_to_what_they_were_spent_on() -> None:
    base = BACKEND.base
    for text, blocked in {
        "Backend engineer with 8 years of experience in Kubernetes.": True,
        "Backend engineer with 8 years of experience in Python.": False,
    }.items():
        change = Change(
            id="c",
            kind=ChangeKind.REWRITE_SUMMARY,
            section="basics",
            after=text,
            source_fact_ids=("basics-summary",),
        )
        found = check_change(base, change, posting=POSTING, catalog=CATALOG)
        assert ("quantity_context" in {v.code for v in found}) is blocked


def test_gate_wants_known_sources_of_the_same_entry() -> None:
    gate = BACKEND.gate
    line = bullets(BACKEND)[0]
    change = Change(
        id="c",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section=line.section,
        entry_id=line.entry_id,
        target_id=line.id,
        after=BACKEND.paraphrases[0][1],
        origin=ChangeOrigin.MODEL,
    )
    for facts, code in {
        (): "source_unknown",
        ("x",): "source_unknown",
        ("w2",): "source_foreign",
    }.items():
        found = gate.check_change(change.model_copy(update={"source_fact_ids": facts}))
        assert [v.code for v in found] == [code]
    own = change.model_copy(update={"source_fact_ids": (line.id,), "requirement_ids": ("r-x",)})
    assert [v.code for v in gate.check_change(own)] == ["requirement_unknown"]
    user = change.model_copy(update={"origin": ChangeOrigin.USER})
    assert gate.check_change(user) == []


def test_gate_says_where_without_saying_what_in_the_code() -> None:
    base = BACKEND.base
    tailored = base.model_copy(update={"work": base.work[1:]})
    (missing, *_) = check_resume(base, tailored, posting=POSTING, catalog=CATALOG)
    assert (missing.code, missing.metric, missing.entry_id) == ("entry_missing", 2, "w1")
    assert missing.path == "work[w1]"


def test_gate_lets_out_what_the_person_agreed_to_hide() -> None:
    base = BACKEND.base
    tailored = base.model_copy(update={"projects": ()})
    found = check_resume(base, tailored, posting=POSTING, catalog=CATALOG, hidden=frozenset({"p1"}))
    assert found == []


def test_gate_stays_quick_on_the_largest_resume() -> None:
    """48 KiB of bullets: one check stays far under a second even on a busy machine."""
    lines = [f"Wrote service number {n} in Python for {n} customers" for n in range(800)]
    works = [{"id": f"w{n}", "highlights": lines[n * 40 : n * 40 + 40]} for n in range(20)]
    base = Resume.model_validate({"work": works})
    gate = Gate(base, POSTING, CATALOG)
    start = time.process_time()
    assert gate.check(base) == []
    assert time.process_time() - start < 2


def test_gate_flags_a_skill_taken_from_another_line_of_the_entry() -> None:
    gate = BACKEND.gate
    line = bullets(BACKEND)[3]
    change = Change(
        id="c",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section=line.section,
        entry_id=line.entry_id,
        target_id=line.id,
        after="Introduced GitHub Actions and FastAPI pipelines for 9 repositories",
        source_fact_ids=(line.id,),
    )
    assert [(v.code, v.severity) for v in gate.check_change(change)] == [("skill_moved", "flag")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("At Bluebox Analytics, wrote ETL jobs in Python.", set()),
        ("At Bluebox Analytics, built APIs in FastAPI.", {"entry_commingled"}),
        ("At Bluebox Analytics, cut hosting costs by 40%.", {"entry_commingled"}),
        ("At Halden Freight, cut hosting costs by 40%.", set()),
    ],
)
def test_gate_credits_an_employer_with_its_own_work_only(text: str, found: set[str]) -> None:
    tailored = BACKEND.base.model_copy(
        update={"basics": BACKEND.base.basics.model_copy(update={"summary": text})}
    )
    violations = check_resume(BACKEND.base, tailored, posting=POSTING, catalog=CATALOG)
    assert {v.code for v in violations} == found


@pytest.mark.parametrize(
    ("label", "true"),
    [
        ("Senior Backend Engineer", True),
        ("Software Developer | Python, Kubernetes", True),
        ("Platform Engineer", False),
        ("Senior Backend Engineer | Kafka", False),
        ("Python", False),
    ],
)
def test_headline_is_a_title_the_person_has_had(label: str, true: bool) -> None:  # noqa: FBT001  a table of cases
    tailored = BACKEND.base.model_copy(
        update={"basics": BACKEND.base.basics.model_copy(update={"label": label})}
    )
    found = check_resume(BACKEND.base, tailored, posting=POSTING, catalog=CATALOG)
    assert (found == []) is true
