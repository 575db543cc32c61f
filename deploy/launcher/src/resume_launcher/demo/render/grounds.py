"""Sentences with what proves them."""

from collections.abc import Iterator, Sequence

from resume_launcher.demo.render.base import Known, Read, short

PROOF = 70


class Ground(Read):
    """A fact of the resume, a place of the posting, or a page."""

    kind: str
    ref: str
    start: int = -1
    end: int = -1


class Sentence(Read):
    """A sentence and what proves it."""

    text: str
    about: str = ""
    grounds: tuple[Ground, ...] = ()


def proof(grounds: Sequence[Ground], known: Known) -> str:
    """In short what proves a sentence: the first of each source, and how many more there are."""
    said: dict[str, list[str]] = {}
    for ground in grounds:
        source, what = _told(ground, known)
        if what not in said.setdefault(source, []):
            said[source].append(what)
    return "; ".join(f"{source} {_few(what)}" for source, what in said.items())


def _few(what: Sequence[str]) -> str:
    """All of them when they are short, else the first."""
    if sum(map(len, what)) <= PROOF:
        return ", ".join(what)
    return what[0] + (f" and {len(what) - 1} more" if len(what) > 1 else "")


def evidence(ids: Sequence[str], known: Known) -> Iterator[str]:
    """The resume's statements of some ids."""
    yield from (known.facts[identifier] for identifier in ids if identifier in known.facts)


def _told(ground: Ground, known: Known) -> tuple[str, str]:
    """Where a ground is, and what it says."""
    if ground.kind == "fact":
        return "your resume:", f"“{short(known.facts.get(ground.ref, ground.ref), PROOF)}”"
    if ground.kind == "url":
        return "a page:", ground.ref
    text = str(known.posting.get("text", ""))
    if ground.start >= 0 and text:
        return "the posting:", f"“{short(text[ground.start : ground.end], PROOF)}”"
    return "the posting's", ground.ref
