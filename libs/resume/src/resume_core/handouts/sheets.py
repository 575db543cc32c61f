"""The frame of a handout."""

from resume_core.sheet import Section, Sheet


def handout(name: str, label: str, *sections: Section) -> Sheet:
    """A sheet with those of its sections that say something; no contacts, no summary."""
    return Sheet(
        name=name,
        label=label,
        contacts=(),
        summary_title="",
        summary="",
        sections=tuple(section for section in sections if section.blocks or section.items),
    )
