import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resume_core.changes import (
    Change,
    ChangeKind,
    ChangeStatus,
    apply_changes,
    change_id,
    hidden_ids,
)
from resume_core.coverage import cover
from resume_core.draft import PROVEN_SKILLS_ID
from resume_core.facts import highlight_ids, keyword_ids
from resume_core.gate import blocking
from resume_core.model import SECTIONS, Resume
from resume_core.tailoring import build_result

from .truth_samples import BACKEND, CATALOG, LOADED, NURSE, Sample

BASE = BACKEND.base
WORK = BASE.work[0]
SKILLS = BASE.skills[0]


def change(kind: ChangeKind, **fields: Any) -> Change:
    fields.setdefault("section", "work")
    fields.setdefault("status", ChangeStatus.ACCEPTED)
    return Change(id=f"c-{kind}", kind=kind, **fields)


@st.composite
def changes(draw: st.DrawFn, base: Resume) -> Change:
    """Any change at all to a resume, sensible or not."""
    section = draw(st.sampled_from([*SECTIONS, "basics", "nowhere"]))
    entries = getattr(base, section, ()) if section in SECTIONS else ()
    entry = draw(st.sampled_from([*entries, None]))
    items = [*highlight_ids(entry), *keyword_ids(entry)] if entry else []
    ids = [e.id for e in entries]
    order = draw(st.permutations(draw(st.sampled_from([items, ids, [*items, "nobody"]]))))
    text = draw(st.sampled_from(["Kubernetes", "PostgreSQL", "Ran it", "", WORK.highlights[0]]))
    return Change(
        id="c",
        kind=draw(st.sampled_from(ChangeKind)),
        section=section,
        entry_id=entry.id if entry else draw(st.sampled_from([None, "nobody"])),
        target_id=draw(st.sampled_from([*items, None, "nobody"])),
        after=draw(st.sampled_from([text, tuple(order), None])),
        status=draw(st.sampled_from(ChangeStatus)),
        source_fact_ids=tuple(items[:1]),
    )


def many(sample: Sample) -> st.SearchStrategy[list[Change]]:
    return st.lists(changes(sample.base), max_size=8)


@given(many(BACKEND))
def test_apply_twice_is_apply_once(proposed: list[Change]) -> None:
    assert apply_changes(BASE, proposed * 2) == apply_changes(BASE, proposed)


@given(many(BACKEND), st.randoms(use_true_random=False))
def test_apply_order_of_independent_changes_is_irrelevant(
    proposed: list[Change], shuffle: random.Random
) -> None:
    slots: dict[tuple[str, ...], Change] = {c.slot: c for c in proposed if c.in_force}
    independent = list(slots.values())
    expected = apply_changes(BASE, independent)
    shuffle.shuffle(independent)
    assert apply_changes(BASE, independent) == expected


@given(many(NURSE))
def test_apply_loses_no_entry_that_nobody_hid(proposed: list[Change]) -> None:
    base = NURSE.base
    tailored = apply_changes(base, proposed)
    hidden = hidden_ids(proposed)
    for section in SECTIONS:
        before = {e.id for e in getattr(base, section)}
        after = {e.id for e in getattr(tailored, section)}
        assert before - hidden <= after <= before | {PROVEN_SKILLS_ID}


@settings(max_examples=40)
@given(st.integers(0, len(LOADED) - 1), st.data())
def test_result_of_any_changes_is_true_and_under_the_ceiling(at: int, data: st.DataObject) -> None:
    sample = LOADED[at]
    proposed = data.draw(st.lists(changes(sample.base), max_size=5))
    result = build_result(sample.base, sample.posting, proposed, engine="model", catalog=CATALOG)
    delivered = Resume.model_validate(result.resume)
    assert not blocking(sample.gate.check(delivered, hidden_ids(result.changes)))
    assert result.coverage.after <= result.coverage.ceiling
    found = cover(delivered, sample.gate.requirements, CATALOG)
    assert found.with_aliases <= result.coverage.ceiling


def test_reorder_keeps_what_it_does_not_name() -> None:
    ids = highlight_ids(WORK)
    moved = change(ChangeKind.REORDER_HIGHLIGHTS, entry_id="w1", after=(ids[3], ids[1]))
    lines = apply_changes(BASE, [moved]).work[0].highlights
    assert lines == tuple(WORK.highlights[at] for at in (3, 1, 0, 2, 4))


def test_hiding_waits_for_acceptance() -> None:
    hide = change(ChangeKind.HIDE_HIGHLIGHT, entry_id="w1", target_id=highlight_ids(WORK)[0])
    for status in ChangeStatus:
        lines = apply_changes(BASE, [hide.model_copy(update={"status": status})]).work[0].highlights
        assert (len(lines) < len(WORK.highlights)) == (status is ChangeStatus.ACCEPTED)


@pytest.mark.parametrize(
    "status",
    [
        ChangeStatus.PROPOSED,
        ChangeStatus.REJECTED,
        ChangeStatus.BLOCKED,
    ],
)
def test_change_not_in_force_does_nothing(status: ChangeStatus) -> None:
    summary = change(ChangeKind.REWRITE_SUMMARY, section="basics", after="Engineer", status=status)
    assert apply_changes(BASE, [summary]) == BASE


def test_relabel_and_order_of_one_list_meet() -> None:
    ids = keyword_ids(SKILLS)
    relabel = change(
        ChangeKind.RELABEL, section="skills", entry_id="s1", target_id=ids[1], after="PostgreSQL"
    )
    order = change(
        ChangeKind.REORDER_KEYWORDS, section="skills", entry_id="s1", after=(ids[1], ids[2])
    )
    expected = ("PostgreSQL", "Docker", "Jira")
    assert apply_changes(BASE, [order, relabel]).skills[0].keywords == expected
    assert apply_changes(BASE, [relabel, order]).skills[0].keywords == expected


def test_keyword_without_a_group_gets_one() -> None:
    bare = BASE.model_copy(update={"skills": ()})
    added = change(ChangeKind.ADD_KEYWORD, section="skills", after="Python")
    (group,) = apply_changes(bare, [added]).skills
    assert (group.id, group.keywords) == (PROVEN_SKILLS_ID, ("Python",))


def test_first_of_two_conflicting_changes_wins() -> None:
    one = change(ChangeKind.SET_LABEL, section="basics", after="One")
    two = change(ChangeKind.SET_LABEL, section="basics", after="Two")
    assert apply_changes(BASE, [one, two]).basics.label == "One"


def test_change_id_is_a_digest_of_what_it_does() -> None:
    one = change_id(ChangeKind.SET_LABEL, "basics", None, None, "A")
    assert one == change_id(ChangeKind.SET_LABEL, "basics", None, None, "A")
    assert one != change_id(ChangeKind.SET_LABEL, "basics", None, None, "B")


def test_change_speaks_camel_case() -> None:
    data = change(ChangeKind.SET_LABEL, section="basics", after="A").model_dump(by_alias=True)
    assert {"entryId", "targetId", "sourceFactIds", "requirementIds", "flags"} <= data.keys()
