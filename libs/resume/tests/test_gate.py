"""Single checks of the gate, each with the nearest true thing it must let through."""

import time

import pytest

from resume_core.changes import Change, ChangeKind, ChangeOrigin, ChangeStatus
from resume_core.gate import Gate, check_change, check_resume
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.tailoring import build_result

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
            "Maintained databases with 3 colleagues",
            "Maintained 3 databases with colleagues",
            "quantity_context",
            "With three colleagues, maintained databases",
        ),
        (
            "Helped migrate services to the cloud",
            "Helped migrate all services to the cloud",
            "emphasis_new",
            "Helped with migrating services to the cloud",
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
        (
            "Led 64 people in 7 teams",
            "Led 7 people in 64 teams",
            "quantity_context",
            "Led seven teams of 64 people",
        ),
        (
            "Answered 25 letters a week",
            "Answered 25 letters a day",
            "frequency_ungrounded",
            "Answered 25 letters every week",
        ),
        (
            "Cut the close from 9 to 4 days",
            "Cut the close from nine to five days",
            "quantity_ungrounded",
            "Cut the close from nine to four days",
        ),
        (
            "Ran Kubernetes clusters for 35 services",
            "Ran k9s clusters for 35 services",
            "quantity_ungrounded",
            "Ran k8s clusters for 35 services",
        ),
        (
            "Trained nurses",
            "Trained nurses, improving quality and reducing costs",
            "result_new",
            "Conducted the training of nurses",
        ),
        (
            "Reduced costs by moving servers",
            "Reduced costs and improved productivity by moving servers",
            "result_new",
            "Cut costs with a move of servers",
        ),
        (
            "Built tools for teams",
            "Built tools for large and complex teams",
            "emphasis_new",
            "Developed tools for the teams",
        ),
        (
            "Improved traffic by 45%",
            "Lowered traffic by 45%",
            "quantity_direction",
            "Improved the traffic by 45 percent",
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


def summary_codes(base: Resume, text: str) -> set[str]:
    """What the gate says when the summary becomes `text`."""
    basics = base.basics.model_copy(update={"summary": text})
    tailored = base.model_copy(update={"basics": basics})
    return {v.code for v in check_resume(base, tailored, posting=POSTING, catalog=CATALOG)}


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


def test_gate_asks_about_dates_where_the_person_names_a_younger_technology() -> None:
    found = codes("Ran services on Docker", "Operated services on Docker", endDate="2009-05")
    assert found == {"skill_anachronism"}


@pytest.mark.parametrize(
    ("old", "lie", "truth"),
    [
        (
            "Gestión de 4 redes sociales en la empresa de moda",
            "Dirección de 4 redes sociales en la empresa de moda",
            "En la empresa de moda, la gestión de 4 redes sociales",
        ),
        (
            "Versorgung von 16 Patienten pro Schicht auf der Chirurgie",
            "Versorgung von 16 Patienten pro Schicht auf der Chirurgie, preisgekrönt",
            "Auf der Chirurgie die Versorgung von 16 Patienten pro Schicht",
        ),
        (
            "Réduction du temps de chargement de 6 à 2 secondes",
            "Réduction du temps de chargement de 2 à 6 secondes",
            "Temps de chargement: réduction de 6 à 2 secondes",
        ),
        (
            "Skrócenie czasu z 3 dni do 4 godzin",
            "Skrócenie czasu z 3 godzin do 4 godzin",
            "Czasu skrócenie do 4 godzin z 3 dni",
        ),
    ],
)
def test_gate_keeps_the_wording_of_other_languages(old: str, lie: str, truth: str) -> None:
    """No vocabulary tells a new word from a new claim there: order and little words may change."""
    assert codes(old, lie)
    assert codes(old, truth) == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Software Developer at Halden Freight.", {"title_moved"}),
        ("Software Developer at Bluebox Analytics.", set()),
        ("Halden Freight: Senior Backend Engineer.", set()),
        ("Senior Backend Engineer. Before, Software Developer at Bluebox Analytics.", set()),
    ],
)
def test_gate_leaves_a_title_with_its_employer(text: str, found: set[str]) -> None:
    assert summary_codes(BACKEND.base, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Native in German.", {"language_overstated"}),
        ("Fluent in German.", {"language_overstated"}),
        ("German (mother tongue).", {"language_overstated"}),
        ("Native Swedish; German B2.", set()),
        ("German at B1.", set()),
    ],
)
def test_gate_knows_how_well_a_language_is_spoken(text: str, found: set[str]) -> None:
    spoken = [
        {"id": "l1", "language": "Swedish", "fluency": "Native, C2"},
        {"id": "l2", "language": "German", "fluency": "B2 (B1 written)"},
    ]
    base = Resume.model_validate(
        {"basics": {"summary": "Fluent in tongues; mother of two."}, "languages": spoken}
    )
    assert summary_codes(base, text) == found


