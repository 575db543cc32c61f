import pytest

from resume_core.changes import CHRONOLOGICAL, Change, ChangeKind, ChangeStatus
from resume_core.facts import collect_facts, highlight_ids
from resume_core.gate import blocking
from resume_core.languages import LANGUAGES
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.requirements import extract_requirements
from resume_core.rule_reasons import RULE_REASONS
from resume_core.tailor_rules import tailor_by_rules

from .truth_samples import BACKEND, CATALOG, LOADED, Sample


def proposed(base: Resume, text: str) -> list[Change]:
    posting = PostingView(text=text)
    requirements = extract_requirements("", text, CATALOG)
    return tailor_by_rules(base, requirements, posting, CATALOG)


def of(kind: ChangeKind, changes: list[Change]) -> list[Change]:
    return [c for c in changes if c.kind is kind]


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_rules_are_true_explained_and_repeatable(sample: Sample) -> None:
    rules = tailor_by_rules(sample.base, sample.gate.requirements, sample.posting, CATALOG)
    facts = {f.id for f in collect_facts(sample.base)}
    wanted = {r.id for r in sample.gate.requirements}
    assert rules
    for change in rules:
        assert not blocking(sample.gate.check_change(change)), change
        assert change.source_fact_ids
        assert set(change.source_fact_ids) <= facts
        assert change.requirement_ids
        assert set(change.requirement_ids) <= wanted
        assert change.reason.endswith((".", "»"))
        assert change.status is ChangeStatus.PROPOSED
    again = tailor_by_rules(sample.base, sample.gate.requirements, sample.posting, CATALOG)
    assert again == rules


def test_relabel_takes_the_postings_name_of_the_same_thing() -> None:
    base = Resume.model_validate({"skills": [{"id": "s", "keywords": ["Postgres", "k8s"]}]})
    changes = of(ChangeKind.RELABEL, proposed(base, "Requirements\n- postgresql, Kubernetes"))
    assert [(c.before, c.after) for c in changes] == [
        ("Postgres", "PostgreSQL"),
        ("k8s", "Kubernetes"),
    ]


def test_relabel_leaves_what_the_posting_also_says() -> None:
    base = Resume.model_validate({"skills": [{"id": "s", "keywords": ["Postgres"]}]})
    assert not of(ChangeKind.RELABEL, proposed(base, "Must: PostgreSQL, i.e. Postgres 16"))


def test_relabel_takes_the_longer_name_that_holds_the_shorter_one() -> None:
    base = Resume.model_validate({"skills": [{"id": "s", "keywords": ["Excel", "Kafka"]}]})
    changes = of(ChangeKind.RELABEL, proposed(base, "Requirements\n- Microsoft Excel\n- Kafka"))
    assert [(c.before, c.after) for c in changes] == [("Excel", "Microsoft Excel")]


def test_relabel_never_swaps_a_narrower_skill() -> None:
    base = Resume.model_validate({"skills": [{"id": "s", "keywords": ["Ubuntu"]}]})
    changes = proposed(base, "Requirements\n- Linux")
    assert not of(ChangeKind.RELABEL, changes)
    assert [c.after for c in of(ChangeKind.ADD_KEYWORD, changes)] == ["Linux"]


def test_proven_skill_joins_the_group_of_its_field() -> None:
    base = Resume.model_validate(
        {
            "work": [{"id": "w", "highlights": ["Deployed with Terraform"]}],
            "skills": [
                {"id": "s1", "keywords": ["Figma", "Canva"]},
                {"id": "s2", "keywords": ["Docker", "Ansible"]},
            ],
        }
    )
    (added,) = of(ChangeKind.ADD_KEYWORD, proposed(base, "Requirements\n- Terraform"))
    assert (added.entry_id, added.after) == ("s2", "Terraform")
    assert added.source_fact_ids == highlight_ids(base.work[0])


def test_orders_put_answers_first_and_work_stays_chronological() -> None:
    base = Resume.model_validate(
        {
            "work": [
                {"id": "w1", "highlights": ["Watered plants", "Wrote Python"]},
                {"id": "w2", "highlights": ["Wrote more Python"]},
            ],
            "projects": [{"id": "p1", "name": "Garden"}, {"id": "p2", "keywords": ["Python"]}],
        }
    )
    changes = proposed(base, "Requirements\n- Python")
    (lines,) = of(ChangeKind.REORDER_HIGHLIGHTS, changes)
    assert lines.order == highlight_ids(base.work[0])[::-1]
    moved = of(ChangeKind.REORDER_ENTRIES, changes)
    assert [(c.section, c.order) for c in moved] == [("projects", ("p2", "p1"))]
    assert not {c.section for c in moved} & CHRONOLOGICAL


def test_rules_propose_nothing_when_nothing_is_asked() -> None:
    assert proposed(BACKEND.base, "We are nice people.") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_are_given_in_the_results_language(language: str) -> None:
    english = RULE_REASONS["en"]
    assert RULE_REASONS[language].keys() == english.keys()
    for sample in LOADED:
        told = (sample.base, sample.gate.requirements, sample.posting, CATALOG)
        changes = tailor_by_rules(*told, language=language)
        assert [c.id for c in changes] == [c.id for c in tailor_by_rules(*told)]
        for change in changes:
            assert "{" not in change.reason
            assert ("posting" in change.reason) is (language == "en")
