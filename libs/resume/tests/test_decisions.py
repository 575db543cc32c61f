"""Decisions of the person: what they come to, in whatever order, and what they cannot do."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resume_core.changes import (
    HIDING,
    REORDERING,
    Change,
    ChangeKind,
    ChangeOrigin,
    ChangeStatus,
    change_id,
)
from resume_core.decisions import (
    Decision,
    DecisionKind,
    EditRefusedError,
    UnknownChangeError,
    apply_decisions,
    as_delivered,
    decide,
    stand,
)
from resume_core.facts import highlight_ids
from resume_core.gate import blocking
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.own_edit import own_edit
from resume_core.redecide import redecide
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import TailoredResult, build_result

from .truth_samples import BACKEND, CATALOG, LOADED, Sample, bullets

LIE = "Led 40 engineers at Globex and cut costs by 93%"


def rewrites(sample: Sample) -> list[Change]:
    """The true rewordings of a sample's lines, as a model would propose them."""
    known = {b.text: b for b in bullets(sample)}
    return [
        Change(
            id=change_id(ChangeKind.REWRITE_HIGHLIGHT, b.section, b.entry_id, b.id, new),
            kind=ChangeKind.REWRITE_HIGHLIGHT,
            section=b.section,
            entry_id=b.entry_id,
            target_id=b.id,
            after=new,
            source_fact_ids=(b.id,),
            origin=ChangeOrigin.MODEL,
        )
        for old, new in sample.paraphrases
        if (b := known.get(old)) is not None
    ]


def delivered(sample: Sample) -> TailoredResult:
    rules = tailor_by_rules(sample.base, sample.gate.requirements, sample.posting, CATALOG)
    return build_result(
        sample.base, sample.posting, [*rewrites(sample), *rules], engine="model", catalog=CATALOG
    )


RESULTS = {sample.name: delivered(sample) for sample in LOADED}
BY_NAME = {sample.name: sample for sample in LOADED}


def document(sample: Sample, decisions: Sequence[Decision]) -> dict[str, Any]:
    decided = apply_decisions(sample.gate, RESULTS[sample.name].changes, decisions)
    return to_json_resume(decided.resume)


def all_of(sample: Sample, kind: DecisionKind) -> list[Decision]:
    return [Decision(change_id=c.id, decision=kind) for c in RESULTS[sample.name].changes]


def possible(sample: Sample) -> list[Decision]:
    """Every decision about a result's changes, with edits true and false."""
    changes = RESULTS[sample.name].changes
    texts = [LIE, "Kubernetes", *(new for _, new in sample.paraphrases), changes[0].text or "x"]
    return [
        Decision(change_id=change.id, decision=kind, after=text)
        for change in changes
        for kind in DecisionKind
        for text in (texts if kind is DecisionKind.EDITED else [None])
        if kind is not DecisionKind.EDITED or change.kind not in HIDING | REORDERING
    ]


HISTORIES = st.lists(st.sampled_from(possible(BACKEND)), max_size=12)


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_nothing_decided_is_the_result_and_all_rejected_is_the_base(sample: Sample) -> None:
    result = RESULTS[sample.name]
    assert document(sample, []) == result.resume
    assert document(sample, all_of(sample, DecisionKind.REJECTED)) == to_json_resume(sample.base)
    assert document(sample, all_of(sample, DecisionKind.REVERTED)) == result.resume


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_accepting_what_was_applied_is_the_result(sample: Sample) -> None:
    result = RESULTS[sample.name]
    agreed = [
        Decision(change_id=c.id, decision=DecisionKind.ACCEPTED)
        for c in result.changes
        if c.status is ChangeStatus.APPLIED
    ]
    assert agreed
    assert document(sample, agreed) == result.resume


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_accepting_everything_passes_the_gate(sample: Sample) -> None:
    decided = apply_decisions(
        sample.gate, RESULTS[sample.name].changes, all_of(sample, DecisionKind.ACCEPTED)
    )
    assert not blocking(decided.violations)
    assert any(c.kind in HIDING for c in decided.changes) or sample.name != "backend"
    for change in decided.changes:
        assert change.in_document == (not change.withheld) or change.kind not in HIDING


