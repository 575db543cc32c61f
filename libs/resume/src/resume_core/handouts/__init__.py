"""Interview packs and career paths laid out for reading and for print, nothing computed anew."""

from resume_core.handouts.career import career_handout
from resume_core.handouts.interview import interview_handout

__all__ = ["career_handout", "interview_handout"]
