"""The word lists that claim nothing hold nothing that claims something."""

import pytest

from resume_core.gate.vocabulary import CLAIMS, LEADING_TIER, RHYTHMS, ROLES, tier_of
from resume_core.grounding.tongues import FIRST_PERSON, TONGUES, Tongue, in_first_person
from resume_core.interview.phrases import PHRASES as INTERVIEW
from resume_core.languages import language_of
from resume_core.letters.phrases import PHRASES as LETTERS
from resume_core.numerals import in_english_terms
from resume_core.quantities import quantities
from resume_core.text import spoken

from .truth_samples import CATALOG


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=list(TONGUES))
def test_plain_words_claim_nothing(tongue: Tongue) -> None:
    """No skill, rank, role, rhythm, number or verb of leading passes as a connecting word."""
    words = tongue.plain.split()
    read = in_english_terms(" ".join(words), tongue.code)
    assert not [m.skill for word in words for m in CATALOG.mentions(word)]
    assert not set(words) & (CLAIMS | ROLES | set(RHYTHMS))
    assert not quantities(read)
    assert not [w for w in spoken(read) if tier_of(w) >= LEADING_TIER]


@pytest.mark.parametrize("tongue", TONGUES.values(), ids=list(TONGUES))
def test_intent_words_hold_no_digit_and_no_rank(tongue: Tongue) -> None:
    """A wish to apply cannot say what somebody was."""
    assert not tongue.intent & CLAIMS
    assert not [w for w in tongue.intent if tier_of(w) >= LEADING_TIER or w.isdigit()]


def test_every_language_has_all_its_phrases() -> None:
    """A language is spoken in all places or in none."""
    assert set(TONGUES) == set(LETTERS) == set(INTERVIEW)
    for code, phrases in INTERVIEW.items():
        assert set(phrases.weak) == set(INTERVIEW["en"].weak), code


@pytest.mark.parametrize(
    ("wanted", "spoken_in", "is_noted"),
    [
        (("de",), "de", False),
        (("de-AT", "en"), "de", False),
        ((None, "fr"), "fr", False),
        (("FR_ca",), "fr", False),
        (("ja", "es"), "es", False),  # not ours: the posting's language is next
        (("ja",), "en", True),
        ((None, None), "en", False),
        (("",), "en", False),
    ],
)
def test_language_of(wanted: tuple[str | None, ...], spoken_in: str, *, is_noted: bool) -> None:
    """The first language that is spoken here; English with a note when none is."""
    code, note = language_of(*wanted)
    assert code == spoken_in
    assert (note is not None) == is_noted


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("de", "siebenunddreißig Prozent", "37 percent"),
        ("de", "fünf Jahre", "5 years"),
        ("de", "zwei Millionen", "2 million"),
        ("fr", "quatre-vingt-dix-sept pour cent", "97 percent"),
        ("fr", "vingt et un ans", "21 years"),
        ("fr", "l'équipe", "équipe"),
        ("es", "treinta y siete por ciento", "37 percent"),
        ("es", "veintidós años", "22 years"),
        ("en", "five years", "five years"),
    ],
)
def test_numbers_of_each_language_read_as_one(language: str, text: str, read: str) -> None:
    """What is spelled in any language is the same claim."""
    assert in_english_terms(text, language) == read


@pytest.mark.parametrize("text", ["Je travaille", "J'ai écrit", "mein Team", "mi equipo", "I can"])
def test_first_person_is_seen_in_any_language(text: str) -> None:
    """A sentence about the person does not pass for one about the posting in another language."""
    assert in_first_person(text, spoken(text))
    assert "i" in FIRST_PERSON
