"""Heads of entries, and columns, as people write them: places, schools, broken names."""

import pytest

from resume_core.importing import import_resume
from resume_core.importing.columns import Segment, flows_of
from resume_core.model import Work

JOB = "Cook, Old Mill Ltd\n2012 - 2015\n- Cooked for forty\n"
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
        ("Kolegium Morskie, BNaut in Boats, 2015", "Kolegium Morskie", "BNaut", "Boats"),
        (
            "Segelpatent in Nautik, Kolegium Morskie, 2015",
            "Kolegium Morskie",
            "Segelpatent",
            "Nautik",
        ),
        (
            "Diplôme d'Armateur in Nautique, Kolegium Morskie, 2015",
            "Kolegium Morskie",
            "Diplôme d'Armateur",
            "Nautique",
        ),
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


def test_a_narrow_column_of_skills_is_told_by_its_heading() -> None:
    bullet = "Moved a whole warehouse of pumps and valves over the river in the spring"
    left = ["Ada Moreau", "EXPERIENCE", "2019 - 2021", "Engineer, Nordlicht GmbH", *[bullet] * 10]
    right = ["ada@moreau.example", "SKILLS", "Go", "SQL", "Word"]
    page = [*column(50, left, 13), *column(430, right, 12)]
    flows, columns = flows_of([page])
    assert columns == 2
    assert [[s.text for s in page] for flow in flows for page in flow if "Go" in str(page)] == [
        right
    ]
    plain = [*column(50, left, 13), *column(430, ["Note", "Other", *right[2:]], 12)]
    assert flows_of([plain])[1] == 1


def test_a_name_may_stand_in_two_scripts() -> None:
    text = f"王小明 (Xiaoming Wang)\nx@wang.example\n\nEXPERIENCE\n{JOB}"
    read = import_resume(text.encode(), "cv.txt").resume
    assert read.basics.name == "王小明 (Xiaoming Wang)"


@pytest.mark.parametrize(
    ("heading", "is_work"),
    [("Mis años laborales", True), ("Aventuras", False)],
)
def test_an_unknown_heading_of_work_has_spans_and_bullets(heading: str, *, is_work: bool) -> None:
    school = f"{HEAD}Education\n---------\nOld School, 2015\n\n"
    text = f"{school}{heading}\n-----\n{JOB}"
    read = import_resume(text.encode(), "cv.txt").resume
    assert bool(read.work) is is_work
    listed = f"{school}{heading}\n-----\nGuild of Cooks\n"
    assert not import_resume(listed.encode(), "cv.txt").resume.work


@pytest.mark.parametrize(
    ("head", "read"),
    [
        ("Wheelwright, Oak & Ash, Oundle\n2012 - 2015", ("Oak & Ash", "Wheelwright", "Oundle")),
        ("Oak House - Oundle\nWheelwright (2012 - 2015)", ("Oak House", "Wheelwright", "Oundle")),
    ],
)
def test_where_no_word_tells_the_rows_do(head: str, read: tuple[str, str, str]) -> None:
    (job,) = jobs(f"{head}\n- Mended carts\n")
    assert (job.name, job.position) == read[:2]


def test_places_behind_every_employer_are_a_habit() -> None:
    text = "Oak House, Oundle\nWheelwright, 2012 - 2015\n- Mended carts\n\n"
    text += "Elm House, Thrapston\nWainwright, 2008 - 2011\n- Mended wains\n"
    assert [(name, place) for name, _, place in work(text)] == [
        ("Oak House", "Oundle"),
        ("Elm House", "Thrapston"),
    ]


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
