"""Printing for a person, and asking one."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

TERMINAL = Path("/dev/tty")

#: Prints a line.
Say = Callable[[str], None]


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
        with TERMINAL.open("w", encoding="utf-8") as screen:
            screen.write(f"{question} [y/N] ")
        with TERMINAL.open(encoding="utf-8") as keyboard:
            return keyboard.readline().strip().lower() in {"y", "yes"}
    except OSError:
        return False
