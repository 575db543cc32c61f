"""An interview pack as a sheet: each question with what the person can answer it by."""

from collections.abc import Iterator

from resume_core.handouts.sheets import handout
from resume_core.handouts.words import WORDS, Words
from resume_core.interview.model import InterviewPrep, LikelyQuestion, QuestionKind
from resume_core.sheet import Block, Item, Section, Sheet


def interview_handout(pack: InterviewPrep) -> Sheet:
    """The pack in the language it was made in."""
    words = WORDS[pack.language]
    defend = [q for q in pack.questions if q.kind is QuestionKind.DEFEND]
    likely = [q for q in pack.questions if q.kind is not QuestionKind.DEFEND]
    company = (Item(q.question, q.url) for q in pack.company_questions)
    return handout(
        words.interview,
        ", ".join(part for part in (pack.role, pack.company) if part),
        Section(words.likely, blocks=tuple(_block(q, words) for q in likely)),
        Section(words.defend, blocks=tuple(_block(q, words) for q in defend)),
        Section(words.gaps, items=tuple(Item(gap.text, gap.advice) for gap in pack.gaps)),
        Section(words.company, items=tuple(company)),
        Section(words.ask, items=tuple(Item("", q.question) for q in pack.questions_to_ask)),
    )


def _block(question: LikelyQuestion, words: Words) -> Block:
    answer = " ".join(sentence.text for sentence in question.outline)
    return Block(
        title=question.question,
        prose=(answer,) if answer else (),
        bullets=tuple(_bullets(question, words)),
    )


def _bullets(question: LikelyQuestion, words: Words) -> Iterator[str]:
    star = question.star
    if star is not None:
        told = (
            (words.situation, star.situation),
            (words.action, star.action),
            (words.result, star.result),
        )
        yield from (f"{name}: {text}" for name, text in told if text)
    yield from (f"{words.prepare}: {spot.advice}" for spot in question.weak_spots)
