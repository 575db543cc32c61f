"""Resumes from files, by rules: PDF, DOCX, plain text, Markdown and JSON Resume.

`import_resume` is pure and in-process; what comes from outside goes through
`sandboxed.import_in_child`, which runs it in a child process with limits.
"""

import json

from resume_core.importing.assemble import assemble
from resume_core.importing.evidence import field_evidence
from resume_core.importing.json_evidence import stated_evidence
from resume_core.importing.layout import Document
from resume_core.importing.read_docx import read_docx
from resume_core.importing.read_pdf import read_pdf
from resume_core.importing.read_text import read_markdown, read_text
from resume_core.importing.report import (
    Doubt,
    Format,
    ImportedResume,
    ImportLimits,
    ImportRefusedError,
    ImportReport,
    RefusalCode,
)
from resume_core.importing.sniff import decode, sniff
from resume_core.jsonresume import (
    RESUME_LIMIT_BYTES,
    ResumeInvalidError,
    json_size,
    parse_json_resume,
)
from resume_core.model import Resume

__all__ = [
    "Doubt",
    "ImportLimits",
    "ImportRefusedError",
    "ImportReport",
    "ImportedResume",
    "import_resume",
]


def import_resume(data: bytes, filename: str, limits: ImportLimits | None = None) -> ImportedResume:
    """Read a resume file; its kind is told by its content, the name only breaks ties.

    Entries get no ids here. Nothing is invented: too little found is an error.

    Raises:
        ImportRefusedError: see its codes.
    """
    limits = limits or ImportLimits()
    if len(data) > limits.file_bytes:
        message = f"The file is larger than {limits.file_bytes // (1024 * 1024)} MiB."
        raise ImportRefusedError("resume_too_large", message)
    kind = sniff(data, filename)
    if kind == "json":
        return _from_json(data)
    document = _read_document(kind, data, limits)
    text = document.text
    _refuse_masses([line.text for line in document.lines], limits)
    made = assemble(document)
    resume, doubts = made.resume, made.doubts
    _refuse_low_yield(resume)
    if json_size(resume) > RESUME_LIMIT_BYTES:
        message = f"The resume is longer than {RESUME_LIMIT_BYTES // 1024} KiB of data."
        raise ImportRefusedError("resume_too_large", message)
    report = ImportReport(tuple(doubts), document.pages, len(text), document.columns)
    fields = field_evidence(resume, document, doubts, made.regions)
    return ImportedResume(resume, kind, text, report, fields)


def _read_document(kind: Format, data: bytes, limits: ImportLimits) -> Document:
    if kind == "pdf":
        return read_pdf(data, limits)
    if kind == "docx":
        return read_docx(data, limits)
    text = decode(data)
    _refuse_masses(text.splitlines(), limits)
    return read_markdown(text) if kind == "md" else read_text(text)


def _refuse_masses(lines: list[str], limits: ImportLimits) -> None:
    """Bound what the rules must look at; some of their patterns are quadratic in a line."""
    lengths = [len(line) for line in lines]
    longest = max(lengths, default=0)
    if sum(lengths) > limits.characters or len(lines) > limits.lines:
        message = "The file holds far more text than a resume."
        raise ImportRefusedError("resume_too_large", message)
    if longest > limits.line_characters:
        message = "The text is not divided into lines or paragraphs."
        raise ImportRefusedError("resume_unrecognised", message)


def _from_json(data: bytes) -> ImportedResume:
    text = decode(data)
    try:
        resume = parse_json_resume(json.loads(text))
    except ResumeInvalidError as error:
        too_large = any("larger than" in problem for problem in error.problems)
        code: RefusalCode = "resume_too_large" if too_large else "resume_unrecognised"
        message = f"This is no usable JSON Resume: {'; '.join(error.problems[:5])}."
        raise ImportRefusedError(code, message) from None
    except (ValueError, RecursionError):
        message = "The JSON file is damaged and cannot be read."
        raise ImportRefusedError("resume_unreadable", message) from None
    fields = stated_evidence(text, resume)
    return ImportedResume(resume, "json", text, ImportReport((), 1, len(text), 1), fields)


def _refuse_low_yield(resume: Resume) -> None:
    """Never keep a record that is nobody's: a name and something done are the least."""
    if not resume.basics.name:
        message = "No name was found at the top of the document. Is this a resume?"
        raise ImportRefusedError("resume_unrecognised", message)
    if not (resume.work or resume.education or resume.projects or resume.volunteer):
        message = "Neither work nor education nor projects were found under a known heading."
        raise ImportRefusedError("resume_unrecognised", message)
