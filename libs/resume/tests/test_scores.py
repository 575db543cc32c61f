"""The two scores: every point explained, the same bytes every time, no language preferred."""

import json
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.coverage import cover
from resume_core.gaps import find_gaps
from resume_core.grounding import TONGUES
from resume_core.languages import LANGUAGES, language_of
from resume_core.model import Resume
from resume_core.questions import question_about, question_id
from resume_core.requirements import Requirement, RequirementKind, extract_requirements
from resume_core.scores import (
    SCORES_VERSION,
    Score,
    match_score,
    readability_score,
    score_tailored,
)
from resume_core.scores.match import shares
from resume_core.scores.readability import columns
from resume_core.scores.reasons import REASONS
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result

from .truth_samples import BACKEND, CATALOG, LOADED, Sample

POSTING = """Platform Engineer
Requirements:
- Kubernetes
- PostgreSQL
- 5 years of experience
Nice to have:
- Terraform
"""


def person(**fields: Any) -> Resume:
    """A resume that reads well, with changes."""
    return Resume.model_validate(
        {
            "basics": {
                "name": "Ada Example",
                "email": "ada@example.org",
                "phone": "+49 30 1234567",
                "location": {"city": "Berlin"},
                "summary": "Engineer who keeps clusters and their databases running day and night.",
            },
            "work": [
                {
                    "id": "w1",
                    "name": "Engines Ltd",
                    "position": "Engineer",
                    "startDate": "2020-01",
                    "highlights": [
                        f"Moved service number {n} of many to another cluster without downtime"
                        for n in range(3, 8)
                    ],
                },
                {
                    "id": "w2",
                    "name": "Motors",
                    "position": "Engineer",
                    "startDate": "2016-03",
                    "endDate": "2019-12",
                    "highlights": [
                        "Kept the databases of the whole company running day and night",
                        "Wrote the tools with which the others keep their databases running",
                    ],
                },
            ],
            "education": [{"id": "e1", "institution": "TU", "endDate": "2015"}],
            "skills": [{"id": "s1", "name": "Tools", "keywords": ["Kubernetes", "Postgres"]}],
        }
        | fields
    )


def by_rule(score: Score) -> dict[str, int]:
    return {p.rule: p.points for p in score.points}


def test_readability_of_a_resume_that_reads_well_is_a_hundred() -> None:
    score = readability_score(person())
    assert [p for p in score.points if p.points < p.of] == []
    assert score.value == sum(p.of for p in score.points) == 100


@pytest.mark.parametrize(
    ("fields", "rule", "where"),
    [
        ({"basics": {"name": "Ada", "email": "nowhere"}}, "contact_email", ()),
        ({"work": [{"id": "w", "startDate": "2020-13-01"}]}, "dates_parse", ("w",)),
        (
            {"work": [{"id": "w", "startDate": "2020", "endDate": "2019"}]},
            "dates_parse",
            ("w",),
        ),
        (
            {"work": [{"id": "a", "startDate": "2010"}, {"id": "b", "startDate": "2020"}]},
            "dates_newest_first",
            ("b",),
        ),
        ({"meta": {"x-sections": [{"title": "Odd", "lines": []}]}}, "sections_standard", ()),
        ({"work": [{"id": "w", "highlights": ["a | b | c", "x" * 30]}]}, "plain_text", ("w",)),
        ({"work": [{"id": "w", "highlights": ["\ue0b0 icon" * 5]}]}, "plain_text", ("w",)),
        ({"work": [{"id": "w", "name": "Engines"}]}, "entries_told", ("w",)),
        (
            {"work": [{"id": "w", "highlights": [str(n) for n in range(9)]}]},
            "entries_short",
            ("w",),
        ),
        ({"skills": []}, "section_skills", ()),
        ({"education": []}, "section_education", ()),
    ],
)
def test_readability_points_to_what_costs_points(
    fields: dict[str, Any], rule: str, where: tuple[str, ...]
) -> None:
    point = next(p for p in readability_score(person(**fields)).points if p.rule == rule)
    assert point.points < point.of
    assert point.where == where
    assert point.why


def test_readability_names_the_lines_that_are_too_long_or_said_twice() -> None:
    twice = ["Kept the databases running day and night"] * 2
    lines = ["x " * 200, *twice]
    score = readability_score(person(work=[{"id": "w", "highlights": lines}]))
    wrong = {p.rule: len(p.where) for p in score.points if p.rule.startswith("lines_")}
    assert wrong == {"lines_length": 1, "lines_once": 2, "lines_quantified": 3}


