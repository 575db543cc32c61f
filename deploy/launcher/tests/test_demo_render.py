"""Each product's outcome, from documents that the products' own rules make of the samples."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from resume_core.career import (
    CareerOrder,
    DemandPosting,
    PayFigure,
    build_career,
    load_ladders,
)
from resume_core.facts import collect_facts
from resume_core.ids import assign_ids
from resume_core.importing import import_resume
from resume_core.interview import DraftQuestion, InterviewDraft, InterviewOrder, build_interview
from resume_core.jsonresume import parse_json_resume, to_json_resume
from resume_core.letters import DraftParagraph, LetterDraft, LetterOrder, build_letter
from resume_core.posting import PostingView
from resume_core.requirements import extract_requirements
from resume_core.skills import load_catalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result
from resume_launcher.demo.products import PRODUCTS
from resume_launcher.demo.render.base import Known

SAMPLES = Path(__file__).parents[2] / "samples"
CATALOG = load_catalog()
IDS = (f"e{n}" for n in range(1000))
BASE = assign_ids(
    parse_json_resume(json.loads((SAMPLES / "resume.json").read_text("utf-8"))),
    previous=None,
    new_id=lambda: next(IDS),
)
TEXT = (SAMPLES / "posting.txt").read_text("utf-8")
POSTING = PostingView(title="Backend Engineer", company="Northwind Robotics", text=TEXT)
REQUIREMENTS = extract_requirements(POSTING.title, TEXT, CATALOG)
FACTS = {fact.id: fact.text for fact in collect_facts(BASE)}
STORED = {
    "text": TEXT,
    "route": "user",
    "language": "en",
    "stated": {
        "title": {"value": "Backend Engineer", "source": "json_ld"},
        "employmentType": {"value": "FULL_TIME", "source": "json_ld"},
        "salary": None,
    },
    "requirements": [r.model_dump(mode="json", by_alias=True) for r in REQUIREMENTS],
}
ALL = Known(FACTS, STORED)
PAY = PayFigure(
    role="Software engineers",
    low=68000,
    high=91000,
    currency="EUR",
    period="year",
    region="Berlin, Germany",
    date="2026-06-30",
    sample_size=1412,
    url="https://pay.example/",
)


def tailored() -> Any:
    proposals = tailor_by_rules(BASE, REQUIREMENTS, POSTING, CATALOG)
    return build_result(BASE, POSTING, proposals, engine="rules", catalog=CATALOG)


def letter(draft: LetterDraft | None = None) -> Any:
    order = LetterOrder(BASE, POSTING, "en", (), None)
    return build_letter(order, draft, CATALOG, degraded=True, notes=["By rules."])


def interview(draft: InterviewDraft | None = None) -> Any:
    return build_interview(InterviewOrder(BASE, POSTING, "en", ()), draft, CATALOG)


def career(pay: tuple[PayFigure, ...] = (PAY,), *, postings: int = 2) -> Any:
    demand = [
        DemandPosting(id=f"p{n}", title=POSTING.title, requirements=tuple(REQUIREMENTS))
        for n in range(postings)
    ]
    return build_career(
        CareerOrder(BASE, demand, pay, "en", "2026-11"), None, CATALOG, load_ladders()
    )


def shown(name: str, made: Any, known: Known = ALL, **status: Any) -> list[str]:
    document = made if isinstance(made, Mapping) else made.model_dump(mode="json", by_alias=True)
    return list(PRODUCTS[name].render({"result": document, **status}, known))


def test_tailored_resume_shows_scores_changes_and_gaps_as_questions() -> None:
    made = tailored()
    text = shown("tailor", made)
    match = made.scores.match
    assert text[0].startswith(f"Honest ceiling {made.coverage.ceiling:.0%} for Backend Engineer")
    said = f"{match.base} → {match.tailored.value} tailored, honest ceiling {match.ceiling}"
    assert f"  Match: {said}" in text
    at = text.index(f"  Match: {said}")
    assert text[at + 1] == "    Most to gain:"
    points = text[at + 2 : at + 5]
    assert all(" of " in point and "does not show it" in point for point in points)
    assert text.count("  * skills: relabel") == sum(c.kind == "relabel" for c in made.changes)
    assert [line for line in text if line.startswith("  ? ")] == [
        f"  ? {gap.question}" for gap in made.gaps
    ]


def test_long_change_is_shown_from_where_it_differs() -> None:
    made = tailored().model_dump(mode="json", by_alias=True)
    long = "The very same beginning of a sentence that goes on and on " * 3
    for ends in ((" and ends so", " but not so"), ("", " and on once more")):
        old, new = (f"{long.strip()}{end}" for end in ends)
        change = made["changes"][0] | {"before": old, "after": new}
        text = shown("tailor", made | {"changes": [change]})
        before, after = (next(t for t in text if t.startswith(f"      {sign} ")) for sign in "-+")
        assert before.endswith(old[-20:])
        assert after.endswith(new[-20:])
        assert len(after) < len(new)


def test_letter_is_whole_and_each_proved_sentence_has_its_proof() -> None:
    made = letter()
    text = shown("cover-letters", made)
    body = "\n".join(text)
    proved = [s for p in made.paragraphs for s in p.sentences if s.grounds]
    assert proved
    for number, sentence in enumerate(proved, 1):
        assert f"{sentence.text} [{number}]" in body
        [proof] = [line for line in text if line.startswith(f"  [{number}] ")]
        facts = [FACTS[g.ref] for g in sentence.grounds if g.kind == "fact"]
        assert not facts or any(fact[:40] in proof for fact in facts)
    left_out = f"{made.dropped} sentence{'' if made.dropped == 1 else 's'} left out as not proved"
    assert f"  Written by rules (a lesser route than asked for); {left_out}." in text
    assert "  Note: By rules." in text
    assert all(made_line in body for made_line in (made.greeting, made.closing, made.signature))


def test_model_letter_says_so_and_how_much_was_not_believed() -> None:
    line = next(h for work in BASE.work for h in work.highlights)
    lie = "At Northwind Robotics I led 900 people."
    made = letter(LetterDraft(paragraphs=(DraftParagraph(text=f"{lie} “{line}.”"),)))
    text = shown("cover-letters", made)
    assert "900" not in "\n".join(text)
    assert made.dropped
    assert any(f"{made.dropped} sentence" in line for line in text)


def test_letter_as_text_is_the_letter_alone() -> None:
    made = letter()
    text = PRODUCTS["cover-letters"].text
    assert text is not None
    assert text({"result": made.model_dump(mode="json", by_alias=True)}) == f"{made.text}\n"


def test_interview_pack_has_own_evidence_claims_and_gaps() -> None:
    made = interview()
    text = shown("interview-prep", made)
    defended = [q for q in made.questions if q.kind == "defend"]
    assert f"Be ready to defend this ({len(defended)}):" in text
    for question in made.questions:
        if question.kind != "gap":
            at = text.index(f"  ? {question.question}")
            below = "\n".join(text[at + 1 : at + 6])
            assert question.star.situation in below
            assert all(spot.advice in below for spot in question.weak_spots)
    for gap in made.gaps:
        assert f"  * {gap.text}: {gap.advice}" in text
    assert [q.question for q in made.questions_to_ask] == [
        line.removeprefix("  ? ") for line in text[text.index("You may ask them:") + 1 :]
    ]


def test_proved_outline_of_a_model_stands_in_place_of_the_skeleton() -> None:
    rules = interview()
    subject = next(q for q in rules.questions if q.star and q.requirement_id)
    line = FACTS[subject.star.fact_id]
    drafted = DraftQuestion(
        subject_id=subject.requirement_id, question="Tell us more.", outline=f"“{line}.”"
    )
    made = interview(InterviewDraft(questions=(drafted,)))
    [outlined] = [q for q in made.questions if q.outline]
    text = shown("interview-prep", made)
    assert f"      answer: {' '.join(s.text for s in outlined.outline)}" in text


def test_career_path_counts_n_of_m_and_shows_pay_with_everything() -> None:
    made = career()
    text = shown("career-path", made)
    assert made.missing
    assert all(f"{c.skill} (2 of 2)" in "\n".join(text) for c in (*made.missing, *made.present))
    for role in made.roles:
        assert any(line.startswith(f"  * {role.title} (") for line in text)
    at = text.index("Pay:")
    assert text[at + 1] == (
        "  * Software engineers, Berlin, Germany: 68,000 to 91,000 EUR a year "
        "(as of 2026-06-30, sample of 1,412)"
    )
    assert text[at + 2].strip() == PAY.url


def test_career_path_without_data_says_so() -> None:
    text = shown("career-path", career((), postings=0))
    assert any(line.startswith("Pay: no data") for line in text)
    assert any("nothing was counted" in line for line in text)


@pytest.mark.parametrize("name", ["resume.pdf", "resume.docx", "resume.txt"])
def test_parsed_resume_shows_entries_and_doubts(name: str) -> None:
    read = import_resume((SAMPLES / name).read_bytes(), name)
    made = {
        "format": read.format,
        "document": to_json_resume(read.resume),
        "doubts": [asdict(doubt) for doubt in read.report.doubts],
        "pages": read.report.pages,
        "characters": read.report.characters,
    }
    text = shown("parse", made)
    body = "\n".join(text)
    assert text[0] == f"Resume of Mara Lindqvist, read from {read.format}"
    for work in read.resume.work:
        assert f"{work.position}, {work.name} ({work.start_date} to " in body or not work.end_date
        assert all(f"      - {line}" in text for line in work.highlights)
    doubts = len(read.report.doubts)
    assert (f"Please check ({doubts}):" if doubts else "Doubts: none.") in text
    assert "work[" not in body
    few = "\n".join(shown("parse", made, Known(most=2)))
    assert f"      {len(read.resume.work[0].highlights)} lines" in few


def test_captured_posting_shows_weights_evidence_and_no_salary_of_its_own() -> None:
    text = shown("capture", {"postingId": "p"})
    assert text[0] == "Posting: Backend Engineer"
    assert "  Salary:   not stated" in text
    assert "  Kind:     full time (from the page's JSON-LD)" in text
    for requirement in REQUIREMENTS:
        kind = f"({requirement.kind}, weight {requirement.weight})"
        at = text.index(f"  * {requirement.text} {kind}")
        assert " ".join(requirement.text.split()).casefold() in text[at + 1].casefold()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("tailor", tailored),
        ("cover-letters", letter),
        ("interview-prep", interview),
        ("career-path", career),
    ],
)
def test_every_product_has_its_receipt_and_what_was_not_to_be_had(name: str, make: Any) -> None:
    receipt = {"calls": 1, "inputTokens": 900, "outputTokens": 100, "costUsd": 0.0005}
    notes = [{"stage": "research.company", "unavailable": "No key."}, {"stage": "x"}]
    text = shown(name, make(), receipt=receipt, notes=notes)
    assert "  Receipt: 1 call, 1000 tokens, 0.0005 USD." in text
    assert "  Not to be had: research.company (No key)" in text
    assert len(shown(name, make())) == len(text) - 1


def test_what_is_not_shown_is_counted() -> None:
    made = interview()
    text = shown("interview-prep", made, Known(FACTS, STORED, 1))
    left = len(made.gaps) - 1
    assert f"  … and {left} more" in text
