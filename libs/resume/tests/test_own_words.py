"""A person's own words: marked and kept; who they were is not theirs to change here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resume_core.career import CareerOrder, WantedRole, build_career, edit_career, load_ladders
from resume_core.decisions import EditRefusedError
from resume_core.grounding import TONGUES, Grounding
from resume_core.grounding.contradiction import Contradiction
from resume_core.interview import (
    InterviewOrder,
    InterviewPrep,
    WantedQuestion,
    build_interview,
    edit_interview,
)
from resume_core.letters import CoverLetter, LetterOrder, build_letter, edit_letter
from resume_core.model import Resume
from resume_core.own_words import MAX_SENTENCES, OwnWords

from .truth_samples import BACKEND, CATALOG, LOADED, Sample

GROUNDING = Grounding(BACKEND.base, BACKEND.posting, (), CATALOG, "en")
LETTER = build_letter(LetterOrder(BACKEND.base, BACKEND.posting, "en"), None, CATALOG)
PACK = build_interview(InterviewOrder(BACKEND.base, BACKEND.posting, "en"), None, CATALOG)
PATH = build_career(
    CareerOrder(BACKEND.base, (), (), "en", "2026-11"), None, CATALOG, load_ladders()
)
TRUE = "At Halden Freight AB, I mentored 3 junior developers."
UNPROVED = "I taught myself Rust at home."
LIE = "I led 40 engineers at Globex."
ENTRY = "Halden Freight AB"


def texts(letter: CoverLetter) -> list[str]:
    return [paragraph.text for paragraph in letter.paragraphs]


def unchanged(pack: InterviewPrep) -> list[WantedQuestion]:
    return [WantedQuestion(q.id, q.question, None) for q in pack.questions]


def test_letter_sent_back_is_the_delivered_one() -> None:
    """Sentences with stops inside too: nothing becomes the person's by being sent."""
    edited = edit_letter(
        LETTER, GROUNDING, texts(LETTER), greeting=LETTER.greeting, closing=LETTER.closing
    )
    assert edited == LETTER


@pytest.mark.parametrize("language", list(TONGUES))
def test_letter_of_quoted_lines_is_the_delivered_one_too(language: str) -> None:
    """A quotation ends in a mark and not in a stop; every language quotes in its own."""
    (first, *rest) = BACKEND.document["work"]
    lines = [f"Responsible for {what} in Python" for what in ("billing", "alerts", "orders")]
    person = {**BACKEND.document, "work": [{**first, "highlights": lines}, *rest]}
    base = Resume.model_validate(person)
    letter = build_letter(LetterOrder(base, BACKEND.posting, language), None, CATALOG)
    assert any(line in text for line in lines for text in texts(letter))
    grounding = Grounding(base, BACKEND.posting, (), CATALOG, language)
    assert edit_letter(letter, grounding, texts(letter)) == letter


def test_delivered_sentence_after_half_of_another_is_not_ours() -> None:
    """It says something else there."""
    delivered = LETTER.paragraphs[1].sentences[0].text
    (paragraph,) = edit_letter(LETTER, GROUNDING, [f"I never said: {delivered}"]).paragraphs
    assert all(sentence.own for sentence in paragraph.sentences)


@given(st.permutations(range(len(LETTER.paragraphs))), st.data())
def test_delivered_sentences_keep_their_grounds_wherever_they_stand(
    order: list[int], data: st.DataObject
) -> None:
    """Moved, left out or among own ones; and no own sentence is without its mark."""
    wanted = []
    for at in order:
        kept = [s.text for s in LETTER.paragraphs[at].sentences if data.draw(st.booleans())]
        own = data.draw(st.lists(st.sampled_from([TRUE, UNPROVED]), max_size=2))
        wanted.append(" ".join(data.draw(st.permutations([*kept, *own]))))
    edited = edit_letter(LETTER, GROUNDING, wanted)
    delivered = {s.text: s for p in LETTER.paragraphs for s in p.sentences}
    for sentence in (s for p in edited.paragraphs for s in p.sentences):
        assert sentence.own is (sentence.text not in delivered)
        assert sentence.own or sentence == delivered[sentence.text]
    assert texts(edited) == [text for text in wanted if text]


