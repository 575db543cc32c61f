"""Resumes from files, by rules: PDF, DOCX, plain text, Markdown and JSON Resume."""

from resume_core.importing.report import (
    Doubt,
    ImportedResume,
    ImportLimits,
    ImportRefusedError,
    ImportReport,
)

__all__ = ["Doubt", "ImportLimits", "ImportRefusedError", "ImportReport", "ImportedResume"]
