import pytest

from resume_core.requirements import (
    MAX_REQUIREMENTS,
    Requirement,
    RequirementKind,
    extract_requirements,
)

from .truth_samples import CATALOG

POSTING = """About us
We use Java at our company picnic.

What you'll do
- Run services on AWS

Requirements
- 5+ years of experience with Python
- Postgres required; Kafka is a plus
- Bachelor's degree in Computer Science
- Fluent English

Nice to have:
- Terraform
- German

Benefits
- Excel courses
"""


def asked(text: str, title: str = "") -> dict[str, Requirement]:
    found = extract_requirements(title, text, CATALOG)
    return {r.skill or r.text: r for r in found}


def test_requirements_follow_headings_and_wording() -> None:
    found = asked(POSTING)
    musts = {name for name, r in found.items() if r.kind is RequirementKind.MUST}
    assert musts == {
        "Python",
        "PostgreSQL",
        "5+ years of experience",
        "Bachelor's degree in Computer Science",
        "English",
    }
    assert {name for name in found if name not in musts} == {
        "AWS",
        "Apache Kafka",
        "Terraform",
        "German",
    }
    assert all(r.weight == (3 if r.kind is RequirementKind.MUST else 1) for r in found.values())


def test_requirements_quote_the_posting() -> None:
    for requirement in asked(POSTING).values():
        assert POSTING[requirement.start : requirement.end].strip() == requirement.text


def test_requirement_ids_depend_on_what_is_asked_alone() -> None:
    one, two = asked("Requirements\n- Postgres"), asked("You have:\n- Kafka\n- PostgreSQL")
    assert one["PostgreSQL"].id == two["PostgreSQL"].id


@pytest.mark.parametrize(
    "text",
    [
        "Anforderungen\n- Kubernetes\nVon Vorteil\n- Terraform",
        "Votre profil\n- Kubernetes\nAtouts\n- Terraform",
        "Requisitos\n- Kubernetes\nDeseable\n- Terraform",
        "## Must have\n* Kubernetes\n## Bonus points\n* Terraform",
        "You must know Kubernetes. Terraform would be a plus.",
    ],
)
def test_requirements_know_headings_of_several_languages(text: str) -> None:
    found = asked(text)
    assert found["Kubernetes"].kind is RequirementKind.MUST
    assert found["Terraform"].kind is RequirementKind.PREFERRED


def test_requirement_named_twice_keeps_the_stronger_wish() -> None:
    found = asked("Nice to have\n- Docker\nRequirements\n- Docker")
    assert found["Docker"].kind is RequirementKind.MUST


def test_title_counts_as_a_must() -> None:
    requirement = asked("", title="Python Developer")["Python"]
    assert (requirement.kind, requirement.start) == (RequirementKind.MUST, -1)


def test_requirements_are_capped_with_musts_first() -> None:
    names = [s for s in CATALOG.skills if "," not in s][:80]
    text = "Nice to have\n- " + "\n- ".join(names[:60]) + "\nRequirements\n- Welding\n- Nursing"
    found = extract_requirements("", text, CATALOG)
    assert len(found) == MAX_REQUIREMENTS
    assert {r.skill for r in found[:2]} == {"Welding", "Nursing"}


def test_requirements_are_the_same_every_time() -> None:
    assert extract_requirements("", POSTING, CATALOG) == extract_requirements("", POSTING, CATALOG)


@pytest.mark.parametrize(
    "unit", ["a", "1 ", "years ", "- Python\n", ".", "Requirements:\n", "\u00e9"]
)
def test_requirements_of_a_hostile_posting_stay_quick(unit: str) -> None:
    text = unit * (24_000 // len(unit))
    assert len(extract_requirements("", text, CATALOG)) <= MAX_REQUIREMENTS