def test_own_sentence_is_checked_and_kept() -> None:
    """What the resume shows gets its grounds, what it does not show its codes."""
    (paragraph,) = edit_letter(LETTER, GROUNDING, [f"{TRUE} {UNPROVED}"]).paragraphs
    true, unproved = paragraph.sentences
    assert (true.own, true.unverified) == (True, ())
    assert true.grounds
    assert (unproved.own, unproved.text) == (True, UNPROVED)
    assert "skill_ungrounded" in unproved.unverified


def test_own_greeting_is_named() -> None:
    """It asserts nothing; the letter says that it is not ours."""
    edited = edit_letter(LETTER, GROUNDING, texts(LETTER), greeting="Dear Ms Smith,")
    assert (edited.greeting, edited.own) == ("Dear Ms Smith,", ("greeting",))
    assert edited.closing == LETTER.closing


def test_measures_are_those_of_the_edited_letter() -> None:
    """Words are counted anew, and what is not proved lowers the share that is."""
    edited = edit_letter(LETTER, GROUNDING, [f"{TRUE} {UNPROVED}"])
    assert edited.measures.words == 15
    assert edited.measures.grounded == 0.5


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("I worked at Globex for three years.", Contradiction.EMPLOYER),
        (LIE, Contradiction.EMPLOYER),
        ("I worked at Northwind Robotics as an intern.", Contradiction.EMPLOYER),
        ("Ich habe bei Globex gearbeitet.", Contradiction.EMPLOYER),
        (f"At {ENTRY}, I was the Director of Engineering.", Contradiction.TITLE),
        ("I was a CTO.", Contradiction.TITLE),
        (f"As Principal Engineer at {ENTRY}, I mentored developers.", Contradiction.TITLE),
        (f"I joined {ENTRY} in 2009.", Contradiction.DATES),
        ("I hold a PhD in physics.", Contradiction.DEGREE),
        ("I have a Master's degree in computer science.", Contradiction.DEGREE),
        ("I would love to join Globex.", Contradiction.COMPANY),
        ("I am applying to Globex.", Contradiction.COMPANY),
    ],
)
def test_contradicting_the_base_is_refused(said: str, what: Contradiction) -> None:
    """With the place and the kind of fact, never the words."""
    with pytest.raises(EditRefusedError) as caught:
        edit_letter(LETTER, GROUNDING, [TRUE, said])
    assert caught.value.code == "identity_fixed"
    assert caught.value.paths == (f"paragraphs[1] ({what})",)


@pytest.mark.parametrize(
    "said",
    [
        UNPROVED,
        "I ran a marathon in 2012.",
        "I gave a talk at PyCon.",
        "I currently live in Berlin.",
        "My brother works at Google.",
        "I would like to work at Northwind Robotics.",
        "I have a Bachelor's degree in computer science.",
        "I have read your blog for years.",
        "I mastered the migration.",
        f"At {ENTRY}, I gave account managers monthly reports.",
        "I trained junior nurses as a volunteer.",
    ],
)
def test_what_the_resume_does_not_say_is_theirs_to_write(said: str) -> None:
    """Marked where it is not proved, and never refused."""
    (paragraph,) = edit_letter(LETTER, GROUNDING, [said]).paragraphs
    assert [sentence.text for sentence in paragraph.sentences] == [said]


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_no_rewording_of_ones_own_lines_contradicts(sample: Sample) -> None:
    """Whether the checker proves it or not; also under an employer whose line it is not."""
    grounding = Grounding(sample.base, sample.posting, (), CATALOG, "en")
    for _, line in sample.paraphrases:
        told = f"I {line[0].lower()}{line[1:]}"
        for said in (line, told, *(f"At {work.name}, {told}" for work in sample.base.work)):
            assert not grounding.contradictions(grounding.check(said)), said


def test_edit_of_too_many_sentences_is_refused() -> None:
    """Checking takes time; what was delivered does not count."""
    words = OwnWords(GROUNDING, ())
    words.sentences("I write. " * (MAX_SENTENCES - 1), "here")
    words.question("Have you used Kafka?", "here")
    with pytest.raises(EditRefusedError) as caught:
        words.sentences("One more.", "here")
    assert caught.value.code == "edit_too_long"


