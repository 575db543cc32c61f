from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from extract_svc.jsonld import SeveralPostingsError, posting_from_json_ld
from resume_contracts.facts import Posting, Source

from .making import NOW, PROSE, URL, job, json_ld


def read(markup: str, *, url: str = URL) -> Posting | None:
    return posting_from_json_ld(LexborHTMLParser(markup), minimum=200, url=url, now=NOW)


def read_job(**others: Any) -> Posting:
    posting = read(json_ld(job(**others)))
    assert posting is not None
    return posting


def value(posting: Posting, name: str) -> str | None:
    field = getattr(posting, name)
    return field.value if field is not None else None


@pytest.mark.parametrize(
    "markup",
    [
        json_ld(job()),
        json_ld({"@type": "Organization"}, job()),
        json_ld({"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, job()]}),
        json_ld({"@type": "WebPage", "mainEntity": job()}),
        json_ld(job(**{"@type": ["JobPosting", "Thing"]})),
        json_ld(job(**{"@type": "https://schema.org/JobPosting"})),
        json_ld(job()) + json_ld(job()),
        '<script type="application/ld+json">{broken</script>' + json_ld(job()),
        f'<script type="application/ld+json">{"[" * 100_000}</script>' + json_ld(job()),
        json_ld(job()).replace("ld+json", "LD+JSON; charset=utf-8"),
    ],
)
def test_the_one_posting_of_a_page_is_found(markup: str) -> None:
    posting = read(markup)

    assert posting is not None
    assert posting.route is Source.JSON_LD
    assert value(posting, "title") == "Backend Engineer"
    assert value(posting, "company") == "Northwind"
    assert posting.text.startswith("We move parcels")
    assert "\n- Python" in posting.text


@pytest.mark.parametrize(
    "markup",
    [
        "",
        json_ld(job(title="")),
        json_ld(job(title=None)),
        json_ld(job(description="Apply now!")),
        json_ld(job(description={"@value": PROSE})),
        json_ld({"@type": "Organization", "name": "Northwind"}),
        json_ld("text", 7, None, [[]]),
        '<script type="application/ld+json"></script>',
        f'<script type="application/json">{PROSE}</script>',
    ],
)
def test_what_states_no_posting_is_none(markup: str) -> None:
    assert read(markup) is None


SEVERAL = json_ld(job(url="/1"), job(url="https://jobs.example/2/", title="Frontend Engineer"))


def test_several_postings_are_the_users_to_choose_from() -> None:
    with pytest.raises(SeveralPostingsError):
        read(SEVERAL, url="https://jobs.example/")


@pytest.mark.parametrize(
    ("markup", "url", "title"),
    [
        (SEVERAL, "https://jobs.example/2#apply", "Frontend Engineer"),
        (SEVERAL, "https://jobs.example/1", "Backend Engineer"),
        (f"<h1>Frontend  Engineer</h1>{SEVERAL}", "https://jobs.example/", "Frontend Engineer"),
    ],
)
def test_of_several_postings_the_pages_own_is_read(markup: str, url: str, title: str) -> None:
    posting = read(markup, url=url)
    assert posting is not None
    assert value(posting, "title") == title


@pytest.mark.parametrize(
    ("valid_through", "is_expired"),
    [
        ("2026-11-23T23:59:59Z", True),
        ("2026-11-24T11:59:00+00:00", True),
        ("2026-11-24T13:00:00+02:00", True),
        ("2026-11-24", False),
        ("2026-11-23", False),  # still that day where clocks are last
        ("2026-11-22", True),
        ("2026-11-30T00:00", False),
        ("next week", False),
        ("9999-12-31", False),
        (None, False),
    ],
)
def test_posting_past_its_end_is_read_and_flagged(
    valid_through: str | None, *, is_expired: bool
) -> None:
    posting = read_job(validThrough=valid_through)
    assert posting.expired is is_expired
    assert value(posting, "valid_through") == valid_through


def test_description_with_escaped_tags_is_read_as_html() -> None:
    posting = read_job(
        description=f"&lt;p&gt;{PROSE}&lt;/p&gt;&lt;li&gt;C &amp;amp; C++&lt;/li&gt;"
    )
    assert "<" not in posting.text
    assert "- C & C++" in posting.text


def test_description_in_plain_text_keeps_its_lines() -> None:
    posting = read_job(description=f"Must have:\nPython\nR&amp;D\n{PROSE}")
    assert posting.text.splitlines()[:3] == ["Must have:", "Python", "R&D"]


def test_description_hides_nothing() -> None:
    posting = read_job(description=f"<p>{PROSE}</p><p style='display:none'>Hire me at once</p>")
    assert posting.hidden_removed == 1
    assert "Hire me" not in posting.text


@pytest.mark.parametrize(
    ("others", "name", "expected"),
    [
        ({"title": "R&amp;D \u200bLead\nEngineer\x00"}, "title", "R&D Lead Engineer"),
        ({"title": "x" * 1000}, "title", "x" * 300),
        ({"hiringOrganization": "Northwind &amp; Sons"}, "company", "Northwind & Sons"),
        ({"hiringOrganization": [1]}, "company", "1"),
        ({"hiringOrganization": {"name": None}}, "company", None),
        ({"employmentType": ["FULL_TIME", "PART_TIME"]}, "employment_type", "FULL_TIME, PART_TIME"),
        ({"employmentType": True}, "employment_type", None),
        ({"jobLocationType": "TELECOMMUTE"}, "location", "Remote"),
        ({"jobLocation": "Leeds"}, "location", "Leeds"),
        (
            {
                "jobLocation": [
                    {"address": {"addressLocality": "Bonn", "addressCountry": {"name": "DE"}}},
                    {"address": "Leeds"},
                    {"address": "Leeds"},
                    7.5,
                    None,
                ]
            },
            "location",
            "Bonn, DE; Leeds; 7.5",
        ),
        ({"datePosted": "2026-11-01"}, "date_posted", "2026-11-01"),
        ({"baseSalary": {"currency": "EUR", "value": 50000}}, "salary", "50000 EUR"),
        ({"baseSalary": {"currency": "EUR", "value": None}}, "salary", None),
        (
            {
                "baseSalary": {
                    "currency": "EUR",
                    "value": {"minValue": 50, "maxValue": 60, "unitText": "HOUR"},
                }
            },
            "salary",
            "50-60 EUR per hour",
        ),
        ({"baseSalary": {"value": {"value": 9}}}, "salary", "9"),
        ({"baseSalary": {"value": {"unitText": "HOUR"}}}, "salary", None),
        ({"baseSalary": "a lot"}, "salary", None),
    ],
)
def test_field_is_only_what_was_stated(
    others: dict[str, Any], name: str, expected: str | None
) -> None:
    assert value(read_job(**others), name) == expected


def test_lone_surrogate_does_not_break_the_posting() -> None:
    script = json_ld(job()).replace("Backend Engineer", "Backend \\ud800Engineer")
    posting = read(script)
    assert posting is not None
    assert "Backend Engineer" in posting.model_dump_json()
