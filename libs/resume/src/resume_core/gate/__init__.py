"""The truth gate: deterministic checks that a tailored resume says nothing its base does not.

It fails closed and has the last word before anything is stored: what it does not know to be true
does not pass. `check_resume` looks at a whole document, `check_change` at one proposal; `Gate`
keeps what it derived from the base between calls. `violations` names the metrics by number. The
words that a rewording may bring in are English: lines of other languages keep their wording, and
orders, labels and keywords work for all.
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
