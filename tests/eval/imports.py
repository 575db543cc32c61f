"""How right an import is: F1 of each field and layout, entries matched before compared.

Golden resumes are drawn as people draw them and read by the product's importer. The layouts are
those of the importer's own tests and, for held-out people, some that it was not built against; a
person whose letters a drawing's font lacks is left out of it.
"""

import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Final

from libs.resume.tests.documents import LAYOUTS
from tests.eval.golden import Person
from tests.eval.layouts import HELD_OUT_LAYOUTS
from tests.eval.roundtrip import exports

from resume_core.importing import ImportRefusedError, import_resume
from resume_core.model import Entry, Resume

#: What is compared within matched entries, by the report's name of the field.
FIELDS: Final = {
    "employer": ("work", "name"),
    "title": ("work", "position"),
    "start": ("work", "start_date"),
    "end": ("work", "end_date"),
    "bullet": ("work", "highlights"),
    "school": ("education", "institution"),
    "degree": ("education", "study_type"),
}
ALL_FIELDS: Final = ("name", *FIELDS, "skill")
_LARGEST: Final = 10


def score_imports(person: Person) -> Counter[tuple[str, str, str]]:
    """(layout, field, "hit" | "wanted" | "got"): values that agree, are there, were read."""
    found: Counter[tuple[str, str, str]] = Counter()
    drawn: dict[str, tuple[str, Callable[[Person], bytes]]] = {
        layout: (filename, _of_person(draw)) for layout, (filename, draw) in LAYOUTS.items()
    }
    if person.is_held_out:
        drawn |= HELD_OUT_LAYOUTS
    ours = exports()
    for layout, (filename, draw) in {**drawn, **ours}.items():
        if layout not in ours and filename.endswith(".pdf") and not _in_font(person):
            continue
        try:
            read = import_resume(draw(person), filename).resume
        except ImportRefusedError:
            read = Resume()
        for field, (hit, wanted, got) in compare(person.resume, read).items():
            found.update({(layout, field, "hit"): hit, (layout, field, "wanted"): wanted})
            found[layout, field, "got"] += got
    return found


def _of_person(draw: Callable[[Resume], bytes]) -> Callable[[Person], bytes]:
    return lambda person: draw(person.resume)


def compare(label: Resume, read: Resume) -> dict[str, tuple[int, int, int]]:
    """For each field: values that agree, values of the label, values read."""
    scores = {
        "name": _overlap([label.basics.name], [read.basics.name]),
        "skill": _overlap(
            [k for group in label.skills for k in group.keywords],
            [k for group in read.skills for k in group.keywords],
        ),
    }
    for section in ("work", "education"):
        pairs = match(getattr(label, section), getattr(read, section))
        for field, (its_section, attribute) in FIELDS.items():
            if its_section == section:
                each = [_overlap(_values(a, attribute), _values(b, attribute)) for a, b in pairs]
                hit, wanted, got = (sum(column) for column in zip(*each, strict=True))
                scores[field] = (hit, wanted, got)
    return scores


def match(
    label: tuple[Entry, ...], read: tuple[Entry, ...]
) -> list[tuple[Entry | None, Entry | None]]:
    """The assignment of read entries to the label's that agrees in most values; all are in it."""
    read = read[:_LARGEST]
    alike = [[_likeness(a, b) for b in read] for a in label]

    @cache
    def best(at: int, taken: int) -> tuple[int, tuple[int, ...]]:
        if at == len(label):
            return 0, ()
        score, chosen = best(at + 1, taken)
        options = [(score, (-1, *chosen))]
        for other in range(len(read)):
            if not taken & (1 << other):
                score, chosen = best(at + 1, taken | (1 << other))
                options.append((score + alike[at][other], (other, *chosen)))
        return max(options, key=lambda option: option[0])

    _, chosen = best(0, 0)
    pairs: list[tuple[Entry | None, Entry | None]] = [
        (entry, read[other] if other >= 0 else None)
        for entry, other in zip(label, chosen, strict=True)
    ]
    pairs.extend((None, read[other]) for other in range(len(read)) if other not in chosen)
    return pairs or [(None, None)]


def _likeness(label: Entry, read: Entry) -> int:
    attributes = {attribute for _, attribute in FIELDS.values() if hasattr(label, attribute)}
    return sum(_overlap(_values(label, a), _values(read, a))[0] for a in attributes)


def _values(entry: Entry | None, attribute: str) -> list[str | None]:
    value = getattr(entry, attribute, None)
    return list(value) if isinstance(value, tuple) else [value]


def _overlap(label: list[str | None], read: list[str | None]) -> tuple[int, int, int]:
    wanted, got = (Counter(_plain(text) for text in side if text) for side in (label, read))
    return (wanted & got).total(), wanted.total(), got.total()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _in_font(person: Person) -> bool:
    """Whether the drawings' font, an old one of western Europe, has all letters of a resume."""
    text = person.resume.model_dump_json()
    return text.encode("cp1252", errors="ignore").decode("cp1252") == text
