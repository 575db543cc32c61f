"""What counts as said, and what does not."""

import pytest

from resume_documents.expected import Expected
from resume_documents.language import language_of
from resume_documents.verify import find_missing

from .hard import HARD


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("well-known work", "did well-\nknown\n  work"),
        ("Office affiliate", "O\ufb03ce a\ufb03liate"),
        ("Weißmüller", "Weißmu\u0308ller"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Noa כהן", "\u202aNoa\u202c \u2067כהן\u2069"),
        ("高级软件工程师", "高级软件\n工程师"),
        ("x" * 200, "x" * 120 + "\n" + "x" * 80),
        ("10\u00a0000 €", "10 000 €"),
        ("C#", "Java, C#, Go"),
    ],
)
def test_what_a_reader_does_not_see_makes_no_difference(fact: str, text: str) -> None:
    assert find_missing([Expected("f", fact)], text) == []


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("R", "React and Rust"),
        ("C", "Fluent in Czech"),
        ("2015", "12015"),
        ("saved 30 %", "saved 3 %"),
        ("saved 30 %", "saved 30"),
        ("Größe", "Grosse"),
        ("Ada", "ada"),
        ("led a team of five", "led a team five"),
        ("工程", "工程师"),
    ],
)
def test_loss_is_missed(fact: str, text: str) -> None:
    assert [item.id for item in find_missing([Expected("f", fact)], text)] == ["f"]


def test_the_same_thing_said_twice_must_be_there_twice() -> None:
    twice = [Expected("a", "Built it"), Expected("b", "Built it")]
    assert find_missing(twice, "Built it\nBuilt it") == []
    assert [item.id for item in find_missing(twice, "Built it\nSold it")] == ["b"]


def test_words_of_both_directions_may_be_in_another_order_on_a_page() -> None:
    fact = [Expected("f", "Senior מהנדסת at Google 2020")]
    line = "2020 Google at מהנדסת Senior"
    assert find_missing(fact, line, visual=True) == []
    assert find_missing(fact, line)
    assert find_missing(fact, line.replace("Google", "Gogle"), visual=True)
    assert find_missing([Expected("f", "חסך 30%")], "חסך 30", visual=True)


def test_a_statement_is_not_taken_from_a_later_page() -> None:
    """Reordered here and word for word far below: here is where it is."""
    city, country = Expected("city", "Haifa חיפה"), Expected("country", "Israel")
    text = "חיפה Haifa, Israel" + " word" * 300 + " Haifa חיפה"
    assert find_missing([city, country], text, visual=True) == []


@pytest.mark.parametrize("case", sorted(HARD))
def test_language_is_told_from_the_text(case: str) -> None:
    language, document = HARD[case]
    told = {"umlauts": "en", "turkish": "en", "mixed, from the right": "en"}
    assert language_of(document) == told.get(case, language)
