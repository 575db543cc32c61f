"""A small part of `make eval`: the targets hold, and each planted bug turns its measure red."""

import json

import pytest
from tests.eval.golden import load_people
from tests.eval.lies import LIES
from tests.eval.measures import Findings, as_json, measure
from tests.eval.planted import PLANTS
from tests.eval.rewrites import REWRITES
from tests.eval.run import evaluate

PEOPLE = ("cto", "de-maschinenbau", "hr-partner")
POSTINGS = ("cto", "hr-partner", "fr-comptable")


def small(plant: str = "") -> Findings:
    return evaluate(PEOPLE, POSTINGS, plant=plant, documents=False)


def red(found: Findings) -> set[str]:
    return {m.name for m in measure(found) if not m.met}


def test_golden_set_is_large_and_mixed() -> None:
    people = [p for p in load_people() if p.posting]
    assert len(people) >= 30
    assert {p.language for p in people} == {"en", "de", "fr", "es", "it", "pt", "nl", "pl"}
    assert len({p.field for p in people}) >= 12
    assert len(LIES) + len(REWRITES) >= 60


def test_a_part_of_the_golden_set_meets_the_targets_and_repeats() -> None:
    first, second = small(), small()
    # A share of sixty lines: two people's habit of hiring weighs more than in the whole set.
    assert red(first) - {"true rewordings left to the person"} == set()
    one, other = (json.dumps(as_json(found, measure(found))) for found in (first, second))
    assert one == other


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_bug_turns_its_measure_red(plant: str) -> None:
    assert PLANTS[plant][1] in red(small(plant))
