import pytest

from resume_core.coverage import cover, degree_level
from resume_core.model import Resume
from resume_core.requirements import extract_requirements

from .truth_samples import CATALOG

POSTING = (
    "Requirements\n- PostgreSQL\n- Kubernetes\n- Terraform\n- Master's degree\n- Fluent German"
)


def resume(**fields: object) -> Resume:
    return Resume.model_validate(fields)


def test_coverage_counts_own_wording_and_aliases_apart() -> None:
    wanted = extract_requirements("", POSTING, CATALOG)
    base = resume(
        work=[{"id": "w", "highlights": ["Ran Postgres on Kubernetes"]}],
        education=[{"id": "e", "studyType": "M.Sc."}],
        languages=[{"id": "l", "language": "Deutsch", "fluency": "C1"}],
    )
    found = cover(base, wanted, CATALOG)
    assert found.literal == 0.6
    assert found.with_aliases == 0.8
    assert [m.literal for m in found.matched].count(False) == 1
    assert len(found.missing) == 1


def test_coverage_says_where() -> None:
    wanted = extract_requirements("", "Requirements\n- Postgres", CATALOG)
    base = resume(skills=[{"id": "s", "name": "Tools", "keywords": ["Docker", "Postgres"]}])
    (match,) = cover(base, wanted, CATALOG).matched
    assert match.where[0].startswith("k-")


def test_confirmed_fact_raises_the_ceiling_not_the_score() -> None:
    wanted = extract_requirements("", "Requirements\n- Terraform", CATALOG)
    fact = {"id": "f1", "skill": "Terraform", "text": "Two years at home"}
    found = cover(resume(meta={"x-confirmedFacts": [fact]}), wanted, CATALOG)
    assert (found.literal, found.with_aliases) == (0.0, 1.0)
    assert found.matched[0].where == ("f1",)


def test_degree_must_be_high_enough() -> None:
    wanted = extract_requirements("", "Requirements\n- Master's degree", CATALOG)
    low = resume(education=[{"id": "e", "studyType": "Bachelor of Arts"}])
    high = resume(education=[{"id": "e", "studyType": "PhD"}])
    assert cover(low, wanted, CATALOG).literal == 0
    assert cover(high, wanted, CATALOG).literal == 1


@pytest.mark.parametrize(
    ("studied", "level"),
    [
        ("High School Diploma", 0),
        ("Secondary school diploma", 0),
        ("Realschulabschluss", 0),
        ("Scrum Master course", 0),
        ("Webmaster", 0),
        ("Diploma in Nursing", 1),
        ("Licence", 1),
        ("Grado en Derecho", 1),
        ("Diplom-Ingenieur", 2),
        ("Dipl.-Ing. (FH)", 2),
        ("Diplôme d'ingénieur", 2),
        ("MS", 2),
        ("Máster", 2),
        ("Maîtrise", 2),
        ("Doctorat", 3),
    ],
)
def test_degrees_are_as_high_as_they_are(studied: str, level: int) -> None:
    assert degree_level(studied) == level


@pytest.mark.parametrize(
    ("asked", "fluency", "answered"),
    [
        ("Fluent German (C1)", "A2", False),
        ("Fluent German (C1)", "Native speaker", True),
        ("German: B2 or C1", "B2", True),
        ("Fluent German", None, True),  # how well it is spoken, the resume does not say
        ("German language skills", "basic", True),  # nor does the posting
        ("Fluent English, basic German", "A2", True),
    ],
)
def test_a_language_must_be_spoken_as_well_as_asked(
    asked: str,
    fluency: str | None,
    answered: bool,  # noqa: FBT001  the parameter of a table
) -> None:
    wanted = extract_requirements("", f"Requirements\n- {asked}", CATALOG)
    german = next(r for r in wanted if r.text == "German")
    found = cover(
        resume(languages=[{"id": "l", "language": "German", "fluency": fluency}]), wanted, CATALOG
    )
    assert (german.id in {m.requirement_id for m in found.matched}) is answered


@pytest.mark.parametrize("line", ["Français courant", "français courant", "Deutsch fließend"])
def test_languages_are_asked_for_in_the_postings_words(line: str) -> None:
    (asked,) = extract_requirements("", f"Profil\n- {line}", CATALOG)
    assert (asked.category, asked.level) == ("language", 5)


def test_years_are_asked_about_not_scored() -> None:
    wanted = extract_requirements("", "Requirements\n- 5+ years of experience", CATALOG)
    assert [r.category for r in wanted] == ["years"]
    found = cover(resume(), wanted, CATALOG)
    assert (found.matched, found.missing) == ((), ())
