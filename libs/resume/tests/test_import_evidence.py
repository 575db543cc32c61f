"""Each imported field's spans say what the field says, whatever it was read from."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.dates import find_spans, parse_date
from resume_core.importing import ImportedResume, import_resume
from resume_core.importing.confidence import rule_of
from resume_core.importing.evidence import SpanFinder, leaves_of, squash
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume

from .documents import LAYOUTS, PEOPLE
from .test_import_accuracy import labelled

DATES = {"startDate", "endDate", "date", "releaseDate"}
TEXT = """Ada Moreau
ada@moreau.example

EXPERIENCE
Data Engineer, Nordlicht GmbH, Kiel
2019 - 2021
- Moved the ware-
house to Go and Google Cloud
- Moved the same again

Data Engineer, Sund AB
2021 - present
- Moved the same again

EDUCATION
BSc Physics, Kiel University, 2019
"""


def unexplained(imported: ImportedResume) -> list[str]:
    """The fields whose spans do not say what the field says."""
    values = {leaf.path: leaf for leaf in leaves_of(to_json_resume(imported.resume))}
    assert sorted(field.path for field in imported.fields) == sorted(values)
    wrong = []
    for field in imported.fields:
        leaf = values[field.path]
        said = " ".join(imported.text[start:end] for start, end in field.spans)
        if leaf.name in DATES:
            right = any(leaf.value in (span.start, span.end) for span in find_spans(said))
        elif field.spans:
            right = squash(said) in {
                squash(leaf.value),
                squash(leaf.value.removeprefix("https://")),
                squash(leaf.value.replace(";", "")),
            }
        else:
            right = field.rule in {"derived", "link"} and field.confidence <= 0.9
        if not right:
            wrong.append(field.path)
    return wrong


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_is_what_its_spans_say(layout: str) -> None:
    filename, draw = LAYOUTS[layout]
    for person in labelled():
        imported = import_resume(draw(person), filename)
        assert unexplained(imported) == []
        missing = [field.path for field in imported.fields if not field.spans]
        assert [path for path in missing if not path.startswith("meta.")] == []


def test_json_resume_is_explained_by_the_file_itself() -> None:
    document = {
        "basics": {"name": "  Zoë Ærø ", "email": "", "website": "https://zoe.example"},
        "work": [
            {"company": "", "position": ""},
            {"company": 'The "Inn"\u00e9', "startDate": "March 2020", "endDate": "now"},
        ],
        "skills": [{"name": "Go"}, {"name": "Go"}],
    }
    text = json.dumps(document, indent=2)
    imported = import_resume(text.encode(), "cv.json")
    values = {leaf.path: leaf.value for leaf in leaves_of(to_json_resume(imported.resume))}
    for field in imported.fields:
        for start, end in field.spans:
            said = json.loads(f'"{text[start:end]}"')
            assert values[field.path] in (said, parse_date(said))
    told = {field.path: field for field in imported.fields}
    assert told["work[1].name"].line == text[: text.index("Inn")].count("\n") + 1
    assert {field.path for field in imported.fields if not field.spans} == {"basics.name"}
    assert all(field.confidence == 1.0 for field in imported.fields)


def test_equal_lines_are_told_apart_by_their_entry() -> None:
    imported = import_resume(TEXT.encode(), "cv.txt")
    assert unexplained(imported) == []
    told = {field.path: field for field in imported.fields}
    lines = TEXT.replace("\n\n", "\n").split("\n")
    assert imported.text.split("\n")[3] == lines[3]
    assert told["work[0].position"].line == 4
    assert told["work[1].position"].line == 9
    assert told["work[0].highlights[1]"].line == 8
    assert told["work[1].highlights[0]"].line == 11
    assert told["work[1].startDate"].line == 10


def test_confidence_is_the_rule_s_and_at_most_the_doubt_s() -> None:
    imported = import_resume(TEXT.encode(), "cv.txt")
    told = {field.path: field for field in imported.fields}
    for doubt in imported.report.doubts:
        of_it = [f for path, f in told.items() if path.startswith(doubt.path)]
        assert all(field.confidence <= doubt.confidence for field in of_it)
    assert told["basics.email"].confidence == rule_of("basics.email")[1]
    assert imported == import_resume(TEXT.encode(), "cv.txt")


def test_page_and_line_of_a_pdf() -> None:
    filename, draw = LAYOUTS["pdf, one column"]
    long = with_bullets(70)
    imported = import_resume(draw(long), filename)
    pages = [field.page for field in imported.fields if "highlights" in field.path]
    assert set(pages) == {1, 2}
    assert pages == sorted(page or 0 for page in pages)


def with_bullets(count: int) -> Resume:
    person = PEOPLE[0]
    lines = tuple(f"Answered letter number {number} of the day" for number in range(count))
    work = person.work[0].model_copy(update={"highlights": lines})
    return person.model_copy(update={"work": (work,)})


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=40))
def test_what_is_found_is_what_was_looked_for(before: str, value: str, after: str) -> None:
    text = f"{before}\n{value}\n{after}"
    found = SpanFinder(text).find(value, (0, len(text)), whole_words=False)
    assert (found is None) == (not squash(value))
    if found is not None:
        assert squash(value) in squash(text[found[0] : found[1]])
