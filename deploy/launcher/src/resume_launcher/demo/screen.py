"""Printing lines within the terminal's width; what is piped has neither colours nor bold."""

import re
import textwrap
from collections.abc import Iterable
from typing import Final

from rich.console import Console

#: Wider is hard to read.
WIDEST: Final = 100
#: Marks, numbers and labels at the beginning of a line: what follows is wrapped behind them.
_LEAD: Final = re.compile(r"[*?+-] |\[\d+\] |[a-z][a-z ]{1,9}: |[A-Z][\w-]{1,8}: +|\d+ of \d+  ")


class Screen:
    """A console for outcomes."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def show(self, lines: Iterable[str]) -> None:
        """Print lines; those without an indent are headings, the others are wrapped under it."""
        for line in lines:
            if not line:
                self._console.print()
            elif line.startswith(" "):
                self._wrap(line)
            else:
                self._wrap(line, "bold")

    def _wrap(self, line: str, style: str = "") -> None:
        said = line.lstrip(" ")
        indent = len(line) - len(said)
        lead = _LEAD.match(said) if indent else None
        hanging = indent + (lead.end() if lead else 0)
        # Addresses stay whole, to be clicked.
        folded = textwrap.wrap(
            said,
            max(30, min(self._console.width, WIDEST)),
            initial_indent=line[:indent],
            subsequent_indent=" " * hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in folded:
            self._console.print(part, style=style, soft_wrap=True)
