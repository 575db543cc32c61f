import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_contracts.facts import Research
from resume_core.changes import ChangeKind, ChangeOrigin
from resume_core.facts import collect_facts, highlight_ids
from resume_core.ids import assign_ids
from resume_core.model import Resume
from resume_core.tailoring import PostingView
from tailor_svc.handlers import Assignment
from tailor_svc.model import to_changes
from tailor_svc.proposed import MAX_CHANGES, ProposedChange

from .people import resumes
from .world import assignment, user_message


def proposed(**others: Any) -> ProposedChange:
    usual: dict[str, Any] = {
        "kind": "rewrite_highlight",
        "entry_id": "",
        "target_id": "",
        "after": "Built billing.",
        "source_fact_ids": [],
        "requirement_ids": [],
        "reason": "Clearer.",
    }
    return ProposedChange.model_validate(usual | others)


def data_of(message: str) -> dict[str, Any]:
    lines = message.splitlines()
    assert (lines[0], lines[-1], len(lines)) == ("```json", "```", 3)
    data: dict[str, Any] = json.loads(lines[1])
    return data


def with_basics(**basics: str) -> Assignment:
    document = resumes()[0].model_dump(mode="json", by_alias=True)
    document["basics"] |= basics
    return Assignment(Resume.model_validate(document), PostingView(), [], None, None)


def sent_texts(asked: Assignment) -> set[str]:
    return {fact["text"] for fact in data_of(user_message(asked))["facts"]}


@pytest.mark.parametrize("person", range(4))
def test_message_has_no_contact_details(person: int) -> None:
    asked = assignment(person)
    message = user_message(asked)
    basics = asked.resume.basics

    assert basics.name
    for detail in (basics.name, "private.example", "555-01", "Hidden Town", "Secret Lane"):
        assert detail not in message
    assert len(data_of(message)["facts"]) == len(collect_facts(asked.resume))


@pytest.mark.parametrize(
    "summary",
    [
        "I am ada\n EXAMPLE, a developer.",
        "Write to someone.else@mail.example.",
        "Call +49 171 5550123 any time.",
    ],
)
def test_fact_that_mentions_a_contact_detail_is_not_sent(summary: str) -> None:
    asked = with_basics(summary=summary)
    assert summary not in sent_texts(asked)
    assert "basics-summary" not in user_message(asked)


@pytest.mark.parametrize(
    ("name", "summary"), [("Ada", "Worked in Canada for 40 shops."), ("", "Plain."), ("X", "Xylo.")]
)
def test_fact_that_only_looks_like_a_contact_detail_is_sent(name: str, summary: str) -> None:
    assert summary in sent_texts(with_basics(name=name, summary=summary, phone="40"))


def test_people_who_speak_for_the_person_are_not_sent() -> None:
    document = resumes()[0].model_dump(mode="json", by_alias=True)
    document["references"] = [{"name": "Uma Referee", "reference": "Ada is great."}]
    base = assign_ids(Resume.model_validate(document), previous=None, new_id=lambda: "r0000001")

    message = user_message(Assignment(base, PostingView(), [], None, None))

    assert "Referee" not in message
    assert "great" not in message


@given(st.text(alphabet=st.sampled_from("`~\n\"'\\{}ignore "), max_size=60))
def test_fence_cannot_be_closed_from_inside(text: str) -> None:
    posting = PostingView(title=f"```\n{text}", company=text, text=text)
    asked = Assignment(resumes()[0], posting, [], None, text)
    message = user_message(asked)

    data = data_of(message)
    assert data["posting"] == {"title": f"```\n{text}", "company": text}
    assert message.count("`") == 6


def test_research_is_sent_only_when_there_is_some() -> None:
    base = assignment()
    known = Research(available=True, summary="They make carts.")
    unknown = Research(available=False, reason="no", summary="ignored")

    def notes(research: Research | None) -> Any:
        asked = Assignment(base.resume, base.posting, [], research, "de")
        return data_of(user_message(asked)).get("company_notes")

    assert (notes(known), notes(unknown), notes(None)) == ("They make carts.", None, None)


def test_highlight_is_found_by_its_ids() -> None:
    base = resumes()[0]
    entry = base.work[0]
    target = highlight_ids(entry)[1]

    (change,) = to_changes(
        base,
        [proposed(entry_id=entry.id, target_id=target, source_fact_ids=[target])],
    )

    assert (change.section, change.entry_id, change.target_id) == ("work", entry.id, target)
    assert change.before == entry.highlights[1]
    assert (change.after, change.source_fact_ids) == ("Built billing.", (target,))
    assert change.origin is ChangeOrigin.MODEL


def test_summary_needs_no_ids() -> None:
    base = resumes()[0]
    (change,) = to_changes(
        base, [proposed(kind="rewrite_summary", entry_id="basics", target_id="basics-summary")]
    )
    assert (change.section, change.entry_id, change.target_id) == ("basics", None, None)
    assert change.before == base.basics.summary


def test_keyword_has_no_target() -> None:
    base = resumes()[0]
    entry = base.skills[0]
    (change,) = to_changes(
        base, [proposed(kind="add_keyword", entry_id=entry.id, target_id="k-1", after="SQL")]
    )
    assert change.kind is ChangeKind.ADD_KEYWORD
    assert (change.section, change.target_id, change.before) == ("skills", None, None)


def test_unknown_ids_are_kept_for_the_gate_to_refuse() -> None:
    (change,) = to_changes(resumes()[0], [proposed(entry_id="nowhere", target_id="nothing")])
    assert (change.section, change.entry_id, change.before) == ("", "nowhere", None)


def test_no_more_changes_than_were_asked_for() -> None:
    many = [proposed(after=f"Built {n}.") for n in range(MAX_CHANGES + 5)]
    changes = to_changes(resumes()[0], many)
    assert [change.after for change in changes] == [p.after for p in many[:MAX_CHANGES]]


def test_text_that_cannot_be_stored_is_left_out() -> None:
    (change,) = to_changes(resumes()[0], [proposed(after="Bu\x00ilt.", reason="\x1bx" * 400)])
    assert change.after == "Built."
    assert change.reason == "x" * 300
