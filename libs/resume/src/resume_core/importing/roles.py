"""Who is the employer and what is the title: cues first, then the habit of the whole section."""

import re
from dataclasses import dataclass, replace
from typing import Final

from resume_core.importing.heads import Head, Piece
from resume_core.importing.lexicon import organisationness, titleness
from resume_core.importing.words import load_words

_AT: Final = re.compile(r"\s+(?:at|(?P<sign>@)|bei|chez|en)\s+(?=[A-Z0-9\u00c0-\u024f])")
#: A place has seldom more words.
_PLACE_WORDS: Final = 3
SURE: Final = 0.95
LIKELY: Final = 0.8
GUESSED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Role:
    """A reading of a head. `title_first` says in which order the two stood, if both did."""

    employer: str
    title: str
    rest: tuple[str, ...]
    confidence: float
    title_first: bool | None
    place: str = ""


def read_roles(heads: list[Head]) -> list[Role]:
    """Employer and title of each head; what cues leave open follows the section's majority."""
    placed = _with_unlisted_places(heads)
    roles = [_read(pieces, title_first=None) for pieces in placed]
    votes = [
        role.title_first
        for role in roles
        if role.title_first is not None and role.confidence >= LIKELY
    ]
    habit = None if not votes else sum(votes) * 2 >= len(votes)
    return [
        role if role.confidence >= LIKELY else _read(pieces, title_first=habit)
        for pieces, role in zip(placed, roles, strict=True)
    ]


def _with_unlisted_places(heads: list[Head]) -> list[list[Piece]]:
    """The pieces of each head; where the others have a place, a piece may be one no list knows.

    It is a short last piece that is neither a title nor an organisation, below or beside what
    names both already.
    """
    habit = sum(bool(head.place) for head in heads) * 2 >= len(heads)
    kept = []
    for head in heads:
        pieces = head.pieces
        if habit and not head.place and len(pieces) > 1 and _may_be_place(pieces):
            head.place = pieces[-1].text
            pieces = pieces[:-1]
        kept.append(pieces)
    return kept


def _may_be_place(pieces: list[Piece]) -> bool:
    *others, last = pieces
    plain = titleness(last.text) <= 0 and organisationness(last.text) <= 0
    if not plain or len(last.text.split()) > _PLACE_WORDS:
        return False
    if len(others) > 1:
        return any(titleness(p.text) > 0 for p in others)
    parts = _AT.split(others[0].text) if "@" in others[0].text else _comma_parts(others[0].text)
    return len(parts) > 1 and any(titleness(part or "") > 0 for part in parts)


def _read(pieces: list[Piece], *, title_first: bool | None) -> Role:
    if not pieces:
        return Role("", "", (), GUESSED, None)
    texts = [piece.text for piece in pieces]
    if len(texts) == 1 or all(piece.row == pieces[0].row for piece in pieces):
        divided = _divide_at(texts)
        if divided is not None:
            return divided
    if len(texts) == 1:
        return _single(texts[0], title_first=title_first)
    first = [piece for piece in pieces if piece.row == pieces[0].row]
    if len(first) == 2 < len(pieces) and sum(titleness(piece.text) > 0 for piece in first) == 1:
        # "Engineer — Acme" says it all; what follows tells of it.
        role = _several(first, title_first=title_first)
        return replace(role, rest=(*role.rest, *texts[2:]))
    return _several(pieces, title_first=title_first)


def _divide_at(texts: list[str]) -> Role | None:
    """Read "Engineer at Acme"."""
    for index, text in enumerate(texts):
        match = _AT.search(text)
        if match and (match["sign"] or titleness(text[: match.start()]) > 0):
            others = tuple(texts[:index] + texts[index + 1 :])
            return Role(text[match.end() :], text[: match.start()], others, SURE, True)
    return None


def _single(text: str, *, title_first: bool | None) -> Role:
    """One piece: split at commas where the parts differ, else it is all title or all employer."""
    parts = _comma_parts(text)
    scores = [titleness(part) for part in parts]
    best = max(range(len(parts)), key=lambda i: scores[i])
    if len(parts) == 1 or scores[best] <= 0:
        if len(parts) == 2 and title_first is not None:
            first, second = parts
            pair = (second, first) if title_first else (first, second)
            return Role(*pair, (), GUESSED, title_first)
        if scores[best] > 0:
            return Role("", text, (), LIKELY, None)
        return Role(text, "", (), GUESSED, None)
    if len(parts) == 2:
        title, employer = parts[best], parts[1 - best]
        return Role(employer, title, (), SURE, best == 0)
    return _long(parts, best)


def _long(parts: list[str], best: int) -> Role:
    """Three parts and more: title, employer and a place that no list knows, in some order."""
    cues = [i for i, part in enumerate(parts) if i != best and organisationness(part) > 0]
    if best == 0:
        at = cues[0] if cues else 1
        confidence = LIKELY if cues else GUESSED
        place = ", ".join(parts[at + 1 :])
        return Role(parts[at], ", ".join(parts[:at]), (), confidence, True, place)
    title = ", ".join(parts[best:])
    if cues == [0]:
        return Role(parts[0], title, (), LIKELY, False, ", ".join(parts[1:best]))
    return Role(", ".join(parts[:best]), title, (), LIKELY if best == 1 else GUESSED, False)


def _several(pieces: list[Piece], *, title_first: bool | None) -> Role:
    texts = [piece.text for piece in pieces]
    scores = [titleness(text) for text in texts]
    title = max(range(len(texts)), key=lambda i: (scores[i], -i))
    confidence = SURE
    if scores[title] <= 0:
        organisation = max(range(len(texts)), key=lambda i: organisationness(texts[i]))
        if organisationness(texts[organisation]) > 0 and len(texts) == 2:
            title, confidence = 1 - organisation, LIKELY
        else:
            title, confidence = (0 if title_first else 1), GUESSED
    others = [i for i in range(len(texts)) if i != title]
    if sum(score > 0 for score in scores) > 1 and confidence == SURE:
        confidence = LIKELY if scores[title] - max(scores[i] for i in others) >= 1 else GUESSED
        if confidence == GUESSED and title_first is not None:
            title = 0 if title_first else 1
            others = [i for i in range(len(texts)) if i != title]
    # Of what is left, the likeliest organisation; of equals the one in the nearest row, and of
    # these the first: a place stands behind its employer.
    row = pieces[title].row
    employer = max(
        others, key=lambda i: (organisationness(texts[i]), -abs(pieces[i].row - row), -i)
    )
    rest = tuple(texts[i] for i in others if i != employer)
    if rest:
        confidence = min(confidence, LIKELY)
    name, place = _split_behind_legal_form(texts[employer])
    return Role(name, texts[title], rest, confidence, title < employer, place)


def _split_behind_legal_form(text: str) -> tuple[str, str]:
    """What follows "GmbH," or "Ltd," is where it is, even if no list knows the place."""
    head, *tail = _comma_parts(text)
    ends = head.split()[-1].casefold().strip(".") in load_words().legal_forms
    return (head, ", ".join(tail)) if ends else (text, "")


def _comma_parts(text: str) -> list[str]:
    """Parts between commas; "Acme, Inc." stays whole."""
    parts: list[str] = []
    for part in re.split(r",\s+(?![^(]*\))", text):
        if parts and part.casefold().strip(".") in load_words().legal_forms:
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts
