"""Interview packs: what may be asked, the person's own evidence, what a model may add."""

from dataclasses import replace

import pytest

from resume_core.facts import collect_facts
from resume_core.grounding import TONGUES, Citation
from resume_core.interview import (
    DraftQuestion,
    InterviewDraft,
    InterviewOrder,
    InterviewPrep,
    QuestionKind,
    build_interview,
    subjects,
)
from resume_core.interview.star import star_of, weak_spots
from resume_core.letters.rules import lines_of

from .truth_samples import BACKEND, CATALOG, LOADED, Sample

PAGE = Citation(text="Northwind Robotics opened a plant in Oslo.", url="https://n.example/oslo")


def pack(
    sample: Sample = BACKEND,
    draft: InterviewDraft | None = None,
    language: str = "en",
    emphasised: tuple[str, ...] = (),
) -> InterviewPrep:
    order = InterviewOrder(sample.base, sample.posting, language, [PAGE], emphasised)
    return build_interview(order, draft, CATALOG)


@pytest.mark.parametrize("language", TONGUES)
@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_rules_pack_uses_own_words_alone(sample: Sample, language: str) -> None:
    """Evidence are facts of the resume; a skeleton's parts are verbatim pieces of its line."""
    made = pack(sample, language=language)
    facts = {f.id: f.text for f in collect_facts(sample.base)}
    assert made.engine == "rules"
    assert {q.kind for q in made.questions} >= {QuestionKind.DEFEND}
    for question in made.questions:
        assert set(question.evidence) <= set(facts)
        assert (question.kind is QuestionKind.GAP) == (not question.evidence)
        if question.star:
            line = facts[question.star.fact_id]
            assert question.star.action in line
            assert question.star.result in line
    assert [q.url for q in made.company_questions] == [PAGE.url]


def test_gaps_are_admitted_and_never_answered() -> None:
    """What the resume does not show has no evidence, and an advice to say so."""
    made = pack()
    gaps = {g.text for g in made.gaps}
    assert {"Kafka", "Terraform"} <= gaps
    asked = {q.requirement_id: q for q in made.questions}
    for gap in made.gaps:
        if gap.requirement_id in asked:
            assert asked[gap.requirement_id].star is None


def test_emphasised_claims_are_defended_first() -> None:
    """The lines that a tailored resume brings forward lead the list."""
    line = lines_of(BACKEND.base)[-1]
    made = pack(emphasised=(line.fact_id,))
    defended = [q for q in made.questions if q.kind is QuestionKind.DEFEND]
    assert defended[0].claim == line.text


def test_weak_spots() -> None:
    """Numbers, missing results, help and age are what an interviewer digs into."""
    by_text = {line.text: line for line in lines_of(BACKEND.base)}
    number = next(line for text, line in by_text.items() if text.startswith("Moved 12"))
    assert list(weak_spots(number, BACKEND.base)) == ["number"]
    assert star_of(number).result == "cutting hosting costs by 40%"
    helped = next(line for text, line in by_text.items() if text.startswith("Contributed"))
    assert {"no_number", "helped"} <= set(weak_spots(helped, BACKEND.base))


def test_possessives_lead_nobody() -> None:
    """What says "each with its own schema" is no claim of having led."""
    line = lines_of(BACKEND.base)[0]
    own = replace(line, text="Split a monolith into six services, each with its own schema")
    owned = replace(line, text="Owned the schema of six services")
    assert "led" not in list(weak_spots(own, BACKEND.base))
    assert "led" in list(weak_spots(owned, BACKEND.base))


def test_a_skill_that_lines_show_is_not_called_once_only() -> None:
    """A keyword in the posting's words does not hide the lines that show the skill in others."""
    (halden, *others), (group, *groups) = BACKEND.base.work, BACKEND.base.skills
    update = {
        "work": (halden.model_copy(update={"highlights": ("Ran 12 services on k8s",)}), *others),
        "skills": (group.model_copy(update={"keywords": ("Kubernetes",)}), *groups),
    }
    posting = BACKEND.posting.model_copy(update={"title": "", "text": "You have: Kubernetes."})
    order = InterviewOrder(BACKEND.base.model_copy(update=update), posting, "en")
    (question,) = [q for q in build_interview(order, None, CATALOG).questions if q.requirement_id]
    assert "once" not in [spot.code for spot in question.weak_spots]
    assert question.star is not None
    assert question.star.action == "Ran 12 services on k8s"


def test_model_words_what_is_true() -> None:
    """A true wording and outline are taken; untrue ones are dropped and counted."""
    names = subjects(pack())
    line = next(i for i, text in names.items() if text.startswith("Moved 12"))
    kafka = next(q.requirement_id for q in pack().questions if "Kafka" in q.question)
    assert kafka is not None
    draft = InterviewDraft(
        questions=(
            DraftQuestion(
                subject_id=line,
                question="How did you cut hosting costs by 40%?",
                outline="At Halden Freight I moved 12 services to Kubernetes. I led 9 people.",
            ),
            DraftQuestion(
                subject_id=kafka,
                question="How did you run Kafka at Halden Freight?",
                outline="I have six years of Kafka.",
            ),
            DraftQuestion(subject_id="nobody", question="Why?", outline="I am a guru."),
        )
    )
    made = pack(draft=draft)
    said = made.model_dump_json()
    assert made.engine == "model"
    assert "How did you cut hosting costs by 40%?" in said
    assert "six years" not in said
    assert "9 people" not in said
    assert "run Kafka" not in said
    assert "guru" not in said
    assert made.dropped == 3


def test_model_that_only_lies_leaves_the_rules_pack() -> None:
    """Nothing true: degraded, and told."""
    kafka = next(q.requirement_id for q in pack().questions if "Kafka" in q.question)
    lie = DraftQuestion(subject_id=kafka or "", question="Say it.", outline="I know Kafka.")
    made = pack(draft=InterviewDraft(questions=(lie,)))
    assert made.engine == "rules"
    assert made.degraded
    assert made.questions == pack().questions