def test_gate_knows_a_skill_from_a_word_of_its_stem() -> None:
    """The ceiling does not count "a budget" as budgeting, so nothing may be made of it."""
    posting = PostingView(text="Requirements\n- Budgeting")
    old = "Coordinated trade fairs with a budget of $240,000"
    work = {"id": "w", "name": "Acme", "position": "Coordinator", "highlights": [old]}
    skills = {"id": "s", "name": "Skills", "keywords": ["Excel"]}
    base = Resume.model_validate({"work": [work], "skills": [skills]})
    (line,) = bullets(BACKEND._replace(base=base))
    keyword = Change(
        id="k",
        kind=ChangeKind.ADD_KEYWORD,
        section="skills",
        entry_id="s",
        after="Budgeting",
        source_fact_ids=(line.id,),
    )
    reworded = Change(
        id="c",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section="work",
        entry_id="w",
        target_id=line.id,
        after="Coordinated trade fairs, budgeting $240,000",
        source_fact_ids=(line.id,),
    )
    blocked, asked = (
        {v.code: v.severity for v in check_change(base, c, posting=posting, catalog=CATALOG)}
        for c in (keyword, reworded)
    )
    assert blocked == {"skill_ungrounded": "block"}
    assert asked == {"skill_inferred": "flag"}
    agreed = reworded.model_copy(update={"status": ChangeStatus.ACCEPTED})
    for change, ceiling in ((reworded, 0), (agreed, 1)):
        result = build_result(base, posting, [change], engine="model", catalog=CATALOG)
        assert (result.coverage.after, result.coverage.ceiling) == (ceiling, ceiling)


@pytest.mark.parametrize(
    ("summary", "is_true"),
    [
        ("Engineer with a Bachelor in Python.", False),
        ("Engineer, TU Bachelor of Science in Data Science.", False),
        ("Engineer with a Bachelor's degree in Kafka.", False),
        ("Engineer with a Bachelor in Computer Science.", True),
        ("Engineer with a Bachelor of Science in Computer Science from TU and Python.", True),
    ],
)
def test_a_summary_names_degrees_in_what_was_studied(
    summary: str,
    is_true: bool,  # noqa: FBT001  the parameter of a table
) -> None:
    base = Resume.model_validate(
        {
            "basics": {"summary": "Engineer with Python, Kafka and data."},
            "work": [{"id": "w", "name": "Acme", "position": "Engineer"}],
            "education": [
                {"id": "e", "institution": "TU", "studyType": "Bachelor of Science"}
                | {"area": "Computer Science"}
            ],
        }
    )
    change = Change(
        id="c",
        kind=ChangeKind.REWRITE_SUMMARY,
        section="basics",
        after=summary,
        source_fact_ids=("basics-summary",),
        origin=ChangeOrigin.MODEL,
    )
    found = {v.code for v in check_change(base, change, posting=POSTING, catalog=CATALOG)}
    assert ("claim_ungrounded" not in found) is is_true


@pytest.mark.parametrize(
    ("lie", "code"),
    [
        ("Dienste für alle Filialen in Python entwickelt und betreut", "emphasis_new"),
        ("Dienste für 12 Filialen in Python verantwortet", "scope_inflated"),
    ],
)
def test_reach_and_leading_are_seen_in_german(lie: str, code: str) -> None:
    old = "Dienste für 12 Filialen in Python entwickelt und betreut"
    assert code in codes(old, lie)
    assert not codes(old, "Für 12 Filialen Dienste in Python entwickelt und betreut")