@pytest.mark.parametrize(
    "lines",
    [
        ["Betreuung von 40 Auszubildenden im Bereich Zerspanungsmechanik und Fertigung"],
        ["Encadrement de 40 apprentis dans le domaine de l\u2019usinage et de la fabrication"],
        ["Formación de 40 aprendices en el área de mecanizado y de la fabricación"],
        ["\u6307\u5c0e\u4e8640\u540d\u5b66\u751f\u5e76\u6539\u5584\u4e86\u8bfe\u7a0b\u8d28\u91cf"],
        ["تدريب ٤٠ متدربا في مجال التصنيع والتشغيل وتحسين الجودة"],
    ],
)
def test_readability_knows_no_language(lines: list[str]) -> None:
    """The same resume in another language gets the same points for its lines."""
    work = [{"id": "w", "startDate": "2020", "highlights": [*lines, lines[0] + " 2"]}]
    points = by_rule(readability_score(person(work=work)))
    assert (points["lines_length"], points["lines_quantified"]) == (12, 10)
    assert (points["lines_once"], points["entries_told"], points["plain_text"]) == (2, 6, 6)


def test_columns_count_wide_characters_twice() -> None:
    assert columns("abc") == 3
    assert columns("\u6307\u5c0e") == 4


def requirement(name: str, weight: int) -> Requirement:
    kind = RequirementKind.MUST if weight == 3 else RequirementKind.PREFERRED
    return extract_requirements("", name, CATALOG)[0].model_copy(
        update={"kind": kind, "weight": weight, "id": f"r-{name}"}
    )


@given(st.lists(st.sampled_from([1, 3]), min_size=1, max_size=40))
def test_shares_are_whole_and_sum_up(weights: list[int]) -> None:
    given_ = shares(weights)
    assert sum(given_) == 100
    assert all(abs(s - 100 * w / sum(weights)) < 1 for s, w in zip(given_, weights, strict=True))


def scored(resume: Resume, text: str = POSTING) -> Score:
    requirements = extract_requirements("", text, CATALOG)
    score = match_score(requirements, cover(resume, requirements, CATALOG))
    assert score is not None
    return score


def test_match_gives_all_for_the_postings_words_and_half_for_others() -> None:
    score = scored(person())
    points = {p.why.split(":")[0]: (p.points, p.of) for p in score.points}
    assert points == {
        "Said in the posting's own words.": (43, 43),
        "Said in other words than the posting's": (21, 43),
        "The resume does not show it.": (0, 14),
    }
    assert score.cap is None
    assert score.value == 64
    assert all(p.where for p in score.points if p.points)


def test_missing_must_caps_the_score_and_says_so() -> None:
    text = POSTING.replace("- PostgreSQL", "- PostgreSQL\n- Kafka")
    skills = [{"id": "s", "name": "x", "keywords": ["Kubernetes", "PostgreSQL", "Terraform"]}]
    score = scored(person(skills=skills), text)
    assert score.cap is not None
    assert score.cap.limit == 40 + 40 * 2 // 3 == 66
    assert len(score.cap.requirement_ids) == 1
    assert sum(p.points for p in score.points) > score.value == 66
    assert "66" in score.cap.why
    everything = [{"id": "s", "name": "x", "keywords": [*skills[0]["keywords"], "Kafka"]}]
    assert scored(person(skills=everything), text).value == 100


def test_confirmed_fact_counts_half_and_lifts_the_cap() -> None:
    text = "Requirements:\n- Kubernetes\n- Kafka\n- fluent German\n"
    requirements = extract_requirements("", text, CATALOG)
    german = next(r for r in requirements if r.category == "language")
    facts = [
        {"id": "f1", "skill": "Kafka", "text": "Kafka at Engines"},
        {"id": "f2", "text": "I speak it daily", "requirementId": german.id},
    ]
    bare = scored(person(), text)
    assert bare.cap is not None
    resume = person(meta={"x-confirmedFacts": facts})
    coverage = cover(resume, requirements, CATALOG)
    score = match_score(requirements, coverage, {"f1", "f2"})
    assert score is not None
    assert score.cap is None
    confirmed = [p for p in score.points if p.why.startswith("Confirmed by you")]
    assert [p.where for p in confirmed] == [("f1",), ("f2",)]
    assert list(find_gaps(resume, requirements, coverage)) == []


