"""A cover letter: its text, and in short what proves each sentence."""

from collections.abc import Iterator

from resume_launcher.demo.render.base import Known, Made, Read, Status, about, count, ending
from resume_launcher.demo.render.grounds import Sentence, proof


class Paragraph(Read):
    """A paragraph."""

    sentences: tuple[Sentence, ...]


class Measures(Read):
    """How the letter does."""

    words: int = 0


class Letter(Made):
    """The result of a letter's job, as far as it is printed."""

    company: str = ""
    role: str = ""
    language: str
    greeting: str
    paragraphs: tuple[Paragraph, ...]
    closing: str
    signature: str
    dropped: int = 0
    measures: Measures = Measures()


def lines(status: Status, known: Known) -> Iterator[str]:
    """The letter, with a number for each sentence that something proves."""
    made = Letter.model_validate(status["result"])
    proved = [s for p in made.paragraphs for s in p.sentences if s.grounds]
    numbers = {id(sentence): number for number, sentence in enumerate(proved, 1)}
    to = " at ".join(filter(None, (made.role, made.company))) or "a posting that names no company"
    yield f"Cover letter for {to} ({made.language}, {count(made.measures.words, 'word')})"
    yield from about(made, f"{count(made.dropped, 'sentence')} left out as not proved")
    yield from ending(status)
    yield ""
    yield f"    {made.greeting}"
    for paragraph in made.paragraphs:
        yield ""
        told = (
            f"{s.text} [{numbers[id(s)]}]" if id(s) in numbers else s.text
            for s in paragraph.sentences
        )
        yield f"    {' '.join(told)}"
    yield ""
    yield f"    {made.closing}"
    yield f"    {made.signature}"
    yield ""
    yield "What proves it:"
    for number, sentence in enumerate(proved, 1):
        yield f"  [{number}] {proof(sentence.grounds, known)}"


def text(status: Status) -> str:
    """The letter itself, to be sent."""
    made = Letter.model_validate(status["result"])
    body = "\n\n".join(" ".join(s.text for s in p.sentences) for p in made.paragraphs)
    return f"{made.greeting}\n\n{body}\n\n{made.closing}\n{made.signature}\n"
