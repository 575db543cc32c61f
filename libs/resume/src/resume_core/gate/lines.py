"""A changed line, and how the gate says what is wrong with it."""

from dataclasses import dataclass

from resume_core.gate.violations import Severity, Violation


@dataclass(frozen=True, slots=True)
class Line:
    """A changed line: its text (made visible), its place, the base line it replaces.

    Args:
        tongue: the language of the resume, "" for English; new words of another one are not known.
        missing: the skills that the posting asks for and the base does not show.
    """

    text: str
    path: str
    entry_id: str | None
    replaces: str = ""
    tongue: str = ""
    missing: frozenset[str] = frozenset()

    def violation(
        self, code: str, metric: int, detail: str = "", severity: Severity = Severity.BLOCK
    ) -> Violation:
        """A finding about this line."""
        return Violation(
            code=code,
            metric=metric,
            path=self.path,
            entry_id=self.entry_id,
            detail=detail[:120],
            severity=severity,
        )
