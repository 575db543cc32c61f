"""Education: school, degree and field told apart."""

import re
from typing import Final

from resume_core.importing.dated import Read, span_doubts, split_list
from resume_core.importing.heads import Group, Head, read_head
from resume_core.importing.lexicon import find_degree, is_school
from resume_core.importing.places import is_place
from resume_core.importing.report import Doubt
from resume_core.model import Education

_SCORE: Final = re.compile(
    r"\b(?:c?gpa|grade|final grade|overall grade|note|abschlussnote|gesamtnote|score|result|"
    r"mention|moyenne|nota(?: media)?)\s*[:=]?\s*"
    r"(\d+[.,]?\d*(?:\s*/\s*\d+[.,]?\d*)?|[A-F][+-]?(?=\W|$))(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_COURSES: Final = re.compile(
    r"(?:relevant |selected |key )?(?:coursework|courses|course work|modules)"
    r"\s*(?:included?)?:\s*(.+)",
    re.IGNORECASE,
)
_FIELD: Final = re.compile(
    r"^\s*(?:,|:|-|\u2013|\u2014|\bin\b|\bim\b|\be[mn]\b|\bder\b|\s)+\s*", re.IGNORECASE
)
#: "Wirtschaftsprüfung in Steuerrecht": a course no list knows, before the field it is in.
_IN_FIELD: Final = re.compile(
    r"[^\W\d_a-z][\w'\u2019.-]+(?: [\w'\u2019.-]+){0,3}?(?= (?:in|im|en|em) (?=[^\W\d_a-z]))"
)
_CLASS: Final = re.compile(r"^\s*\(((?:hons?|honours|honors|fh|uni)\.?)\)", re.IGNORECASE)
_FROM: Final = re.compile(r"\s+(?:at|from|an der|à|en la)\s+", re.IGNORECASE)
_GRADED_TAIL: Final = re.compile(
    r",\s+(?=(?:\w+\s)*(?:c?gpa|grade|note|honou?rs|cum laude|(?:first|second|third) class)\b)",
    re.IGNORECASE,
)
_FIELD_WORD: Final = re.compile(
    r"(?:ics|ing|ology|nomy|wesen|kunde|wissenschaft(?:en)?|lehre|studien|informatik|physik|"
    r"sciences?|studies|arts?|law|medicine|history|management|jura|medizin|chemi[es]\w*)$",
    re.IGNORECASE,
)
_HONOURS: Final = re.compile(
    r"(?:graduated\s+)?(?:with\s+)?(?:summa|magna)?\s*(?:cum laude|(?:first|second)[- ]class.*|"
    r"distinction|(?:high(?:est)?\s)?honou?rs)",
    re.IGNORECASE,
)


def read_education(groups: list[Group]) -> Read[Education]:
    """Courses of study. A single date is the end: people write when they graduated."""
    result: Read[Education] = Read()
    for index, group in enumerate(groups):
        head = read_head(group)
        school, degree, area, rest = _read(head)
        texts = rest + group.prose + group.bullets
        score, courses, notes = _details(texts)
        span = head.span
        lone = span is not None and span.lone
        extra = {"x-notes": notes} if notes else {}
        result.entries.append(
            Education.model_validate(
                {
                    "institution": school or None,
                    "studyType": degree or None,
                    "area": area or None,
                    "url": head.url or None,
                    "startDate": span.start if span and not lone else None,
                    "endDate": (span.start if lone else span.end) if span else None,
                    "score": score,
                    "courses": courses,
                    **extra,
                }
            )
        )
        result.doubts += _doubts(f"education[{index}]", head, school, degree)
        result.lines.append(group.lines)
    return result


def _doubts(path: str, head: Head, school: str, degree: str) -> list[Doubt]:
    doubts = [] if head.span is not None and head.span.lone else span_doubts(path, head.span)
    if not school:
        doubts.append(Doubt(f"{path}.institution", "no school found", 0.0))
    elif not is_school(school):
        doubts.append(Doubt(f"{path}.institution", "no word marks it as a school", 0.6))
    if not degree:
        doubts.append(Doubt(f"{path}.studyType", "no degree found", 0.3))
    return doubts


def _read(head: Head) -> tuple[str, str, str, list[str]]:
    """School, degree, field and what is left of a head."""
    school = degree = area = ""
    rest: list[str] = []
    for piece in _pieces(head):
        at = _degree_at(piece)
        if at is not None and not degree and not (is_school(piece[: at[0]]) and at[0] > 0):
            degree, remainder = _split_degree(piece, at)
            inner_school, area_found = _school_and_area(remainder)
            area = area or area_found
            school = school or inner_school
        elif is_school(piece) and not school:
            school = piece
        elif _SCORE.search(piece) or _HONOURS.fullmatch(piece):
            rest.append(piece)
        elif degree and not area and (school or not _capital_only(piece)):
            area = piece
        elif not school:
            school = piece
        elif not area and not degree:
            area = piece
        else:
            rest.append(piece)
    return _settled(school, degree, area, rest)