@given(HISTORIES, st.integers(0, 2**32).map(random.Random))
@settings(max_examples=30, deadline=None)
def test_only_the_last_decision_about_each_change_counts(
    history: list[Decision], shuffle: random.Random
) -> None:
    last = list({d.change_id: d for d in history}.values())
    expected = apply_decisions(BACKEND.gate, RESULTS["backend"].changes, history)
    shuffle.shuffle(last)
    assert apply_decisions(BACKEND.gate, RESULTS["backend"].changes, last) == expected
    assert apply_decisions(BACKEND.gate, RESULTS["backend"].changes, history * 2) == expected


@given(HISTORIES)
@settings(max_examples=30, deadline=None)
def test_untrue_words_are_the_persons_own_and_marked(history: list[Decision]) -> None:
    """Whatever is decided: what the gate blocks in the document, the person wrote themselves."""
    decided = apply_decisions(BACKEND.gate, RESULTS["backend"].changes, history)
    own = [c for c in decided.changes if c.by is ChangeOrigin.USER]
    for change in decided.changes:
        if change.by is not ChangeOrigin.USER:
            assert not change.unverified
            assert change.after == next(
                c.after for c in RESULTS["backend"].changes if c.id == change.id
            )
        if change.after == LIE:
            assert change.by is ChangeOrigin.USER
            assert change.unverified or not change.in_document
    if blocking(decided.violations):
        assert own
    without = [d for d in history if d.decision is not DecisionKind.EDITED]
    agreed = apply_decisions(BACKEND.gate, RESULTS["backend"].changes, without)
    assert not blocking(agreed.violations)


@given(HISTORIES)
@settings(max_examples=20, deadline=None)
def test_no_score_rises_by_words_that_nothing_shows(history: list[Decision]) -> None:
    result = redecide(BACKEND.gate, RESULTS["backend"].changes, history)
    match = result.scores.match
    assert match is not None
    assert match.tailored.value <= match.ceiling
    assert result.coverage.after <= result.coverage.ceiling
    assert result == redecide(BACKEND.gate, RESULTS["backend"].changes, history)


def test_edit_is_the_persons_and_says_what_the_resume_does_not_show() -> None:
    change = next(c for c in RESULTS["backend"].changes if c.origin is ChangeOrigin.MODEL)
    standing = stand(RESULTS["backend"].changes, ())
    lie = decide(standing, change.id, DecisionKind.EDITED, f"  {LIE} ")
    result = redecide(BACKEND.gate, RESULTS["backend"].changes, [lie])
    shown = next(c for c in result.changes if c.id == change.id)
    assert (shown.after, shown.proposed, shown.state) == (LIE, change.after, "edited")
    assert (shown.by, shown.origin) == (ChangeOrigin.USER, ChangeOrigin.MODEL)
    assert {"quantity_ungrounded", "scope_inflated"} & set(shown.unverified)
    assert shown.in_document
    assert {v.code for v in result.unverified} >= set(shown.unverified)
    back = decide(standing, change.id, DecisionKind.REVERTED)
    reverted = redecide(BACKEND.gate, RESULTS["backend"].changes, [lie, back])
    assert reverted.resume == RESULTS["backend"].resume
    assert next(c for c in reverted.changes if c.id == change.id).state == "reverted"


def test_edit_in_true_words_is_verified_and_an_edit_to_the_proposal_is_an_agreement() -> None:
    change = next(c for c in RESULTS["backend"].changes if c.origin is ChangeOrigin.MODEL)
    standing = stand(RESULTS["backend"].changes, ())
    base = next(b for b in bullets(BACKEND) if b.id == change.target_id)
    true = decide(standing, change.id, DecisionKind.EDITED, base.text)
    shown = redecide(BACKEND.gate, RESULTS["backend"].changes, [true]).changes
    edited = next(c for c in shown if c.id == change.id)
    assert (edited.by, edited.unverified, edited.after) == (ChangeOrigin.USER, (), base.text)
    same = decide(standing, change.id, DecisionKind.EDITED, change.text)
    shown = redecide(BACKEND.gate, RESULTS["backend"].changes, [same]).changes
    agreed = next(c for c in shown if c.id == change.id)
    assert (agreed.by, agreed.state) == (ChangeOrigin.MODEL, "accepted")


