from resume_core.coverage import cover
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


def test_years_are_asked_about_not_scored() -> None:
    wanted = extract_requirements("", "Requirements\n- 5+ years of experience", CATALOG)
    assert [r.category for r in wanted] == ["years"]
    found = cover(resume(), wanted, CATALOG)
    assert (found.matched, found.missing) == ((), ())
