"""The sets: true resumes, each with a posting of its field and true rewordings of its lines.

The golden set is what the gate and the importer are built against. The held-out set was written
after them, without their word lists in sight; nothing is fitted to its words.

One YAML file a person. A line of an entry is a list: what the resume says, then other ways to say
the same. People, employers and schools are inventions; addresses end in `.example`.
"""

import json
from collections.abc import Iterator
from functools import cache, cached_property
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import yaml
from tests.eval.wordings import load_wordings

from resume_core.facts import highlight_ids
from resume_core.gate import Gate
from resume_core.ids import assign_ids
from resume_core.jsonresume import parse_json_resume
from resume_core.model import Resume
from resume_core.posting import PostingView

#: Each set of people by its name in reports: its folder and its file of wordings.
SETS: Final = MappingProxyType({"golden": "golden", "held out": "heldout"})
_HERE: Final = Path(__file__).parent
#: Resumes that nobody here wrote; beside the repository on some machines only.
SAMPLES: Final = Path(__file__).parents[3] / "shared" / "samples"
BULLETED: Final = ("work", "volunteer", "projects")


class Bullet(NamedTuple):
    """One line of an entry under its id."""

    section: str
    entry_id: str
    id: str
    text: str


class Person:
    """A golden resume with its posting and the true rewordings of its lines."""

    def __init__(self, name: str, data: dict[str, Any], of: str) -> None:
        self.name = name
        self.is_held_out = of == "heldout"
        self.wordings = load_wordings(of)
        self.language: str = data["lang"]
        self.field: str = data["field"]
        self.paraphrases: dict[str, tuple[str, ...]] = {}
        numbers = count(1)
        resume = parse_json_resume(self._plain(data["resume"]))
        self.resume: Resume = assign_ids(
            resume, previous=None, new_id=lambda: f"{name}-{next(numbers)}"
        )
        posting = data.get("posting")
        self.posting = PostingView(**posting) if posting else None

    def _plain(self, document: dict[str, Any]) -> dict[str, Any]:
        """The document as the standard has it: lines without their rewordings."""
        for section in BULLETED:
            for entry in document.get(section, ()):
                lines = [line if isinstance(line, list) else [line] for line in entry["highlights"]]
                self.paraphrases |= {line[0]: tuple(line[1:]) for line in lines}
                entry["highlights"] = [line[0] for line in lines]
        return document

    @cached_property
    def bullets(self) -> list[Bullet]:
        """Every line of work, volunteering and projects."""
        return [
            Bullet(section, entry.id, identifier, text)
            for section in BULLETED
            for entry in getattr(self.resume, section)
            for identifier, text in zip(highlight_ids(entry), entry.highlights, strict=True)
        ]


class Pair(NamedTuple):
    """A person who applies for a posting, their own field's or another's."""

    person: Person
    posting: PostingView
    matched: bool
    gate: Gate

    @property
    def key(self) -> str:
        """What the lies of this pair are drawn from."""
        return f"{self.person.name}|{self.posting.title}|{self.posting.company}"


@cache
def load_people(of: str = "golden") -> list[Person]:
    """The people of a set; after the golden ones those of the samples when they are there."""
    people = [
        Person(path.stem, yaml.safe_load(path.read_text(encoding="utf-8")), of)
        for path in sorted((_HERE / of).glob("*.yaml"))
    ]
    return [*people, *_strangers()] if of == "golden" else people


def _strangers() -> Iterator[Person]:
    for path in sorted(SAMPLES.glob("*.resume.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        for section in BULLETED:
            for entry in document.get(section, ()):
                entry.setdefault("highlights", [])
        name = path.name.split(".")[0]
        yield Person(name, {"lang": "en", "field": "sample", "resume": document}, "golden")