def test_changes_true_alone_and_wrong_together_keep_the_later_one_out() -> None:
    twins = {
        "work": [{"id": "w", "highlights": ["Wrote Python jobs", "Wrote Python jobs nightly"]}]
    }
    sample = BACKEND._replace(base=Resume.model_validate(twins))
    gate = type(BACKEND.gate)(sample.base, sample.posting, CATALOG)
    changes = [
        Change(
            id=b.id,
            kind=ChangeKind.REWRITE_HIGHLIGHT,
            section="work",
            entry_id="w",
            target_id=b.id,
            after="Python jobs written",
            source_fact_ids=(b.id,),
            origin=ChangeOrigin.MODEL,
        )
        for b in bullets(sample)
    ]
    agreed = [Decision(change_id=c.id, decision=DecisionKind.ACCEPTED) for c in changes]
    for decisions in (agreed, agreed[::-1]):
        decided = apply_decisions(gate, changes, decisions)
        assert [c.withheld for c in decided.changes] == [(), ("highlight_duplicate",)]
        assert [c.in_document for c in decided.changes] == [True, False]
        assert not decided.violations


def test_edit_inside_something_hidden_waits_for_it() -> None:
    entry = BACKEND.base.work[0]
    target = highlight_ids(entry)[0]
    rewrite = Change(
        id="r",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        target_id=target,
        after=BACKEND.paraphrases[0][1],
        source_fact_ids=(target,),
        status=ChangeStatus.APPLIED,
        section="work",
        entry_id=entry.id,
    )
    hide = Change(
        id="h",
        kind=ChangeKind.HIDE_HIGHLIGHT,
        section="work",
        entry_id=entry.id,
        target_id=target,
    )
    changes = [rewrite, hide]
    hidden = Decision(change_id="h", decision=DecisionKind.ACCEPTED)
    kept = Decision(change_id="r", decision=DecisionKind.ACCEPTED)
    shown = Decision(change_id="h", decision=DecisionKind.REVERTED)
    for decisions in ([hidden, kept], [kept, hidden]):
        decided = apply_decisions(BACKEND.gate, changes, decisions)
        assert [c.in_document for c in decided.changes] == [False, True]
        assert decided.changes[0].state == "accepted"
    again = apply_decisions(BACKEND.gate, changes, [hidden, kept, shown])
    assert rewrite.after in again.resume.work[0].highlights


def test_decision_about_nothing_or_without_words_is_refused() -> None:
    changes = RESULTS["backend"].changes
    standing = stand(changes, ())
    with pytest.raises(UnknownChangeError):
        decide(standing, "nobody", DecisionKind.ACCEPTED)
    order = next(c for c in changes if c.kind in REORDERING)
    line = next(c for c in changes if c.kind is ChangeKind.REWRITE_HIGHLIGHT)
    for change, text in ((order, "text"), (line, " "), (line, None), (line, "x" * 2001)):
        with pytest.raises(EditRefusedError, match="edit_not_text"):
            decide(standing, change.id, DecisionKind.EDITED, text)


def test_delivered_changes_are_listed_without_a_gate() -> None:
    listed = as_delivered(RESULTS["backend"].changes)
    decided = apply_decisions(BACKEND.gate, RESULTS["backend"].changes, ())
    assert listed == decided.changes
    assert {c.state for c in listed} == {"proposed"}
    assert [c.in_document for c in listed] == [
        c.status is ChangeStatus.APPLIED for c in RESULTS["backend"].changes
    ]


# Whole documents


def put(sample: Sample, history: Sequence[Decision], wanted: dict[str, Any]) -> list[Decision]:
    result = RESULTS[sample.name]
    return own_edit(sample.base, result.changes, history, Resume.model_validate(wanted))


def reworded(lines: list[str], shuffle: random.Random) -> list[str]:
    """Lines as a person may leave them: one reworded, one dropped, one added, all moved."""
    if lines and shuffle.random() < 0.5:
        at = shuffle.randrange(len(lines))
        lines[at] = shuffle.choice([lines[at] + " weekly", LIE, lines[at]])
    if lines and shuffle.random() < 0.3:
        lines.pop(shuffle.randrange(len(lines)))
    if shuffle.random() < 0.4:
        lines.insert(shuffle.randint(0, len(lines)), f"Taught {shuffle.randint(2, 99)} people")
    if shuffle.random() < 0.3:
        shuffle.shuffle(lines)
    return list(dict.fromkeys(lines))


