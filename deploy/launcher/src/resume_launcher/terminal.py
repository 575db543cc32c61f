"""Printing for a person, and asking one."""

import os
import sys
from pathlib import Path
from typing import TextIO


def is_terminal(stream: TextIO = sys.stdout) -> bool:
    """Whether a live display makes sense."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def say(line: str = "") -> None:
    """One line, at once."""
    print(line, flush=True)


def complain(line: str) -> None:
    """One line to stderr."""
    print(line, file=sys.stderr, flush=True)


def agreed(question: str) -> bool:
    """Ask; YES=1 agrees beforehand, and nobody at a terminal does not agree.

    The terminal itself is asked, not stdin: a posting may be piped in there.
    """
    if os.environ.get("YES") == "1":
        return True
    try:
        terminal = Path("/dev/tty").open("r+", encoding="utf-8", buffering=1)  # noqa: SIM115  closed below
    except OSError:
        return False
    with terminal:
        terminal.write(f"{question} [y/N] ")
        terminal.flush()
        return terminal.readline().strip().lower() in {"y", "yes"}
