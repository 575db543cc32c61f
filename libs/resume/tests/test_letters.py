"""Letters: by rules, from drafts, in every language, and never longer or falser than allowed."""

import pytest

from resume_core.facts import collect_facts
from resume_core.gate.source import count_words
from resume_core.grounding import TONGUES, About, Citation, GroundKind
from resume_core.letters import (
    MAX_WORDS,
    CoverLetter,
    DraftParagraph,
    LetterDraft,
    LetterOrder,
    build_letter,
    filler_rate,
)
from resume_core.letters.rules import is_deed
from resume_core.model import Resume
from resume_core.posting import PostingView

from .truth_samples import BACKEND, CATALOG, LOADED, Sample


def written(*paragraphs: str) -> LetterDraft:
    return LetterDraft(paragraphs=tuple(DraftParagraph(text=p) for p in paragraphs))


def letter(
    sample: Sample = BACKEND,
    draft: LetterDraft | None = None,
    language: str = "en",
    tone: str | None = None,
) -> CoverLetter:
    asked = LetterOrder(sample.base, sample.posting, language, tone=tone)
    return build_letter(asked, draft, CATALOG)


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_rules_letter_is_whole_and_true(sample: Sample, language: str) -> None:
    """Every sample has a letter of its own lines in every language, each with its facts."""
    made = letter(sample, language=language)
    facts = {f.id: f.text for f in collect_facts(sample.base)}
    said = [s for p in made.paragraphs for s in p.sentences]
    own = [s for s in said if s.about is About.PERSON]
    assert made.engine == "rules"
    assert not made.degraded
    assert len(made.paragraphs) >= 3
    assert own
    assert made.measures.grounded == 1.0
    assert made.measures.words <= MAX_WORDS
    assert sample.posting.title in made.paragraphs[0].text
    assert made.company == sample.posting.company
    for sentence in own:
        line = facts[sentence.grounds[0].ref].rstrip(".")
        assert line[1:] in sentence.text


def test_rules_letter_is_the_same_every_time() -> None:
    """The same inputs give the same bytes."""
    assert letter().model_dump_json() == letter().model_dump_json()


def test_draft_keeps_true_sentences_and_drops_the_others() -> None:
    """What cannot be proved is not delivered and only counted."""
    made = letter(
        draft=written(
            "I am applying for the Platform Engineer position at Northwind Robotics. "
            "I led a team of 40 people.",
            "At Halden Freight I built an order API in Python and FastAPI. "
            "I have ten years of Kafka. "
            "At Halden Freight I moved 12 services to Kubernetes.",
            "I look forward to hearing from you.",
        )
    )
    assert made.engine == "model"
    assert made.dropped == 2
    assert "quantity_ungrounded" in made.dropped_codes
    assert "Kafka" not in made.text
    assert "40" not in made.text
    assert "FastAPI" in made.text


def test_draft_of_nothing_but_lies_gives_the_rules_letter() -> None:
    """A model that only lies leaves a degraded letter of the person's own lines."""
    made = letter(draft=written("I am a certified Kafka guru.", "I led 90 people at Globex."))
    assert made.engine == "rules"
    assert made.degraded
    assert made.notes
    assert "Globex" not in made.text


def test_letter_is_never_longer_than_a_page() -> None:
    """Sentences are left out from the end of the middle, opening and ending stay."""
    lines = [f"Built the part number {n} of a very plain and very long system" for n in range(90)]
    work = {"id": "w1", "name": "ACME", "position": "Engineer", "highlights": lines}
    base = Resume.model_validate({"work": [work]})
    draft = written(" ".join(f"At ACME I built the part number {n}." for n in range(90)))
    draft = written(*(p.text for p in draft.paragraphs * 2))
    order = LetterOrder(base, PostingView(title="Engineer", company="Initech"), "en")
    made = build_letter(order, draft, CATALOG)
    assert count_words(made.text) <= MAX_WORDS + 20
    assert "Initech" in made.paragraphs[0].text


def test_cited_page_is_told_of_the_company_alone() -> None:
    """A finding may be told with its address."""
    page = Citation(
        text="Northwind Robotics opened a plant in Oslo in 2025.", url="https://n.example"
    )
    order = LetterOrder(BACKEND.base, BACKEND.posting, "en", citations=[page])
    said = "Northwind Robotics opened a plant in Oslo. I opened a plant in Oslo."
    made = build_letter(order, written(said), CATALOG)
    urls = [
        g.ref
        for p in made.paragraphs
        for s in p.sentences
        for g in s.grounds
        if g.kind is GroundKind.URL
    ]
    assert urls == [page.url]
    assert "I opened" not in made.text


def test_nothing_known_of_the_posting_still_gives_a_letter() -> None:
    """No title, no company, no requirement: the person's first lines."""
    order = LetterOrder(BACKEND.base, PostingView(text="We look for people."), "en")
    made = build_letter(order, None, CATALOG)
    assert "advertised position" in made.text
    assert made.greeting == "Dear Sir or Madam,"


@pytest.mark.parametrize(
    ("line", "is_one"),
    [
        ("Built an order API", True),
        ("Introduced pipelines", True),
        ("Built-in tooling for teams", False),
        ("Responsible for payroll", False),
        ("ETL jobs in Python", False),
        ("Leitete ein Team", False),
        ("Need for speed", False),
    ],
)
def test_is_deed(line: str, *, is_one: bool) -> None:
    """Only a line that begins with a past verb goes on from "I"."""
    assert is_deed(line) == is_one


def test_filler_is_counted_but_not_the_postings_own() -> None:
    """The blacklist spares what the posting says itself."""
    text = "I am a team player with a proven track record."
    assert filler_rate(text, "en", "") == 20.0
    assert filler_rate(text, "en", "You are a team player.") == 10.0


def test_tone() -> None:
    """A friendly letter greets otherwise; an unknown tone is the formal one."""
    assert letter(tone="friendly").greeting == "Hello Northwind Robotics team,"
    assert letter(tone="pirate").tone == "formal"
