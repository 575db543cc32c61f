"""An interview pack in the person's own words: questions, their order, answers."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from resume_core.changes import ChangeOrigin
from resume_core.decisions import EditRefusedError
from resume_core.grounding import Grounding
from resume_core.interview.model import (
    InterviewPrep,
    LikelyQuestion,
    OwnQuestion,
    QuestionKind,
)
from resume_core.own_words import OwnWords
from resume_core.text import normalise


class WantedQuestion(NamedTuple):
    """A question as the person wants it; what is None stays, and without an id it is a new one."""

    id: str | None
    question: str | None
    answer: str | None


def edit_interview(
    delivered: InterviewPrep,
    standing: InterviewPrep,
    grounding: Grounding,
    questions: Sequence[WantedQuestion],
    *,
    ask: Sequence[str] | None = None,
) -> InterviewPrep:
    """The pack with these questions in this order; those not named are left out.

    Evidence, skeletons and weak spots of a delivered question are not the person's to change.
    `standing` is the pack as it is now: what it has stays where nothing else is wanted, and its
    own questions may be named too.

    Raises:
        EditRefusedError: a question that is not there or comes twice (`part_unknown`), one that
            contradicts the base (`identity_fixed`), or too many sentences.
    """
    known = {question.id: question for question in delivered.questions}
    now = {question.id: question for question in standing.questions}
    words = OwnWords(grounding, (s for q in delivered.questions for s in q.outline))
    edited: dict[str, LikelyQuestion] = {}
    for at, wanted in enumerate(questions):
        path = f"questions[{at}]"
        source = known.get(wanted.id or "")
        before = now.get(wanted.id or "") or source
        text = before.question if wanted.question is None and before else wanted.question
        if text is None or (wanted.id is not None and before is None):
            raise EditRefusedError("part_unknown", [path])
        question = _worded(source, text, words, path)
        if question.id in edited:
            raise EditRefusedError("part_unknown", [path])
        edited[question.id] = _answered(question, before, wanted.answer, words, path)
    update: dict[str, object] = {"questions": tuple(edited.values())}
    asked = [q.question for q in standing.questions_to_ask] if ask is None else ask
    update["questions_to_ask"] = tuple(_asked(delivered, asked, words))
    words.done()
    return delivered.model_copy(update=update)


def _worded(source: LikelyQuestion | None, text: str, words: OwnWords, path: str) -> LikelyQuestion:
    """A delivered question in these words, or a new one."""
    if source is not None and normalise(text) == normalise(source.question):
        return source
    question, said = source or _new(text), words.question(text, path)
    return question.model_copy(
        update={
            "question": said.text,
            "grounds": tuple(dict.fromkeys((*question.grounds, *said.grounds))),
            "origin": ChangeOrigin.USER,
            "own": True,
            "unverified": said.unverified,
        }
    )


def _answered(
    question: LikelyQuestion,
    before: LikelyQuestion | None,
    answer: str | None,
    words: OwnWords,
    path: str,
) -> LikelyQuestion:
    if answer is None:
        outline = () if before is None else before.outline
    else:
        outline = words.sentences(answer, f"{path}.answer")
    return question.model_copy(update={"outline": outline})


def _new(text: str) -> LikelyQuestion:
    digest = hashlib.blake2b(f"own\x1f{normalise(text)}".encode(), digest_size=5).hexdigest()
    return LikelyQuestion(
        id=f"q-{digest}",
        kind=QuestionKind.OWN,
        question=text,
        requirement_id=None,
        claim="",
        evidence=(),
        star=None,
        weak_spots=(),
        outline=(),
        grounds=(),
    )


def _asked(delivered: InterviewPrep, ask: Sequence[str], words: OwnWords) -> Iterator[OwnQuestion]:
    known = {normalise(q.question): q for q in delivered.questions_to_ask}
    for at, text in enumerate(ask):
        if normalise(text) in known:
            yield known[normalise(text)]
            continue
        said = words.question(text, f"questionsToAsk[{at}]")
        yield OwnQuestion(
            question=said.text, requirement_id=None, own=True, unverified=said.unverified
        )