def _settled(
    school: str, degree: str, area: str, rest: list[str]
) -> tuple[str, str, str, list[str]]:
    """Cut apart what one piece held: "Some University, Physics" and "Physics, HAW, grade 1.9"."""
    area, *said = _GRADED_TAIL.split(area, maxsplit=1)
    if school and degree and not area:
        name, field = _school_and_area(school)
        if _FIELD_WORD.search(field) or len(field.split()) > 1:
            school, area = name, field
    elif degree and not school and "," in area:
        area, school = (part.strip() for part in area.rsplit(",", 1))
    return school, degree, area, rest + said


def _pieces(head: Head) -> list[str]:
    """Pieces of the head; one that names degree and school both is cut where they meet."""
    pieces: list[str] = []
    for piece in head.pieces:
        parts = _FROM.split(piece.text, maxsplit=1)
        apart = len(parts) == 2 and not is_school(parts[0]) and not _degree_at(parts[1])
        if apart and _degree_at(parts[0]):
            pieces += parts
            continue
        parts = re.split(r",\s+(?![^(]*\))", piece.text)
        with_degree = next((i for i, part in enumerate(parts) if _degree_at(part)), None)
        with_school = next((i for i, part in enumerate(parts) if is_school(part)), None)
        if with_school is None and with_degree == 1 and not _is_studied(parts[0]):
            # "Akademia, Magister in Informatyka": no word says school, its place does.
            pieces += [parts[0], ", ".join(parts[1:])]
        elif with_degree is None or with_school is None or with_degree == with_school:
            pieces.append(piece.text)
        elif with_school < with_degree:
            pieces += [", ".join(parts[:with_degree]), ", ".join(parts[with_degree:])]
        else:
            pieces += [", ".join(parts[:with_school]), ", ".join(parts[with_school:])]
    # Degrees first, so that a field without a name of its own finds its degree.
    return sorted(pieces, key=lambda piece: not (_degree_at(piece) or is_school(piece)))


def _degree_at(text: str) -> tuple[int, int] | None:
    """Where a degree's name stands: one that is known, else what is taken "in" a field."""
    known = find_degree(text)
    course = None if known else _IN_FIELD.match(text)
    if course is None or is_school(course[0]) or _FIELD_WORD.search(course[0]):
        return known
    return None if is_place(text[course.end() + 4 :].split(",", maxsplit=1)[0]) else course.span()


def _is_studied(text: str) -> bool:
    """Whether the text names a subject or a mark rather than a school."""
    marked = _SCORE.search(text) or _HONOURS.fullmatch(text) or _FIELD_WORD.search(text)
    return marked is not None or _degree_at(text) is not None


def _split_degree(piece: str, at: tuple[int, int]) -> tuple[str, str]:
    """The degree with what belongs to its name, and the text around it."""
    degree, after = piece[at[0] : at[1]].strip(" ,"), piece[at[1] :]
    before = piece[: at[0]].strip(" ,:\u2013-")
    honours = _CLASS.match(after)
    if honours:
        degree, after = f"{degree} ({honours[1]})", after[honours.end() :]
    named = re.match(r"\s+of\s+(.+?)(?=\s+in\s|,|$)", after)
    if named and not is_school(named[1]):
        degree, after = f"{degree} of {named[1]}", after[named.end() :]
    area = _FIELD.sub("", after).strip(" ,")
    if area.startswith("(") and area.endswith(")") and "(" not in area[1:]:
        area = area[1:-1]
    generic = degree.casefold().startswith(("certificate", "diploma"))
    if before and not is_school(before) and not area and not generic:
        return degree, before
    return (f"{before} {degree}".strip() if before else degree), area


def _school_and_area(text: str) -> tuple[str, str]:
    """Split "Princeton University, Computer Science"."""
    if not is_school(text):
        return "", text
    parts = re.split(r",\s+", text)
    schools = [part for part in parts if is_school(part) or is_place(part)]
    if len(parts) == 1 and len(text.split()) > 1:
        return text, ""
    return ", ".join(schools), ", ".join(part for part in parts if part not in schools)


def _capital_only(text: str) -> bool:
    return text.isupper()


def _details(texts: list[str]) -> tuple[str | None, list[str], list[str]]:
    """Score, courses, and what remains as notes."""
    score: str | None = None
    courses: list[str] = []
    notes: list[str] = []
    for text in texts:
        found = _COURSES.fullmatch(text)
        if found:
            courses += split_list(found[1])
            continue
        graded = _SCORE.search(text)
        if graded and score is None:
            score = graded[1]
            if graded.span() == (0, len(text)):
                continue
        notes.append(text)
    return score, courses, notes
