"""How right an import is: field F1 per layout over labelled resumes, with floors.

`documents` draws the labelled people in nine layouts. `labelled/` holds files of other make: pages
printed by a browser (side column, profile export, newspaper columns, German table, justified text),
Word tables, and plain texts of several habits. The rules have been corrected by all of them, so
the floors guard what was learnt; they do not estimate how a stranger's file will do.
"""

import json
from pathlib import Path

import pytest

from resume_core.importing import import_resume
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Resume

from .documents import LAYOUTS, PEOPLE
from .scoring import FIELDS, f1

HERE = Path(__file__).parent
OTHERS = sorted((HERE / "truth").glob("*.json"))
STRANGER = Path(__file__).parents[4] / "shared" / "samples" / "john-doe-rendercv-classic.pdf"
#: What the rules reach today, rounded down; a change that falls below has cost somebody a field.
FLOOR = dict.fromkeys(FIELDS, 0.98) | {"area": 0.95, "degree": 0.95}


def labelled() -> list[Resume]:
    """The people of this folder, and those that were written to test the truth gate."""
    others = [json.loads(path.read_text(encoding="utf-8"))["resume"] for path in OTHERS]
    return [*PEOPLE, *map(parse_json_resume, others)]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_import_reads_layout(layout: str) -> None:
    filename, draw = LAYOUTS[layout]
    pairs = [(person, import_resume(draw(person), filename).resume) for person in labelled()]
    scores = {field: f1(pairs, field) for field in FIELDS}
    assert {field: score for field, score in scores.items() if score < FLOOR[field]} == {}


def test_import_reads_labelled_files() -> None:
    labels = json.loads((HERE / "labelled" / "labels.json").read_text(encoding="utf-8"))
    pairs = [
        (
            parse_json_resume(label),
            import_resume((HERE / "labelled" / name).read_bytes(), name).resume,
        )
        for name, label in labels.items()
    ]
    scores = {field: f1(pairs, field) for field in FIELDS}
    assert len(pairs) >= 13
    assert {field: score for field, score in scores.items() if score < FLOOR[field]} == {}


def test_import_counts_columns() -> None:
    filename, draw = LAYOUTS["pdf, two columns"]
    assert import_resume(draw(PEOPLE[0]), filename).report.columns == 2
    filename, draw = LAYOUTS["pdf, dates left"]
    assert import_resume(draw(PEOPLE[0]), filename).report.columns == 1


def test_import_reads_a_document_nobody_here_wrote() -> None:
    if not STRANGER.exists():
        pytest.skip("the sample of the RenderCV project is not beside the repository")
    imported = import_resume(STRANGER.read_bytes(), "cv")
    work = [(job.name, job.position, job.start_date, job.end_date) for job in imported.resume.work]
    assert imported.resume.basics.name == "John Doe"
    assert work == [
        ("Nexus AI", "Co-Founder & CTO", "2023-06", None),
        ("NVIDIA Research", "Research Intern", "2022-05", "2022-08"),
        ("Google DeepMind", "Research Intern", "2021-05", "2021-08"),
        ("Apple ML Research", "Research Intern", "2020-05", "2020-08"),
        ("Microsoft Research", "Research Intern", "2019-05", "2019-08"),
    ]
    assert [(e.study_type, e.area, e.institution) for e in imported.resume.education] == [
        ("PhD", "Computer Science", "Princeton University"),
        ("BS", "Computer Engineering", "Boğaziçi University"),
    ]
    assert imported.report.pages == 2
    assert "Efficient" in imported.text