def test_pack_sent_back_is_the_delivered_one() -> None:
    asked = [q.question for q in PACK.questions_to_ask]
    assert edit_interview(PACK, PACK, GROUNDING, unchanged(PACK), ask=asked) == PACK
    assert edit_interview(PACK, PACK, GROUNDING, unchanged(PACK)) == PACK


def test_question_in_own_words_keeps_its_evidence() -> None:
    """What the person may answer by is not theirs to change."""
    source = PACK.questions[0]
    wanted = [WantedQuestion(source.id, "Have you used Kafka?", f"{TRUE} {UNPROVED}")]
    (question,) = edit_interview(PACK, PACK, GROUNDING, wanted).questions
    assert (question.own, question.unverified) == (True, ())
    assert (question.evidence, question.star) == (source.evidence, source.star)
    assert [bool(sentence.unverified) for sentence in question.outline] == [False, True]
    assert all(sentence.own for sentence in question.outline)


def test_own_question_can_be_edited_again() -> None:
    """By the id that it got; what is not given stays."""
    first = edit_interview(
        PACK, PACK, GROUNDING, [WantedQuestion(None, "Why did you leave Initrode?", TRUE)]
    )
    (own,) = first.questions
    assert (own.kind, own.own, own.evidence) == ("own", True, ())
    assert own.unverified
    again = edit_interview(PACK, first, GROUNDING, [WantedQuestion(own.id, None, None)])
    assert again == first
    worded = WantedQuestion(own.id, "Have you used Kafka?", None)
    (question,) = edit_interview(PACK, first, GROUNDING, [worded]).questions
    assert (question.question, question.outline) == ("Have you used Kafka?", own.outline)


@pytest.mark.parametrize(
    "wanted",
    [
        [WantedQuestion("q-unknown", "Have you used Kafka?", None)],
        [WantedQuestion("q-unknown", None, None)],
        [WantedQuestion(PACK.questions[0].id, None, None)] * 2,
    ],
    ids=["unknown with words", "unknown", "twice"],
)
def test_question_that_is_not_there_is_refused(wanted: list[WantedQuestion]) -> None:
    with pytest.raises(EditRefusedError) as caught:
        edit_interview(PACK, PACK, GROUNDING, wanted)
    assert caught.value.code == "part_unknown"


def test_lie_in_an_answer_is_refused() -> None:
    wanted = [WantedQuestion(PACK.questions[0].id, None, LIE)]
    with pytest.raises(EditRefusedError) as caught:
        edit_interview(PACK, PACK, GROUNDING, wanted)
    assert caught.value.paths == ("questions[0].answer (employer)",)


def test_roles_are_ordered_left_out_and_added() -> None:
    """Of an own role nothing is counted, and its reasons are marked."""
    first, second = PATH.roles[:2]
    wanted = [
        WantedRole(second.id, None, None),
        WantedRole(None, "Beekeeper", f"{TRUE} {UNPROVED}"),
        WantedRole(first.id, None, TRUE),
    ]
    edited = edit_career(PATH, PATH, GROUNDING, wanted)
    assert [role.title for role in edited.roles] == [second.title, "Beekeeper", first.title]
    assert edited.roles[0] == second
    own = edited.roles[1]
    assert (own.kind, own.missing, own.pay) == ("own", (), ())
    assert [bool(reason.unverified) for reason in own.reasons] == [False, True]
    again = [WantedRole(role.id, None, None) for role in edited.roles]
    assert edit_career(PATH, edited, GROUNDING, again) == edited


@pytest.mark.parametrize(
    "wanted",
    [
        [WantedRole("r-unknown", None, None)],
        [WantedRole(PATH.roles[0].id, None, None)] * 2,
        [WantedRole(None, PATH.roles[0].title, None), WantedRole(PATH.roles[0].id, None, None)],
    ],
    ids=["unknown", "twice", "twice by title"],
)
def test_role_that_is_not_there_is_refused(wanted: list[WantedRole]) -> None:
    with pytest.raises(EditRefusedError) as caught:
        edit_career(PATH, PATH, GROUNDING, wanted)
    assert caught.value.code == "part_unknown"
