from typing import Any

import pytest

from resume_core.changes import Change, ChangeKind, ChangeOrigin, change_id
from resume_core.facts import highlight_ids
from resume_core.model import Resume
from resume_core.requirements import extract_requirements
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import PostingView, build_result
from tailor_svc.merge import merge

from .world import CATALOG

DOCUMENT: dict[str, Any] = {
    "basics": {"name": "Ada Example"},
    "work": [
        {
            "id": "w1",
            "name": "Example Ltd",
            "position": "Engineer",
            "startDate": "2020-01",
            "highlights": ["Built dashboards in Grafana for the billing service."],
        }
    ],
    "skills": [
        {"id": "s1", "name": "Languages", "keywords": ["Python"]},
        {"id": "s2", "name": "Tools", "keywords": ["Git"]},
    ],
}
BASE = Resume.model_validate(DOCUMENT)
POSTING = PostingView(title="Engineer", text="Requirements\n- Grafana\n- Python\n- Kubernetes\n")
BULLET = highlight_ids(BASE.work[0])[0]


def keyword(after: str, entry: str = "s2", *, source: str = BULLET) -> Change:
    kind = ChangeKind.ADD_KEYWORD
    return Change(
        id=change_id(kind, "skills", entry, None, after),
        kind=kind,
        section="skills",
        entry_id=entry,
        after=after,
        source_fact_ids=(source,),
        reason="The bullet proves it.",
        origin=ChangeOrigin.MODEL,
    )


def merged_skills(*by_model: Change) -> list[str]:
    requirements = extract_requirements(POSTING.title, POSTING.text, CATALOG)
    by_rules = tailor_by_rules(BASE, requirements, POSTING, CATALOG)
    assert any(c.kind is ChangeKind.ADD_KEYWORD and c.after == "Grafana" for c in by_rules)
    changes = merge(BASE, POSTING, by_model, by_rules, CATALOG)
    result = build_result(BASE, POSTING, changes, engine="model", catalog=CATALOG)
    return sorted(k for entry in result.resume["skills"] for k in entry["keywords"])


@pytest.mark.parametrize("entry", ["s1", "s2"])
@pytest.mark.parametrize("word", ["Grafana", "grafana"])
def test_keyword_of_both_is_added_once(entry: str, word: str) -> None:
    assert merged_skills(keyword(word, entry)) == sorted(["Python", "Git", word])


def test_keyword_said_twice_by_the_model_is_added_once() -> None:
    twice = keyword("Grafana", "s1"), keyword("Grafana", "s2")
    assert merged_skills(*twice) == ["Git", "Grafana", "Python"]


def test_keyword_of_the_resume_is_not_added_elsewhere() -> None:
    assert merged_skills(keyword("python", "s2")) == ["Git", "Grafana", "Python"]


def test_blocked_keyword_leaves_room_for_the_true_one() -> None:
    """The model cites the wrong fact: the gate refuses its change, the rules' stays."""
    lie = keyword("Grafana", "s1", source="basics-label")
    assert merged_skills(lie) == ["Git", "Grafana", "Python"]


def test_untrue_keyword_stays_out() -> None:
    assert "Kubernetes" not in merged_skills(keyword("Kubernetes"))
