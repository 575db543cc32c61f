from dataclasses import dataclass

from resume_core.coverage import cover
from resume_core.facts import (
    LABEL_ID,
    SUMMARY_ID,
    ConfirmedFact,
    collect_facts,
    confirmed_facts,
    highlight_ids,
    keyword_ids,
    resume_text,
    with_confirmed,
)
from resume_core.ids import highlight_id
from resume_core.model import Resume, Skill, Work
from resume_core.requirements import extract_requirements

from .truth_samples import BACKEND, CATALOG, LOADED


def test_facts_have_unique_ids_and_known_entries() -> None:
    for sample in LOADED:
        facts = collect_facts(sample.base)
        assert len({f.id for f in facts}) == len(facts)
        assert any(f.section == "work" and f.entry_id == f.id for f in facts)


def test_facts_name_basics_highlights_and_keywords() -> None:
    base = BACKEND.base
    ids = {f.id for f in collect_facts(base)}
    assert ids >= {LABEL_ID, SUMMARY_ID, "w1", "s1"}
    assert ids >= set(highlight_ids(base.work[0])) | set(keyword_ids(base.skills[0]))


def test_facts_never_carry_contact_details() -> None:
    for sample in LOADED:
        said = "\n".join(f.text for f in collect_facts(sample.base)) + resume_text(sample.base)
        assert "@" not in said
        assert (sample.base.basics.phone or "no phone") not in said


def test_highlight_ids_are_those_of_the_documents_half() -> None:
    entry = Work(id="w", highlights=("Same", "same", "Other"))
    assert highlight_ids(entry) == (
        highlight_id("w", "Same"),
        highlight_id("w", "same", 1),
        highlight_id("w", "Other"),
    )


def test_keyword_ids_tell_equal_keywords_apart() -> None:
    assert len(set(keyword_ids(Skill(id="s", keywords=("SQL", "SQL", "Go"))))) == 3


def test_confirmed_facts_ignore_what_is_not_one() -> None:
    fact = {"id": "f1", "skill": "Kafka", "text": "At Acme", "entryId": "w1", "extra": 1}
    base = Resume(meta={"x-confirmedFacts": [fact, "nonsense", {"skill": "Kafka"}, {"id": 7}]})
    assert [f.entry_id for f in confirmed_facts(base)] == ["w1"]
    assert confirmed_facts(Resume(meta={"x-confirmedFacts": 3})) == ()
    assert collect_facts(base)[-1].section == "confirmed"


def test_confirmed_facts_go_with_the_resume_and_prove_a_skill() -> None:
    @dataclass(frozen=True)
    class Stored:
        id: int
        name: str | None
        statement: str | None = None
        detail: str | None = None
        entry_id: str | None = None
        requirement_id: str | None = None

    base = Resume.model_validate({"meta": {"version": "v1"}})
    assert with_confirmed(base, []) is base
    told = with_confirmed(base, [Stored(7, "Kafka", "Ran it", "for two years", "w1", "r-1")])
    (fact,) = confirmed_facts(told)
    assert fact == ConfirmedFact(
        id="7", skill="Kafka", text="Ran it. for two years", entry_id="w1", requirement_id="r-1"
    )
    assert told.meta["version"] == "v1"
    requirements = extract_requirements("", "Requirements:\n- Kafka", CATALOG)
    assert cover(told, requirements, CATALOG).with_aliases == 1.0
    assert cover(told, requirements, CATALOG).literal == 0.0
