import re
from typing import Any

import pytest

from resume_sandbox.assignment import Assignment, find_assignment
from resume_sandbox.proposals import bring_forward, find_form, find_word, propose


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w+#]+", text.casefold()))


def test_proposals_use_only_words_of_their_facts(assignment: dict[str, Any]) -> None:
    task = Assignment.model_validate(assignment)
    facts = {fact.id: fact.text for fact in task.facts}

    changes = propose(task)

    assert len(changes) >= 4
    for change in changes:
        assert words(change.after) <= words(" ".join(facts[i] for i in change.source_fact_ids))


def test_proposals_serve_known_requirements_once_a_target(assignment: dict[str, Any]) -> None:
    task = Assignment.model_validate(assignment)
    known = {requirement.id for requirement in task.requirements}

    changes = propose(task)

    assert all(set(change.requirement_ids) <= known for change in changes)
    targets = [c.target_id for c in changes if c.kind == "rewrite_highlight"]
    assert len(targets) == len(set(targets))
    assert all(c.after for c in changes)


@pytest.mark.parametrize(
    ("text", "word", "after"),
    [
        (
            "Built the billing service in Python and Postgres, used by 40 shops.",
            "Postgres",
            "In Python and Postgres, built the billing service, used by 40 shops.",
        ),
        (
            "Moved nightly exports to queues on RabbitMQ",
            "RabbitMQ",
            "On RabbitMQ, moved nightly exports to queues",
        ),
        (
            "Coordinated shifts of nurses, physicians and wound care",
            "wound care",
            None,
        ),
        ("Postgres tuning for the whole company", "Postgres", None),
    ],
)
def test_bring_forward_moves_the_phrase(text: str, word: str, after: str | None) -> None:
    assert bring_forward(text, word) == after


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("C++ and C#", "C", None),
        ("Go services", "go", "Go"),
        ("uses Postgres daily", "PostgreSQL", None),
        ("JavaScript", "Java", None),
    ],
)
def test_find_word_wants_the_whole_name(text: str, name: str, found: str | None) -> None:
    assert find_word(text, (name,)) == found


def test_find_form_takes_shorter_forms() -> None:
    assert find_form("uses Postgres daily", ("PostgreSQL",)) == "Postgres"
    assert find_form("communicated well", ("Communication",)) is None


def test_assignment_is_the_last_block_that_is_one() -> None:
    text = (
        '```json\n{"facts": "an example"}\n```\n'
        '```json\n{"facts": [{"id": "a", "section": "work", "text": "x"}], "requirements": []}\n```'
    )
    found = find_assignment(["```\nnothing\n```", text])

    assert found is not None
    assert found.facts[0].id == "a"
    assert find_assignment(["no block at all"]) is None
