"""Interview packs: likely questions, the person's own evidence, gaps to admit, what to ask."""

from resume_core.interview.build import InterviewOrder, build_interview, subjects
from resume_core.interview.edit import WantedQuestion, edit_interview
from resume_core.interview.model import (
    DraftQuestion,
    InterviewDraft,
    InterviewPrep,
    LikelyQuestion,
    QuestionKind,
)

__all__ = [
    "DraftQuestion",
    "InterviewDraft",
    "InterviewOrder",
    "InterviewPrep",
    "LikelyQuestion",
    "QuestionKind",
    "WantedQuestion",
    "build_interview",
    "edit_interview",
    "subjects",
]
