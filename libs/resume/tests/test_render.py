"""Rendering: nothing left out, markup inert, and readable by our own import."""

import re

import pytest

from resume_core.importing import import_resume
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Resume
from resume_core.render import to_markdown, to_text

from .documents import PEOPLE
from .scoring import FIELDS, f1

FULL = parse_json_resume(
    {
        "basics": {
            "name": "Ada Example",
            "label": "Engineer",
            "email": "ada@example.com",
            "summary": "First line.\nSecond line.",
            "location": {"city": "Kiel", "countryCode": "DE"},
            "profiles": [{"network": "GitHub", "username": "ada-example"}],
        },
        "work": [
            {
                "name": "Acme",
                "position": "Developer",
                "startDate": "2020-01",
                "highlights": ["Wrote *stars* and [links](https://x.example)", "# not a heading"],
            }
        ],
        "volunteer": [{"organization": "Shelter", "position": "Cook", "endDate": "2019"}],
        "education": [
            {
                "institution": "Uni Kiel",
                "studyType": "BSc",
                "area": "Physics",
                "endDate": "2015",
                "score": "1.7",
                "courses": ["Optics"],
                "x-notes": ["Thesis on lenses"],
            }
        ],
        "awards": [
            {"title": "Prize", "awarder": "City", "date": "2021-05-02", "summary": "For it."}
        ],
        "certificates": [{"name": "CKA", "issuer": "CNCF", "date": "2022"}],
        "publications": [{"name": "Paper", "publisher": "Press", "releaseDate": "2018"}],
        "skills": [{"name": "Data", "level": "Expert", "keywords": ["C++", "C#", "node_js"]}],
        "languages": [{"language": "German", "fluency": "Native"}],
        "interests": [{"name": "Sport", "keywords": ["Rowing"]}],
        "references": [{"name": "Bob", "reference": "Good."}],
        "projects": [
            {
                "name": "Lens",
                "roles": ["Lead"],
                "keywords": ["Rust"],
                "entity": "Uni",
                "description": "D",
            }
        ],
        "meta": {"x-sections": [{"title": "Patents", "lines": ["US 123"]}]},
    }
)
SAID = (
    "Ada Example|Engineer|ada@example.com|First line.|Second line.|Kiel, DE|GitHub: ada-example|"
    "Developer|Acme|Jan 2020|Present|Cook|Shelter|until 2019|BSc in Physics|Uni Kiel|1.7|Optics|"
    "Thesis on lenses|Prize|City|2 May 2021|For it.|CKA|CNCF|Paper|Press|2018|Data|Expert|C++, C#|"
    "German|Native|Rowing|Bob|Good.|Lens|Lead|Rust|Patents|US 123"
)


@pytest.mark.parametrize("said", SAID.split("|"))
def test_rendering_leaves_nothing_out(said: str) -> None:
    plain = to_text(FULL)
    assert said.casefold() in plain.casefold()
    unescaped = re.sub(r"\\([^\w\s])", r"\1", to_markdown(FULL))
    assert said in unescaped


def test_markdown_of_the_text_itself_is_inert() -> None:
    rendered = to_markdown(FULL)
    assert r"\*stars\*" in rendered
    assert r"\[links\]" in rendered
    assert r"- \# not a heading" in rendered
    assert "node_js" in rendered  # inside a word it is no markup


def test_html_in_the_text_is_escaped() -> None:
    resume = Resume.model_validate({"basics": {"name": "<script>alert(1)</script>"}})
    assert "<script>" not in to_markdown(resume)


@pytest.mark.parametrize(("render", "name"), [(to_text, "cv.txt"), (to_markdown, "cv.md")])
def test_rendering_reads_back(render: object, name: str) -> None:
    assert callable(render)
    pairs = [(person, import_resume(render(person).encode(), name).resume) for person in PEOPLE]
    assert {field: f1(pairs, field) for field in FIELDS} == dict.fromkeys(FIELDS, 1.0)


def test_rendering_is_deterministic() -> None:
    assert to_markdown(FULL) == to_markdown(FULL.model_copy(deep=True))