def test_posting_that_asks_nothing_has_no_match() -> None:
    requirements = extract_requirements("", "We are nice people.", CATALOG)
    assert match_score(requirements, cover(person(), requirements, CATALOG)) is None
    scores = score_tailored(
        (person(), person()), [], (cover(person(), [], CATALOG),) * 2, CATALOG.version
    )
    assert scores.match is None


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_tailoring_never_scores_above_the_ceiling(sample: Sample) -> None:
    rules = tailor_by_rules(sample.base, sample.gate.requirements, sample.posting, CATALOG)
    result = build_result(sample.base, sample.posting, rules, engine="rules", catalog=CATALOG)
    match = result.scores.match
    assert match is not None
    assert match.base <= match.tailored.value <= match.ceiling
    assert 0 <= result.scores.readability.base <= 100
    again = build_result(sample.base, sample.posting, rules, engine="rules", catalog=CATALOG)
    assert again.scores.model_dump_json() == result.scores.model_dump_json()
    shown = json.loads(result.scores.model_dump_json(by_alias=True))
    assert shown["scoresVersion"] == SCORES_VERSION
    assert shown["match"]["tailored"]["points"][0].keys() >= {"rule", "points", "of", "why"}
    asked = {r.id for r in result.requirements}
    assert {p.requirement_id for p in match.tailored.points} <= asked


# Gaps as questions


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("German", "de"),
        ("FR", "fr"),
        ("es_MX", "es"),
        ("español", "es"),
        ("tr", "en"),
        ("", "en"),
        (None, "en"),
        ("klingon", "en"),
    ],
)
def test_language_is_one_we_have(asked: str | None, language: str) -> None:
    assert language_of(asked)[0] == language


def test_questions_are_asked_in_the_results_language() -> None:
    opened = {"en": "The posting", "de": "Die Stelle", "fr": "L\u2019annonce", "es": "La oferta"}
    for language, opening in opened.items():
        result = build_result(
            BACKEND.base, BACKEND.posting, [], engine="rules", catalog=CATALOG, language=language
        )
        assert result.gaps
        for gap in result.gaps:
            assert gap.question.startswith(opening)
            assert gap.question.endswith("?")
            assert gap.text in gap.question


@pytest.mark.parametrize("category", ["skill", "years", "degree", "language"])
@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("weight", [1, 3])
def test_every_question_names_what_is_asked(category: str, language: str, weight: int) -> None:
    asked = requirement("Kafka", weight).model_copy(update={"category": category})
    assert "Kafka" in question_about(asked, language)


def test_question_is_the_same_wherever_it_is_asked() -> None:
    ids = [
        {g.question_id for g in find_gaps(Resume(), r, cover(Resume(), r, CATALOG))}
        for text in ("Requirements:\n- Kafka", "Nice to have:\n- We like Kafka a lot")
        for r in [extract_requirements("", text, CATALOG)]
    ]
    assert ids[0] == ids[1] != set()
    (identifier,) = ids[0]
    assert question_id(identifier.replace("q-", "r-", 1)) == identifier


@pytest.mark.parametrize("language", LANGUAGES)
def test_scores_are_explained_in_the_results_language(language: str) -> None:
    """Every reason is that language's own; the points are the same in each."""
    made = [
        build_result(
            BACKEND.base, BACKEND.posting, [], engine="rules", catalog=CATALOG, language=asked
        )
        for asked in ("en", language)
    ]
    english, told = (result.scores for result in made)
    assert made[1].language == language
    assert english.match is not None
    assert told.match is not None
    for ours, theirs in (
        (english.readability.tailored, told.readability.tailored),
        (english.match.tailored, told.match.tailored),
    ):
        assert [(p.rule, p.points) for p in ours.points] == [
            (p.rule, p.points) for p in theirs.points
        ]
        for english_point, point in zip(ours.points, theirs.points, strict=True):
            assert (point.why == english_point.why) is (language == "en")
            assert "{" not in point.why
    cap = told.match.tailored.cap
    assert cap is not None
    assert str(cap.limit) in cap.why


def test_reasons_of_every_language_say_the_same_things() -> None:
    """The same rules with the same numbers in each."""

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english = REASONS["en"]
    assert set(REASONS) == set(LANGUAGES) == set(TONGUES)
    for reasons in REASONS.values():
        assert reasons.keys() == english.keys()
        for rule, pair in reasons.items():
            assert [fields(text) for text in pair] == [fields(text) for text in english[rule]]
