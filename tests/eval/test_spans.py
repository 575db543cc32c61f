"""Every field that is imported of the golden set is what its spans in the text say."""

import pytest
from libs.resume.tests.documents import LAYOUTS
from libs.resume.tests.test_import_evidence import unexplained
from tests.eval.golden import Person, load_people
from tests.eval.roundtrip import exports

from resume_core.importing import import_resume

PEOPLE = load_people()


def is_western(person: Person) -> bool:
    """Whether the font of the drawn layouts has all letters of a resume."""
    text = person.resume.model_dump_json()
    return text.encode("cp1252", errors="ignore").decode("cp1252") == text


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_every_field_is_what_its_spans_say(person: Person) -> None:
    exported = [
        (name, draw) for layout, (name, draw) in exports().items() if "modern" not in layout
    ]
    drawn = {
        f"{name}: ours, {number}": draw(person) for number, (name, draw) in enumerate(exported)
    }
    for layout, (name, draw) in LAYOUTS.items():
        if not name.endswith(".pdf") or is_western(person):
            drawn[f"{name}: {layout}"] = draw(person.resume)
    for where, data in drawn.items():
        name = where.partition(":")[0]
        if not name.endswith(".json"):
            assert unexplained(import_resume(data, name)) == [], where
