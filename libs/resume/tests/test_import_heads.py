"""Heads of entries, and columns, as people write them: places, schools, broken names."""

import pytest

from resume_core.importing import import_resume
from resume_core.importing.columns import Segment, flows_of
from resume_core.model import Work

HEAD = "Ada Moreau\nada@moreau.example\n\n"


def work(text: str) -> list[tuple[str | None, str | None, str | None]]:
    """Employer, title and place of each job of a section."""
    return [(job.name, job.position, job.location) for job in jobs(text)]


def jobs(text: str) -> tuple[Work, ...]:
    return import_resume(f"{HEAD}EXPERIENCE\n{text}".encode(), "cv.txt").resume.work


def test_a_place_no_list_knows_stands_behind_the_employer_s_comma() -> None:
    text = """Fairweather Pumps Ltd, Berlin
Engineer, 2019 - 2021
- Built pumps

Saltmarsh Bakers, Oundle
Manager, 2016 - 2018
- Ran the oven
"""
    assert work(text) == [
        ("Fairweather Pumps Ltd", "Engineer", "Berlin"),
        ("Saltmarsh Bakers", "Manager", "Oundle"),
    ]


def test_a_place_that_was_only_guessed_is_doubted() -> None:
    text = "Saltmarsh Bakers Ltd, Berlin\nManager, 2016 - 2018\n\n"
    text += "Old Mill, Oundle\nCook, 2012 - 2015\n"
    imported = import_resume(f"{HEAD}EXPERIENCE\n{text}".encode(), "cv.txt")
    assert [d.path for d in imported.report.doubts if d.path.endswith("location")] == [
        "work[1].location"
    ]
    sure = {field.path: field.confidence for field in imported.fields}
    assert sure["work[1].location"] == 0.7


@pytest.mark.parametrize("name", ["Old Mill, Search", "Old Mill, 7th Floor", "Mills, Baker & Sons"])
def test_what_is_no_place_is_not_cut_off_where_nothing_else_has_one(name: str) -> None:
    assert work(f"{name}\nCook, 2012 - 2015\n- Cooked\n") == [(name, "Cook", None)]


@pytest.mark.parametrize("sign", [" @ ", ", "])
def test_title_and_employer_on_one_line_leave_the_next_to_the_place(sign: str) -> None:
    text = f"Forklift Driver{sign}Ouse Parcels\nOundle   Mar 2015 - Jan 2018\n- Moved pallets\n"
    assert work(text) == [("Ouse Parcels", "Forklift Driver", "Oundle")]


def test_a_long_bullet_does_not_take_the_head_below_it() -> None:
    text = """Data Engineer, Nordlicht GmbH
2019 - 2021
- Moved the whole warehouse of the company to Go, together with 4 others
Analyst, Sund AB
2016 - 2018
- Counted ships
"""
    assert work(text) == [
        ("Nordlicht GmbH", "Data Engineer", None),
        ("Sund AB", "Analyst", None),
    ]
    assert jobs(text)[0].highlights == (
        "Moved the whole warehouse of the company to Go, together with 4 others",
    )


def test_a_long_bullet_still_goes_on_in_the_next_line() -> None:
    text = """Data Engineer, Nordlicht GmbH
2019 - 2021
- Moved the whole warehouse of the company from Teradata, together with
Analysts of four countries, to Go
"""
    assert len(jobs(text)) == 1
    assert jobs(text)[0].highlights[0].endswith("Analysts of four countries, to Go")


@pytest.mark.parametrize(
    ("line", "school", "degree", "area"),
    [
        ("Kolegium Morskie, Magister in Nautyka, 2015", "Kolegium Morskie", "Magister", "Nautyka"),
        ("Physics, Master of Science, 2015", None, None, None),
    ],
)
def test_a_school_that_no_word_marks_stands_before_its_degree(
    line: str, school: str | None, degree: str | None, area: str | None
) -> None:
    text = f"{HEAD}EXPERIENCE\nCook, Old Mill Ltd\n2012 - 2015\n\nEDUCATION\n{line}\n"
    (read,) = import_resume(text.encode(), "cv.txt").resume.education
    if school is None:
        assert read.institution != "Physics"
    else:
        assert (read.institution, read.study_type, read.area) == (school, degree, area)


def segment(text: str, x0: float, y: float) -> Segment:
    wide = x0 + 5 * len(text)
    return Segment(text, False, x0, x0, wide, y, 10.0, False, False, 595.0)


def column(x0: float, texts: list[str], step: float) -> list[Segment]:
    return [segment(text, x0, 100 + step * number) for number, text in enumerate(texts)]


def test_two_short_columns_are_told_by_their_headings() -> None:
    left = ["CONTACT", "ada@moreau.example", "SKILLS", "Go", "SQL", "Excel", "Word"]
    right = ["EXPERIENCE", "Engineer", "Nordlicht GmbH", "2019 - 2021", "Moved the warehouse"]
    page = [*column(50, left, 12), *column(220, right, 13)]
    _, columns = flows_of([page])
    assert columns == 2
    plain = [*column(50, ["Notes", *left[1:]], 12), *column(220, ["Other", *right[1:]], 13)]
    assert flows_of([plain])[1] == 1


@pytest.mark.parametrize(
    "line",
    [
        "Jan 2020 to date: Analyst, Acme Ltd",
        "Analyst, Acme Ltd: Jan 2020 - present",
        "Analyst, Acme Ltd   gennaio 2020 - presente",
        "Analyst, Acme Ltd   janeiro de 2020 - presente",
        "Analyst, Acme Ltd   stycznia 2020 - obecnie",
    ],
)
def test_nothing_of_a_date_is_left_in_a_head(line: str) -> None:
    (job,) = jobs(f"{line}\n- Counted parcels\n")
    assert (job.name, job.position, job.start_date, job.end_date) == (
        "Acme Ltd",
        "Analyst",
        "2020-01",
        None,
    )
