"""What the supervisor tells the terminal: one JSON object a line, appended."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Happening(StrEnum):
    """What an entry says."""

    READY = "ready"
    UP = "up"
    FAILED = "failed"
    DIED = "died"
    RESTARTED = "restarted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `seconds` counts from the supervisor's start."""

    happening: Happening
    name: str
    seconds: float
    detail: str = ""


class Journal:
    """Appends entries to a file that `up` follows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    def add(self, entry: Entry) -> None:
        """Append one entry."""
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")


class JournalReader:
    """Reads what was added since the last time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0

    def new(self) -> Iterator[Entry]:
        """The entries that are complete by now and were not returned before."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                fields = json.loads(line)
                yield Entry(**{**fields, "happening": Happening(fields["happening"])})
