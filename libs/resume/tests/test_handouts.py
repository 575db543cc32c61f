"""A handout says what its document says, in the document's language."""

import pytest

from resume_core.career import CareerOrder, PayFigure, build_career, load_ladders
from resume_core.grounding import TONGUES, Citation
from resume_core.handouts import career_handout, interview_handout
from resume_core.handouts.words import WORDS
from resume_core.interview import InterviewOrder, build_interview
from resume_core.model import Basics
from resume_core.render import sheet_text
from resume_core.sheet import Section, Sheet

from .truth_samples import BACKEND, CATALOG

PAGE = Citation(text="Northwind Robotics opened a plant in Kiel.", url="https://news.example/1")
languages = pytest.mark.parametrize("language", list(TONGUES))


def section(sheet: Sheet, title: str) -> Section:
    return next(section for section in sheet.sections if section.title == title)


@languages
def test_interview_handout_has_every_question_and_gap(language: str) -> None:
    order = InterviewOrder(BACKEND.base, BACKEND.posting, language, (PAGE,))
    pack = build_interview(order, None, CATALOG)
    sheet, words = interview_handout(pack), WORDS[language]
    said = sheet_text(sheet)
    for question in pack.questions:
        assert question.question in said
        for spot in question.weak_spots:
            assert spot.advice in said
        if question.star:
            assert question.star.action in said
    assert [i.text for i in section(sheet, words.gaps).items] == [g.advice for g in pack.gaps]
    assert section(sheet, words.company).items[0].text == PAGE.url
    asked = [q.question for q in pack.questions_to_ask]
    assert [item.text for item in section(sheet, words.ask).items] == asked
    defended = section(sheet, words.defend).blocks
    assert len(defended) == sum(q.kind == "defend" for q in pack.questions)


@languages
def test_career_handout_has_every_role_and_pay_with_its_source(language: str) -> None:
    pay = PayFigure(
        role="Staff Engineer",
        low=4500.5,
        high=1_200_000,
        currency="EUR",
        period="month",
        region="Kiel",
        date="2026-09",
        sample_size=120,
        url="https://pay.example/1",
    )
    order = CareerOrder(BACKEND.base, (), (pay,), language, "2026-11")
    path = build_career(order, None, CATALOG, load_ladders())
    sheet, words = career_handout(path), WORDS[language]
    assert [b.title for b in section(sheet, words.roles).blocks] == [r.title for r in path.roles]
    (figure,) = section(sheet, words.pay).items
    for part in ("4500.50", "1200000", "EUR", "Kiel", "2026-09", "120", pay.url):
        assert part in figure.text
    assert [item.text for item in section(sheet, words.notes).items] == [words.no_postings]


@languages
def test_career_handout_says_what_is_not_known_in_its_language(language: str) -> None:
    person = BACKEND.base.model_copy(update={"work": (), "basics": Basics()})
    order = CareerOrder(person, (), (), language, "2026-11")
    words = WORDS[language]
    sheet = career_handout(build_career(order, None, CATALOG, load_ladders()))
    told = [item.text for item in section(sheet, words.notes).items]
    assert told == [words.no_postings, words.no_pay, words.no_title]


def test_every_language_has_words() -> None:
    assert set(WORDS) == set(TONGUES)
