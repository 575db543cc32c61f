"""Our own import reads our own documents: who, where, what and when, without a mistake."""

import json
from pathlib import Path
from typing import Any

import pytest

from resume_core.importing import import_resume
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Resume
from resume_documents import TEMPLATES, Options, produce

PEOPLE = [
    parse_json_resume(person)
    for person in json.loads(
        (Path(__file__).parents[3] / "resume" / "tests" / "people.json").read_text("utf-8")
    )
]


def identity(resume: Resume) -> dict[str, Any]:
    """What must not be wrong."""
    return {
        "basics": (resume.basics.name, resume.basics.email, resume.basics.phone),
        "work": [(e.name, e.position, e.start_date, e.end_date) for e in resume.work],
        "bullets": [e.highlights for e in resume.work],
        "education": [
            (e.institution, e.study_type, e.area, e.start_date, e.end_date)
            for e in resume.education
        ],
    }


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.basics.name)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_identity_survives_a_round_trip(form: str, template: str, person: Resume) -> None:
    data = produce(person, Options(form, template))  # type: ignore[arg-type]  # one of them
    assert identity(import_resume(data, f"cv.{form}").resume) == identity(person)


@pytest.mark.parametrize("language", ["de", "fr", "es", "it", "pt", "nl", "pl", "tr"])
def test_headings_of_every_language_are_read(language: str) -> None:
    person = PEOPLE[0]
    data = produce(person, Options("pdf", language=language))
    assert identity(import_resume(data, "cv.pdf").resume) == identity(person)
