"""What can be asked for: formats, templates, paper; and a letter."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Format = Literal["pdf", "docx", "json", "md", "txt"]
Template = Literal["classic", "modern", "compact"]
Paper = Literal["a4", "us-letter"]

FORMATS: Final[tuple[Format, ...]] = get_args(Format)
TEMPLATES: Final[tuple[Template, ...]] = get_args(Template)
PAPERS: Final[tuple[Paper, ...]] = get_args(Paper)
MEDIA_TYPES: Final[dict[Format, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How a document shall look. `language` is a tag; only PDF and DOCX have template and paper."""

    format: Format
    template: Template = "classic"
    paper: Paper = "a4"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter as it is printed; every field as written. `sender` and `recipient` are lines."""

    sender: tuple[str, ...]
    date: str
    recipient: tuple[str, ...]
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    closing: str
    signature: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What making one document may use: address space in bytes, processor and wall seconds."""

    memory: int = 1024 * 1024 * 1024
    cpu_s: int = 20
    wall_s: float = 30.0
    file_bytes: int = 8 * 1024 * 1024
