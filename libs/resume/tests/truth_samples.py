"""True resumes of seven fields, each with a posting and true rewordings of its lines."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from resume_core.facts import highlight_ids
from resume_core.gate import Gate
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.skills import SkillCatalog, load_catalog

CATALOG = load_catalog()
SAMPLES = sorted((Path(__file__).parent / "truth").glob("*.json"))
SECTIONS = ("work", "volunteer", "projects")


class Sample(NamedTuple):
    """A true resume, a posting, and true rewordings of the resume's lines."""

    name: str
    document: dict[str, Any]
    base: Resume
    posting: PostingView
    paraphrases: list[tuple[str, str]]
    summaries: list[str]
    gate: Gate


class Bullet(NamedTuple):
    section: str
    entry_id: str
    id: str
    text: str


def load(path: Path, catalog: SkillCatalog = CATALOG) -> Sample:
    data = json.loads(path.read_text("utf-8"))
    base = Resume.model_validate(data["resume"])
    posting = PostingView(**data["posting"])
    pairs = [(old, new) for old, new in data["paraphrases"]]
    gate = Gate(base, posting, catalog)
    return Sample(path.stem, data["resume"], base, posting, pairs, data["summaries"], gate)


LOADED = [load(p) for p in SAMPLES]
BACKEND = next(s for s in LOADED if s.name == "backend")
NURSE = next(s for s in LOADED if s.name == "nurse")


def bullets(sample: Sample) -> list[Bullet]:
    return [
        Bullet(section, entry.id, identifier, text)
        for section in SECTIONS
        for entry in getattr(sample.base, section)
        for identifier, text in zip(highlight_ids(entry), entry.highlights, strict=True)
    ]
