"""Ids: on every entry, unique, and the same from version to version."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.ids import assign_ids, highlight_id, highlight_ids
from resume_core.model import SECTIONS, Resume, Skill, Work


def counter(prefix: str = "e") -> Callable[[], str]:
    numbers = count()
    return lambda: f"{prefix}{next(numbers)}"


def work(*entries: tuple[str, str, str]) -> Resume:
    return Resume(work=tuple(Work(id=i, name=n, start_date=s) for i, n, s in entries))


def ids(resume: Resume) -> list[str]:
    return [entry.id for section in SECTIONS for entry in getattr(resume, section)]


def test_ids_are_given_to_every_entry() -> None:
    resume = Resume(work=(Work(name="Acme"), Work(name="Acme")), skills=(Skill(name="Data"),))
    assert ids(assign_ids(resume, previous=None, new_id=counter())) == ["e0", "e1", "e2"]


def test_id_of_an_entry_is_kept_when_it_brings_one() -> None:
    before = work(("a", "Acme", "2020"), ("b", "Beta", "2018"))
    after = work(("b", "Beta GmbH", "2018"), ("a", "Acme", "2020"))
    assert ids(assign_ids(after, previous=before, new_id=counter())) == ["b", "a"]


def test_id_is_inherited_by_section_name_and_start() -> None:
    before = work(("a", "Acme", "2020"), ("b", "Acme", "2018"))
    after = work(("", "  ACME ", "2018"), ("", "New", "2024"), ("", "Acme", "2020"))
    assert ids(assign_ids(after, previous=before, new_id=counter())) == ["b", "e0", "a"]


def test_id_of_another_section_is_not_inherited() -> None:
    before = Resume(work=(Work(id="a", name="Data"),))
    after = Resume(skills=(Skill(name="Data"),))
    assert ids(assign_ids(after, previous=before, new_id=counter())) == ["e0"]


def test_equal_ids_are_told_apart() -> None:
    resume = work(("a", "Acme", "2020"), ("a", "Beta", "2018"))
    assert ids(assign_ids(resume, previous=None, new_id=counter())) == ["a", "e0"]


def test_malformed_id_is_replaced() -> None:
    resume = work(("<script>", "Acme", "2020"), ("x" * 65, "Beta", "2018"))
    assert ids(assign_ids(resume, previous=None, new_id=counter())) == ["e0", "e1"]


def test_fresh_id_avoids_those_in_use() -> None:
    resume = work(("", "Acme", "2020"), ("e0", "Beta", "2018"))
    assert ids(assign_ids(resume, previous=None, new_id=counter())) == ["e1", "e0"]


def test_id_factory_that_repeats_itself_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="repeating"):
        assign_ids(work(("", "A", ""), ("", "B", "")), previous=None, new_id=lambda: "same")


ENTRY = st.tuples(
    st.sampled_from(["", "a", "b", "c"]),
    st.sampled_from(["", "Acme", "Beta"]),
    st.sampled_from(["", "2018", "2020"]),
)


@given(st.lists(ENTRY, max_size=8), st.lists(ENTRY, max_size=8))
def test_ids_are_unique_and_settle(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]
) -> None:
    previous = assign_ids(work(*old), previous=None, new_id=counter("p"))
    current = assign_ids(work(*new), previous=previous, new_id=counter("n"))
    assert all(ids(current))
    assert len(set(ids(current))) == len(ids(current))
    assert assign_ids(current, previous=current, new_id=counter("x")) == current


def test_highlight_id_survives_white_space_and_case_only() -> None:
    first = highlight_id("w1", "Cut costs by 30%")
    assert highlight_id("w1", "  cut  costs by 30% ") == first
    assert highlight_id("w1", "Cut costs by 40%") != first
    assert highlight_id("w2", "Cut costs by 30%") != first


def test_equal_highlights_of_one_entry_get_ids_of_their_own() -> None:
    twins = highlight_ids("w1", ["Same", "Other", "same"])
    assert len(set(twins)) == 3
    assert twins[0] == highlight_id("w1", "Same")
    assert twins[2] == highlight_id("w1", "Same", 1)
