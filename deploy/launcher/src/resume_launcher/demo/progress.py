"""How far the job is: a live bar in a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

Show = Callable[[int, str], None]


class Display(Protocol):
    """Shows progress (0 to 100) and what is being done or waited for."""

    def show(self, progress: int, message: str) -> None:
        """Show one state."""


class _Bar:
    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task = progress.add_task("", total=100, message="")

    def show(self, progress: int, message: str) -> None:
        self._progress.update(self._task, completed=progress, message=message)


class _Lines:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._began = time.monotonic()
        self._last = ""

    def show(self, progress: int, message: str) -> None:
        if message != self._last:
            self._last = message
            elapsed = time.monotonic() - self._began
            text = f"  {elapsed:5.1f} s  {progress:3d} %  {message}"
            self._console.print(text, markup=False, highlight=False)


@contextmanager
def display(console: Console) -> Iterator[Display]:
    """A bar in a terminal, plain lines elsewhere."""
    if not console.is_terminal or console.is_dumb_terminal:
        yield _Lines(console)
        return
    columns: tuple[Any, ...] = (
        BarColumn(bar_width=30),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[message]}", markup=False),
    )
    with Progress(*columns, console=console) as progress:
        yield _Bar(progress)
