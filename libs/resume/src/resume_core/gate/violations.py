from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

#: Raised whenever the same inputs would be judged differently.
GATE_VERSION: Final = "2026.11-4"


class Severity(StrEnum):
    """Whether a violation keeps a change out, or only asks the person to look."""

    BLOCK = "block"
    FLAG = "flag"


class Violation(BaseModel):
    """One finding. `code` is stable and safe to log; `detail` may quote the offending word.

    `metric` is the number of the quality metric (1 identity fabrication, 2 identity loss,
    3 skills, 4 quantities, 5 scope, 6 anachronism, 7 context bleed, 8 provenance, 11 omission,
    12 over-elaboration, 13 filler).
    """

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)

    code: str
    metric: int
    path: str
    entry_id: str | None = None
    detail: str = ""
    severity: Severity = Severity.BLOCK


def blocking(violations: Iterable[Violation]) -> list[Violation]:
    """The violations that keep a change or a document out."""
    return [v for v in violations if v.severity is Severity.BLOCK]
