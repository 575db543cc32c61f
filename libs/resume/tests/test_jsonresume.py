"""JSON Resume: what is accepted, what is refused and how, and what comes out again."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.jsonresume import (
    RESUME_LIMIT_BYTES,
    ResumeInvalidError,
    parse_json_resume,
    to_json_resume,
)

MINIMUM: dict[str, Any] = {"basics": {"name": "Ada Example"}, "work": [{"name": "Acme"}]}
SAMPLE = Path(__file__).parents[4] / "shared" / "samples" / "richard-hendriks.resume.json"


def problems(data: Any) -> list[str]:
    with pytest.raises(ResumeInvalidError) as caught:
        parse_json_resume(data)
    return caught.value.problems


def with_work(**fields: Any) -> dict[str, Any]:
    return {**MINIMUM, "work": [{"name": "Acme", **fields}]}


def test_names_of_the_old_schema_are_taken() -> None:
    resume = parse_json_resume(
        {
            "basics": {"name": "Ada", "picture": "p.png", "website": "https://a.example"},
            "work": [{"company": "Acme", "website": "https://acme.example"}],
            "hobbies": [{"name": "Chess"}],
        }
    )
    assert (resume.basics.image, resume.basics.url) == ("p.png", "https://a.example")
    assert (resume.work[0].name, resume.work[0].url) == ("Acme", "https://acme.example")
    assert resume.interests[0].name == "Chess"


def test_new_name_wins_over_the_old_one() -> None:
    resume = parse_json_resume(with_work(company="Old"))
    assert resume.work[0].name == "Acme"
    assert "company" not in to_json_resume(resume)["work"][0]


def test_present_means_no_end() -> None:
    resume = parse_json_resume(with_work(startDate="2020", endDate="Present"))
    assert (resume.work[0].start_date, resume.work[0].end_date) == ("2020", None)


def test_written_dates_become_iso_without_gaining_precision() -> None:
    resume = parse_json_resume(with_work(startDate="Jan 2020", endDate=2021))
    assert (resume.work[0].start_date, resume.work[0].end_date) == ("2020-01", "2021")


@pytest.mark.parametrize("date", ["2020-13", "2019-02-29", "2020-04-31", "secret text", "20200"])
def test_impossible_date_is_named_by_path_and_not_quoted(date: str) -> None:
    (problem,) = problems(with_work(startDate=date))
    assert problem.startswith("work[0].startDate:")
    assert date not in problem


def test_wrong_type_is_named_by_path_and_not_quoted() -> None:
    found = problems({**MINIMUM, "skills": [{"keywords": "canary-text"}], "awards": {"a": "b"}})
    assert {problem.split(":")[0] for problem in found} == {"skills[0].keywords", "awards"}
    assert "canary" not in str(found)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], "$"),
        ("text", "$"),
        (None, "$"),
        ({"work": [{"name": "Acme"}]}, "basics.name"),
        ({"basics": {"name": " "}, "work": [{"name": "Acme"}]}, "basics.name"),
        ({"basics": {"name": "Ada"}}, "$"),
    ],
)
def test_our_own_minimum_is_required(data: Any, path: str) -> None:
    assert any(problem.startswith(f"{path}:") for problem in problems(data))


def test_document_beyond_the_limit_is_refused() -> None:
    assert "larger than 48 KiB" in problems(with_work(summary="x" * RESUME_LIMIT_BYTES))[0]


def test_document_nested_too_deeply_is_refused() -> None:
    deep: Any = "x"
    for _ in range(5000):
        deep = [deep]
    assert "deeper" in problems({**MINIMUM, "x-deep": deep})[0]


def test_control_characters_and_half_surrogates_are_dropped() -> None:
    resume = parse_json_resume(with_work(summary="a\x00b\ud800c"))
    assert resume.work[0].summary == "abc"


def test_numbers_are_taken_as_text() -> None:
    data = {**MINIMUM, "education": [{"institution": "Uni", "score": 1.3}]}
    assert parse_json_resume(data).education[0].score == "1.3"


def test_unknown_fields_survive_and_strict_drops_ours() -> None:
    data = with_work(id="w1", **{"x-ours": 1, "theirs": "kept"})
    resume = parse_json_resume({**data, "meta": {"x-sections": [], "version": "v1.0.0"}})
    assert to_json_resume(resume)["work"][0]["id"] == "w1"
    strict = to_json_resume(resume, strict=True)
    assert strict["work"][0] == {"name": "Acme", "theirs": "kept"}
    assert strict["meta"] == {"version": "v1.0.0"}
    assert strict["$schema"].endswith("schema.json")


def test_document_nobody_here_wrote_makes_a_round_trip() -> None:
    if not SAMPLE.exists():
        pytest.skip("the sample of the JSON Resume project is not beside the repository")
    data = json.loads(SAMPLE.read_text(encoding="utf-8"))
    data["basics"].pop("image")  # an empty string, which counts as absent
    assert {**to_json_resume(parse_json_resume(data))} == data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "startDate", "highlights", "id", "x-a", "company"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(
        st.sampled_from(["basics", "work", "skills", "education", "meta", "hobbies"]),
        JSON,
        max_size=5,
    )
)
def test_any_json_is_read_or_refused_with_problems(data: dict[str, Any]) -> None:
    try:
        resume = parse_json_resume(data)
    except ResumeInvalidError as error:
        assert error.problems  # noqa: PT017  either outcome is right; each has its own claim
        return
    again = parse_json_resume(to_json_resume(resume))
    assert to_json_resume(again) == to_json_resume(resume)


def test_keys_are_storable_like_values() -> None:
    resume = parse_json_resume({**MINIMUM, "a\x00b": {"\ud800": "kept out", "c\x01": "kept"}})
    assert to_json_resume(resume)["ab"] == {"c": "kept"}


def test_a_document_confirms_no_facts() -> None:
    meta = {"version": "v1", "x-confirmedFacts": [{"id": "1", "skill": "Kafka"}]}
    assert parse_json_resume({**MINIMUM, "meta": meta}).meta == {"version": "v1"}
