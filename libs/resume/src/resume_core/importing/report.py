"""What an import returns, and how it refuses."""

from dataclasses import dataclass
from typing import Final, Literal

from resume_core.model import Resume

Format = Literal["pdf", "docx", "txt", "md", "json"]
RefusalCode = Literal[
    "resume_empty",
    "resume_scanned",
    "resume_encrypted",
    "resume_unreadable",
    "resume_too_large",
    "resume_unsupported",
    "resume_unrecognised",
]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place where the rules guessed.

    `path` is like `work[0].position`, `confidence` 0 to 1, `reason` never quotes the text.
    `alternative` is what another reading has there.
    """

    path: str
    reason: str
    confidence: float
    alternative: str | None = None


@dataclass(frozen=True, slots=True)
class FieldRead:
    """Where a field was read, and how sure that is.

    `spans` are ranges of characters of the text, none for what the text does not have; `line` and
    `page`, from 1, are where the first begins. `rule` says what found it (see `confidence`).
    """

    path: str
    spans: tuple[tuple[int, int], ...]
    line: int | None
    page: int | None
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How the reading went: `columns` is the most that any page had, `characters` of text."""

    doubts: tuple[Doubt, ...]
    pages: int
    characters: int
    columns: int


@dataclass(frozen=True, slots=True)
class ImportedResume:
    """A resume read from a file, with the text it was read from."""

    resume: Resume
    format: Format
    text: str
    report: ImportReport
    fields: tuple[FieldRead, ...] = ()


class ImportRefusedError(Exception):
    """The file gives no resume. `code` is stable, `message` is for people, neither quotes it."""

    def __init__(self, code: RefusalCode, message: str) -> None:
        super().__init__(message)
        self.code: Final = code
        self.message: Final = message


@dataclass(frozen=True, slots=True)
class ImportLimits:
    """Bounds of one import: bytes in, pages, text, and what the child may use.

    `memory` is address space in bytes, `cpu_s` and `wall_s` are seconds.
    """

    file_bytes: int = 5 * 1024 * 1024
    pages: int = 20
    characters: int = 100_000
    lines: int = 3_000
    line_characters: int = 3_000
    unpacked_bytes: int = 40 * 1024 * 1024
    archive_entries: int = 500
    archive_ratio: int = 100
    memory: int = 1024 * 1024 * 1024
    cpu_s: int = 10
    wall_s: float = 20.0
