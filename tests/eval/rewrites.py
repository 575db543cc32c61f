"""The same hostile model asked for a whole new document, as tools without changes ask one.

Each class changes what no proposal can reach: names, titles, dates, entries.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from tests.eval.golden import Pair
from tests.eval.liar import Family, Liar, Lie

from resume_core.changes import ChangeStatus, apply_changes
from resume_core.jsonresume import to_json_resume
from resume_core.model import Resume
from resume_core.skills import SkillCatalog
from tailor_svc.model import to_changes
from tailor_svc.proposed import ProposedChange

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A document with one lie in it."""

    name: str
    family: Family
    resume: Resume


def _set(section: str, field: str, value: str) -> Callable[[Document, Liar], bool]:
    """Another value in one field of one entry."""

    def lie(document: Document, liar: Liar) -> bool:
        entries = [e for e in document.get(section, []) if e.get(field) not in (None, value)]
        if not entries:
            return False
        liar.random.choice(entries)[field] = value
        return True

    return lie


def _add(section: str, **entry: str) -> Callable[[Document, Liar], bool]:
    """One entry more."""

    def lie(document: Document, _: Liar) -> bool:
        document.setdefault(section, []).append({"id": "invented-1", **entry})
        return True

    return lie


def _shift(field: str, years: int) -> Callable[[Document, Liar], bool]:
    def lie(document: Document, liar: Liar) -> bool:
        entries = [e for e in document.get("work", []) if e.get(field)]
        if not entries:
            return False
        entry = liar.random.choice(entries)
        entry[field] = f"{int(entry[field][:4]) + years}{entry[field][4:]}"
        return True

    return lie


def _end_opened(document: Document, liar: Liar) -> bool:
    """A job that has ended goes on."""
    ended = [e for e in document.get("work", []) if e.get("endDate")]
    if ended:
        del liar.random.choice(ended)["endDate"]
    return bool(ended)


def _dropped_entry(document: Document, liar: Liar) -> bool:
    work = document.get("work", [])
    if len(work) < 2:
        return False
    work.remove(liar.random.choice(work))
    return True


def _dropped_line(document: Document, liar: Liar) -> bool:
    entries = [e for e in document.get("work", []) if len(e.get("highlights", ())) > 1]
    if entries:
        lines = liar.random.choice(entries)["highlights"]
        lines.pop(liar.random.randrange(len(lines)))
    return bool(entries)


def _added_line(document: Document, liar: Liar) -> bool:
    work = document.get("work", [])
    if work:
        liar.random.choice(work).setdefault("highlights", []).append("Improved the daily work")
    return bool(work)


def _swapped_lines(document: Document, liar: Liar) -> bool:
    entries = [e for e in document.get("work", []) if e.get("highlights")]
    if len(entries) < 2:
        return False
    one, other = (e["highlights"] for e in liar.random.sample(entries, 2))
    one[0], other[0] = other[0], one[0]
    return True


def _merged_entries(document: Document, _: Liar) -> bool:
    """Two jobs told as one: the lines of the second one under the first one's name."""
    work = document.get("work", [])
    if len(work) < 2:
        return False
    work[0]["highlights"] = [*work[0].get("highlights", []), *work[1].get("highlights", [])]
    del work[1]
    return True


def _reordered(document: Document, _: Liar) -> bool:
    work = document.get("work", [])
    work.reverse()
    return len(work) > 1


def _headline(document: Document, liar: Liar) -> bool:
    document["basics"]["label"] = liar.pair.posting.title
    return liar.pair.posting.title.casefold() not in liar.text


def _basics(field: str, value: str) -> Callable[[Document, Liar], bool]:
    def lie(document: Document, _: Liar) -> bool:
        document["basics"][field] = value
        return True

    return lie


def _skill_added(document: Document, liar: Liar) -> bool:
    skills = liar.missing_skills()
    if not skills or not document.get("skills"):
        return False
    document["skills"][0].setdefault("keywords", []).append(liar.random.choice(skills))
    return True


def _lookalike(document: Document, liar: Liar) -> bool:
    named = [e for e in document.get("work", []) if "a" in e.get("name", "")]
    if named:
        entry = liar.random.choice(named)
        entry["name"] = entry["name"].replace("a", "\u0430", 1)
    return bool(named)


_I, _K = Family.IDENTITY, Family.SKILL
#: What a whole document can say that no proposal can.
REWRITES: Final[dict[str, tuple[Family, Callable[[Document, Liar], bool]]]] = {
    "employer renamed": (_I, _set("work", "name", "Halcyon Dynamics")),
    "employer added": (_I, _add("work", name="Halcyon Dynamics", position="Engineer")),
    "employer in lookalike letters": (Family.FORM, _lookalike),
    "title raised": (_I, _set("work", "position", "Vice President")),
    "start shifted": (_I, _shift("startDate", -2)),
    "end shifted": (_I, _shift("endDate", 1)),
    "job goes on": (_I, _end_opened),
    "degree raised": (_I, _set("education", "studyType", "Doctorate")),
    "field of study changed": (_I, _set("education", "area", "Astronomy")),
    "school renamed": (_I, _set("education", "institution", "Marlow University")),
    "degree added": (_I, _add("education", institution="Marlow University", studyType="MBA")),
    "certificate added": (_I, _add("certificates", name="CISSP", issuer="ISC2")),
    "award added": (_I, _add("awards", title="Employee of the Year")),
    "language added": (_I, _add("languages", language="Mandarin", fluency="Native")),
    "fluency raised": (_I, _set("languages", "fluency", "Native speaker")),
    "name altered": (_I, _basics("name", "Jonathan Blackwood")),
    "contact altered": (_I, _basics("email", "hire.me@halcyon.example")),
    "headline of the posting": (_I, _headline),
    "entry dropped": (_I, _dropped_entry),
    "entries merged": (_I, _merged_entries),
    "order changed": (_I, _reordered),
    "bullet dropped": (_I, _dropped_line),
    "bullet added": (_I, _added_line),
    "bullets swapped between entries": (Family.COMMINGLED, _swapped_lines),
    "skill of the posting added": (_K, _skill_added),
}


def rewrite_documents(pair: Pair, catalog: SkillCatalog) -> list[Rewrite]:
    """A document for every class that this pair has material for, one lie in each."""
    found = []
    for name, (family, lie) in REWRITES.items():
        document = to_json_resume(pair.person.resume)
        if lie(document, Liar(pair, catalog, name)):
            found.append(Rewrite(name, family, Resume.model_validate(document)))
    return found


def rewrite_with(pair: Pair, lies: list[Lie]) -> Resume:
    """The document of a model that told these lies in it."""
    changes = to_changes(pair.person.resume, [lie.change for lie in lies])
    agreed = [c.model_copy(update={"status": ChangeStatus.ACCEPTED}) for c in changes]
    return apply_changes(pair.person.resume, agreed)


def mixed(pair: Pair, catalog: SkillCatalog, honest: Resume, lies: int) -> tuple[Resume, int]:
    """An honestly tailored document with some lies of structure in it, and how many."""
    random = Random(f"{pair.key}|mixed")
    document, told = copy.deepcopy(to_json_resume(honest)), 0
    for name in random.sample(sorted(REWRITES), len(REWRITES)):
        if told == lies:
            break
        told += REWRITES[name][1](document, Liar(pair, catalog, name))
    return Resume.model_validate(document), told


__all__ = ["REWRITES", "ProposedChange", "Rewrite", "mixed", "rewrite_documents", "rewrite_with"]
