"""Whether a tailoring lost a skill on its way (metric 11)."""

from resume_core.facts import entry_text
from resume_core.model import SECTIONS, Resume
from resume_core.skills import SkillCatalog


def loses_skills(base: Resume, tailored: Resume, catalog: SkillCatalog) -> bool:
    """Whether any part of the document mentions fewer skills than before."""
    parts = [(base.basics.summary or "", tailored.basics.summary or "")]
    parts.append((base.basics.label or "", tailored.basics.label or ""))
    for section in SECTIONS:
        after = {e.id: e for e in getattr(tailored, section)}
        for entry in getattr(base, section):
            if entry.id not in after:
                return True
            if entry is not after[entry.id]:
                parts.append((entry_text(entry), entry_text(after[entry.id])))
    names = catalog.names_in
    return any(old != new and not names(old) <= names(new) for old, new in parts)
