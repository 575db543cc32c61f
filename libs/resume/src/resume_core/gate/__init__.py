"""The truth gate: deterministic checks that a tailored resume says nothing its base does not.

It fails closed and has the last word before anything is stored. `docs/architecture` explains the
metrics by number; `check_resume` looks at a whole document, `check_change` at one proposal.
"""

from resume_core.gate.check import Gate, check_change, check_resume
from resume_core.gate.violations import GATE_VERSION, Severity, Violation, blocking

__all__ = [
    "GATE_VERSION",
    "Gate",
    "Severity",
    "Violation",
    "blocking",
    "check_change",
    "check_resume",
]
