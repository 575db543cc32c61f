"""Which language a posting is written in, whatever the page around it says."""

import pytest

from resume_core.written import written_in

GERMAN = "Wir suchen für unser Team eine Person mit Erfahrung in der Pflege von Diensten."
ENGLISH = "We look for a person with years of experience in the care of services and teams."
FRENCH = "Nous cherchons pour notre équipe une personne avec du goût pour les logiciels."
SPANISH = "Buscamos una persona con experiencia para el equipo y los servicios de la empresa."


@pytest.mark.parametrize(
    ("text", "code"),
    [(GERMAN, "de"), (ENGLISH, "en"), (FRENCH, "fr"), (SPANISH, "es"), ("求人情報です", "ja")],
)
def test_the_text_tells_its_language(text: str, code: str) -> None:
    assert written_in(text) == code


@pytest.mark.parametrize("text", ["", "Python, Kafka, PostgreSQL", "2019 - 2022"])
def test_what_tells_nothing_is_nobodys_language(text: str) -> None:
    assert written_in(text) is None
    assert written_in(text, "de") == "de"


@pytest.mark.parametrize(
    ("text", "stated", "code"),
    [
        (ENGLISH, "de", "en"),  # an English posting on a German company's site
        (GERMAN, "en", "de"),
        (GERMAN, "de", "de"),
        (GERMAN, "da", "da"),  # a language whose words are not listed here
        (f"{GERMAN}\n{ENGLISH}", "de", "de"),  # in both: the site's word counts
        (f"{GERMAN}\n{ENGLISH}", "en", "en"),
    ],
)
def test_a_stated_language_stays_unless_the_text_is_clearly_in_another(
    text: str, stated: str, code: str
) -> None:
    assert written_in(text, stated) == code
