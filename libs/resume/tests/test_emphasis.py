"""What a tailored resume brings forward: lines worded anew or moved up, and what nothing proves."""

from resume_core.changes import Change, ChangeKind, ChangeOrigin, ChangeStatus
from resume_core.decisions import DecidedChange, Decision, DecisionKind, as_delivered
from resume_core.emphasis import emphasis
from resume_core.facts import highlight_ids
from resume_core.interview import (
    DraftQuestion,
    InterviewDraft,
    InterviewOrder,
    build_interview,
)
from resume_core.model import Resume
from resume_core.pack import check_pack
from resume_core.posting import PostingView
from resume_core.redecide import gate_of, redecide

from .truth_samples import CATALOG

BASE = Resume.model_validate(
    {
        "basics": {"name": "Ada Example"},
        "work": [
            {
                "id": "w1",
                "name": "Engines Ltd",
                "position": "Engineer",
                "startDate": "2020-01",
                "highlights": [
                    "Moved 12 services to Kubernetes without downtime",
                    "Wrote nightly reports in Python for the finance team",
                    "Answered questions of the support team",
                ],
            }
        ],
        "projects": [
            {"id": "p1", "name": "Chess clock", "highlights": ["Built a chess clock in Rust"]},
            {"id": "p2", "name": "Garden", "highlights": ["Built a watering timer in Python"]},
        ],
    }
)
POSTING = PostingView(title="Engineer", company="Northwind", text="Requirements:\n- Python\n")
FIRST, SECOND, THIRD = highlight_ids(BASE.work[0])
REWORDED = "Wrote reports in Python nightly for the finance team"
LIE = "Led 40 engineers at Globex and cut costs by 93%"


def change(kind: ChangeKind, *, target: str | None = None, after: object = None) -> Change:
    fields = {"id": f"c-{kind.value}", "kind": kind, "section": "work", "entry_id": "w1"}
    return Change.model_validate(
        {**fields, "target_id": target, "after": after, "origin": "model", "status": "applied"}
    )


REWRITE = change(ChangeKind.REWRITE_HIGHLIGHT, target=SECOND, after=REWORDED)


def decided(*changes: Change, **decisions: Decision) -> tuple[DecidedChange, ...]:
    gate = gate_of(BASE, POSTING, CATALOG, [])
    return redecide(gate, changes, decisions.values()).changes


def test_nothing_changed_brings_nothing_forward() -> None:
    """The document is the base."""
    forward = emphasis(BASE, ())
    assert (forward.resume, forward.emphasised, forward.claims) == (BASE, (), ())


def test_line_worded_anew_comes_before_one_moved_up() -> None:
    """By their ids in the tailored document; what only moved down is not emphasised."""
    order = change(ChangeKind.REORDER_HIGHLIGHTS, after=(THIRD, SECOND, FIRST))
    forward = emphasis(BASE, as_delivered([order, REWRITE]))
    ids = highlight_ids(forward.resume.work[0])
    assert forward.resume.work[0].highlights[1] == REWORDED
    assert forward.emphasised == (ids[1], THIRD)


def test_project_moved_up_brings_its_first_line_forward() -> None:
    """Positions stay where they are; projects may be ordered."""
    order = Change(
        id="c-order",
        kind=ChangeKind.REORDER_ENTRIES,
        section="projects",
        after=("p2", "p1"),
        origin=ChangeOrigin.RULES,
        status=ChangeStatus.APPLIED,
    )
    assert emphasis(BASE, as_delivered([order])).emphasised == highlight_ids(BASE.projects[1])


def test_rejected_change_is_not_brought_forward() -> None:
    """What counts is the document as it was decided."""
    no = Decision(change_id=REWRITE.id, decision=DecisionKind.REJECTED)
    assert emphasis(BASE, decided(REWRITE, no=no)).emphasised == ()


def test_own_words_without_proof_are_claims() -> None:
    """They are no part of what a letter may say, and will be asked about first."""
    edit = Decision(change_id=REWRITE.id, decision=DecisionKind.EDITED, after=LIE)
    forward = emphasis(BASE, decided(REWRITE, edit=edit))
    assert forward.claims == (("w1", LIE),)
    assert LIE not in forward.resume.model_dump_json()
    order = InterviewOrder(
        forward.resume, POSTING, "en", emphasised=forward.emphasised, claims=forward.claims
    )
    pack = build_interview(order, None, CATALOG)
    first = next(q for q in pack.questions if q.kind == "defend")
    assert (first.claim, first.evidence, first.grounds) == (LIE, ("w1",), ())
    assert first.weak_spots[0].code == "unverified"
    asked = "Have you ever used Python?"
    said = tuple(DraftQuestion(subject_id=i, question=asked, outline="") for i in ("w1", ""))
    drafted = build_interview(order, InterviewDraft(questions=said), CATALOG)
    assert next(q for q in drafted.questions if q.kind == "defend") == first
    assert not check_pack(BASE, POSTING, tailored=forward.resume, interview=pack)


def test_own_words_that_the_base_shows_are_facts() -> None:
    """A true edit is brought forward like any other rewording."""
    edit = Decision(change_id=REWRITE.id, decision=DecisionKind.EDITED, after=REWORDED + ".")
    forward = emphasis(BASE, decided(REWRITE, edit=edit))
    assert forward.claims == ()
    assert forward.emphasised == (highlight_ids(forward.resume.work[0])[1],)


def test_pack_speaks_of_the_tailored_resume_and_not_of_its_base() -> None:
    """A line that was reworded is a fact in its new words alone."""
    forward = emphasis(BASE, as_delivered([REWRITE]))
    order = InterviewOrder(forward.resume, POSTING, "en", emphasised=forward.emphasised)
    pack = build_interview(order, None, CATALOG)
    assert next(q for q in pack.questions if q.kind == "defend").claim == REWORDED
    assert not check_pack(BASE, POSTING, tailored=forward.resume, interview=pack)
    codes = {v.code for v in check_pack(BASE, POSTING, interview=pack)}
    assert codes == {"pack_fact", "pack_entry"}
