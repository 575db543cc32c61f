"""A model's reading of a resume beside the rules': it points, the text decides."""

from resume_core.importing.pointing.answer import PointedResume
from resume_core.importing.pointing.lines import shown_lines
from resume_core.importing.pointing.merging import Merged, Reading, merge_readings

__all__ = ["Merged", "PointedResume", "Reading", "merge_readings", "shown_lines"]
