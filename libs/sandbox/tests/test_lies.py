import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_sandbox.assignment import Assignment
from resume_sandbox.lies import LIE_CLASSES, tell_lies
from resume_sandbox.proposals import propose


def with_title(assignment: dict[str, Any], title: str) -> Assignment:
    posting = {"title": title, "company": "Northwind Robotics"}
    return Assignment.model_validate({**assignment, "posting": posting})


def test_lies_have_at_least_twelve_classes() -> None:
    assert len(LIE_CLASSES) >= 12


@pytest.mark.parametrize("name", LIE_CLASSES)
def test_each_class_lies(assignment: dict[str, Any], name: str) -> None:
    """What it says is in no cited fact of that target, or it points where nothing is."""
    task = Assignment.model_validate(assignment)
    facts = {fact.id: fact.text for fact in task.facts}

    (lie,) = tell_lies(task, only=(name,), most=1)

    cited = " ".join(facts.get(i, "") for i in lie.change.source_fact_ids)
    said = set(re.findall(r"\w+", lie.change.after.casefold()))
    unproven = said - set(re.findall(r"\w+", cited.casefold()))
    points_nowhere = lie.change.entry_id not in {"", *facts} or lie.change.target_id not in {
        "",
        *facts,
    }
    assert unproven or points_nowhere
    assert lie.change not in propose(task)


def test_lies_take_turns(assignment: dict[str, Any]) -> None:
    told = {
        lie.lie_class
        for number in range(60)
        for lie in tell_lies(with_title(assignment, f"Engineer {number}"), most=6)
    }

    assert told == set(LIE_CLASSES)


def test_same_request_gets_the_same_lies(assignment: dict[str, Any]) -> None:
    task = Assignment.model_validate(assignment)

    assert tell_lies(task, most=6) == tell_lies(task, most=6)


@given(st.text(max_size=40), st.integers(1, 12))
def test_lies_are_of_different_classes(title: str, most: int) -> None:
    facts = [
        {"id": "w1", "section": "work", "entryId": "w1", "text": "Acme · Engineer · 2019"},
        {"id": "h-1", "section": "work", "entryId": "w1", "text": "Ran 12 servers for 40 shops"},
    ]
    task = Assignment.model_validate(
        {"facts": facts, "requirements": [], "posting": {"title": title}}
    )

    lies = tell_lies(task, most=most)

    assert 1 <= len({lie.lie_class for lie in lies}) == len(lies) <= most
    assert sum(lie.change.kind == "rewrite_summary" for lie in lies) <= 1
