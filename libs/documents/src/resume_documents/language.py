"""Which language a resume is written in, for its headings, when nobody said so."""

from resume_core.facts import resume_text
from resume_core.languages import DEFAULT_LANGUAGE
from resume_core.model import Resume
from resume_core.written import written_in


def language_of(resume: Resume) -> str:
    """The language that the resume's text is written in; English in doubt."""
    return written_in(resume_text(resume)) or DEFAULT_LANGUAGE
