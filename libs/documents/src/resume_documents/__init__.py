"""Resumes, letters and handouts as files, each re-read and checked before it leaves.

`produce` is pure and in-process; a service calls `sandboxed.produce_in_child`, which runs it in a
child process with limits.
"""

from resume_documents.errors import (
    DocumentError,
    DocumentFailedError,
    UnfaithfulDocumentError,
    UnprintableError,
)
from resume_documents.language import language_of
from resume_documents.letters import printed
from resume_documents.model import (
    FORMATS,
    MEDIA_TYPES,
    PAPERS,
    TEMPLATES,
    Format,
    Letter,
    Limits,
    Options,
    Paper,
    Template,
)
from resume_documents.produce import Document, produce, render, verify
from resume_documents.reread import reread
from resume_documents.verify import Missing

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "PAPERS",
    "TEMPLATES",
    "Document",
    "DocumentError",
    "DocumentFailedError",
    "Format",
    "Letter",
    "Limits",
    "Missing",
    "Options",
    "Paper",
    "Template",
    "UnfaithfulDocumentError",
    "UnprintableError",
    "language_of",
    "printed",
    "produce",
    "render",
    "reread",
    "verify",
]