def edited(resume: dict[str, Any], shuffle: random.Random) -> dict[str, Any]:
    """A document as a person may leave it."""
    wanted = dict(resume)
    for section, field in (
        ("work", "highlights"),
        ("volunteer", "highlights"),
        ("projects", "highlights"),
        ("projects", "keywords"),
        ("interests", "keywords"),
        ("skills", "keywords"),
    ):
        wanted[section] = [
            {**entry, field: reworded(list(entry.get(field, [])), shuffle)}
            for entry in wanted.get(section, [])
        ]
    for section in ("work", "projects", "education"):
        entries = wanted.get(section, [])
        if len(entries) > 1 and shuffle.random() < 0.3:
            wanted[section] = entries[:-1]
    for section in ("skills", "projects"):
        if shuffle.random() < 0.3:
            shuffle.shuffle(wanted[section])
    basics = dict(resume["basics"])
    basics["summary"] = shuffle.choice([basics.get("summary", ""), "I am the one.", ""])
    return to_json_resume(Resume.model_validate({**wanted, "basics": basics}))


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
@given(st.integers(0, 2**32).map(random.Random))
@settings(max_examples=15, deadline=None)
def test_document_of_the_persons_own_is_what_they_get(
    sample: Sample, shuffle: random.Random
) -> None:
    """Twice in a row, and then back to what was delivered."""
    history: list[Decision] = []
    wanted = RESULTS[sample.name].resume
    for _ in range(2):
        wanted = edited(wanted, shuffle)
        history += put(sample, history, wanted)
        assert document(sample, history) == wanted
        assert put(sample, history, wanted) == []
    for target in (RESULTS[sample.name].resume, to_json_resume(sample.base)):
        history += put(sample, history, target)
        assert document(sample, history) == target


def test_own_line_may_say_the_same_as_an_own_keyword() -> None:
    """A project with both: neither takes the other's place."""
    resume = RESULTS["backend"].resume
    first, *rest = resume["projects"]
    lines, words = [LIE, *first["highlights"]], [LIE, *first["keywords"]]
    wanted = {**resume, "projects": [{**first, "highlights": lines, "keywords": words}, *rest]}
    assert document(BACKEND, put(BACKEND, [], wanted)) == wanted


def test_own_document_marks_what_the_resume_does_not_show() -> None:
    resume = RESULTS["backend"].resume
    work = [dict(e) for e in resume["work"]]
    work[0]["highlights"] = [*work[0]["highlights"], LIE]
    decisions = put(BACKEND, [], {**resume, "work": work})
    (decision,) = decisions
    assert decision.own is not None
    result = redecide(BACKEND.gate, RESULTS["backend"].changes, decisions)
    shown = result.changes[-1]
    assert (shown.origin, shown.by, shown.state) == ("user", "user", "edited")
    assert shown.unverified
    assert {v.code for v in result.unverified} >= {"quantity_ungrounded"}
    gone = [*decisions, decision.model_copy(update={"decision": DecisionKind.REVERTED})]
    assert redecide(BACKEND.gate, RESULTS["backend"].changes, gone).resume == resume


@pytest.mark.parametrize(
    ("section", "field", "value"),
    [
        ("work", "name", "Globex"),
        ("work", "position", "Chief Engineer"),
        ("work", "startDate", "2001"),
        ("work", "endDate", "2031"),
        ("education", "studyType", "PhD"),
        ("education", "institution", "ETH"),
    ],
)
def test_own_document_leaves_identity_to_the_base(section: str, field: str, value: str) -> None:
    resume = RESULTS["backend"].resume
    first, *rest = resume[section]
    with pytest.raises(EditRefusedError, match="identity_fixed") as refused:
        put(BACKEND, [], {**resume, section: [{**first, field: value}, *rest]})
    assert refused.value.paths
    assert value not in str(refused.value.paths)


def test_own_document_with_a_new_employer_or_another_name_is_refused() -> None:
    resume = RESULTS["backend"].resume
    for wanted in (
        {**resume, "work": [*resume["work"], {"name": "Globex", "position": "CTO"}]},
        {**resume, "work": resume["work"][::-1]},
        {**resume, "basics": {**resume["basics"], "name": "Somebody Else"}},
        {**resume, "basics": {**resume["basics"], "email": "else@example.org"}},
    ):
        with pytest.raises(EditRefusedError, match="identity_fixed"):
            put(BACKEND, [], wanted)
