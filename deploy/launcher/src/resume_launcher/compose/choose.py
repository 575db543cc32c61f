"""`python3 -m resume_launcher.compose.choose`: prints how `make demo` runs, and says why.

Standard library only: it runs before anything is installed.
"""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from resume_launcher.compose.engine import why_not

KINDS = ("native", "compose")
STACK_FILE = Path("build/stack.json")


def choose(environ: Mapping[str, str], stack_file: Path) -> tuple[str, str]:
    """The kind of stack, and the reason: STACK, else what runs, else Docker when it can."""
    asked = environ.get("STACK")
    if asked:
        return asked, f"STACK={asked}"
    running = _running(stack_file)
    if running is not None:
        return running, "a stack of this kind runs already"
    reason = why_not()
    if reason is None:
        return "compose", "a Docker engine has the images or can pull them; STACK=native: without"
    return "native", f"{reason}; private processes instead"


def _running(stack_file: Path) -> str | None:
    try:
        kind = json.loads(stack_file.read_text(encoding="utf-8")).get("kind")
    except (OSError, ValueError):
        return None
    return kind if kind in KINDS else None


if __name__ == "__main__":
    KIND, REASON = choose(os.environ, STACK_FILE)
    sys.stderr.write(f"Running {'in containers' if KIND == 'compose' else 'natively'}: {REASON}.\n")
    sys.stdout.write(KIND + "\n")
