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
    """The pieces of each head without a place that no list knows.

    It is a short last piece that is neither a title nor an organisation, below or beside what
    names both already. Where the other heads have a place, it may also stand behind the
    employer's comma.
    """
    habit = sum(map(_has_place, heads)) * 2 >= len(heads) or _all_name_places(heads)
    listed, kept = _all_name_places(heads), []
    for head in heads:
        pieces = head.pieces
        if not head.place and len(pieces) > 1:
            if _may_be_place(pieces, habit=habit) or _stands_below(head):
                head.place, head.is_place_guessed = pieces[-1].text, True
                pieces = pieces[:-1]
            elif habit and (cut := _behind_employer(pieces, titled=listed)):
                head.place, pieces = cut
                head.is_place_guessed = True
        kept.append(pieces)
    return kept


def _has_place(head: Head) -> bool:
    return bool(head.place) or any(_split_behind_legal_form(p.text)[1] for p in head.pieces)


def _stands_below(head: Head) -> bool:
    """Whether a short piece stands alone below two others that nothing tells apart.

    With the dates in its row it would be the title.
    """
    rows, last = [piece.row for piece in head.pieces], head.pieces[-1]
    alone = len(rows) == 3 and rows[0] == rows[1] < rows[2] != head.dated_row
    return alone and head.dated_row >= 0 and _is_plain(last.text)


def _all_name_places(heads: list[Head]) -> bool:
    """Whether every one of several heads has "Employer, Place" beside one other piece."""
    return len(heads) > 1 and all(
        _has_place(head) or _behind_employer(head.pieces, titled=True) for head in heads
    )


def _may_be_place(pieces: list[Piece], *, habit: bool) -> bool:
    *others, last = pieces
    if not _is_plain(last.text):
        return False
    if len(others) > 1:
        return habit and any(titleness(p.text) > 0 for p in others)
    first = others[0]
    if "@" in first.text:
        return len(_AT.split(first.text)) > 1
    parts = _comma_parts(first.text)
    titled = [titleness(part) > 0 for part in parts]
    # On its own line, it needs no example: "Forklift Driver, Nene Parcels" has said the rest.
    return len(parts) > 1 and any(titled) and (habit or last.row > first.row)


def _behind_employer(
    pieces: list[Piece], *, titled: bool = False
) -> tuple[str, list[Piece]] | None:
    """The place cut off "Maple Ridge Stores, Mississauga", beside a piece that is the title.

    `titled` says that the other piece need not have a word of a title.
    """
    for index, piece in enumerate(pieces):
        parts = _comma_parts(piece.text)
        others = pieces[:index] + pieces[index + 1 :]
        known = any(titleness(o.text) > 0 for o in others) or (titled and len(others) == 1)
        if len(parts) == 2 and known and titleness(piece.text) <= 0 and _is_plain(parts[1]):
            rest = [*pieces[:index], replace(piece, text=parts[0]), *pieces[index + 1 :]]
            return parts[1], rest
    return None


def _is_plain(text: str) -> bool:
    """Whether nothing speaks against a place: short, without a digit, no title, no organisation."""
    short = len(text.split()) <= _PLACE_WORDS and not any(map(str.isdigit, text))
    return short and text[:1].isupper() and titleness(text) <= 0 and organisationness(text) <= 0


def _read(pieces: list[Piece], *, title_first: bool | None) -> Role:
    if not pieces:
        return Role("", "", (), GUESSED, None)
    texts = [piece.text for piece in pieces]
    same_row = all(piece.row == pieces[0].row for piece in pieces)
    if same_row or any("@" in text for text in texts):
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
        if scores[best] > 0:
            return Role("", text, (), LIKELY, None)
        if len(parts) in {2, 3} and (title_first is not None or len(parts) == 3):
            # "Title, employer, place" and its like: nothing else of the head can be the title.
            first, second, *place = parts
            pair = (first, second) if title_first is False else (second, first)
            return Role(*pair, (), GUESSED, title_first, *place)
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
        elif (lone := _lone(pieces)) is not None:
            title, confidence = lone, GUESSED
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


def _lone(pieces: list[Piece]) -> int | None:
    """The title of "Employer - Place" with a title above or below it: the piece alone in a row."""
    rows = [piece.row for piece in pieces]
    alone = [at for at, row in enumerate(rows) if rows.count(row) == 1]
    return alone[0] if len(rows) == 3 and len(set(rows)) == 2 and len(alone) == 1 else None


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
