"""Puts a case's clocks into a library that reads the machine's own."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, tzinfo
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from .rig import Clocks


@contextmanager
def turned_by_hand(package: str, clocks: Clocks) -> Iterator[None]:
    """Inside, every module of `package` that imported a clock has the case's."""
    fakes = _fakes(clocks)
    modules = [m for name, m in sys.modules.items() if f"{name}.".startswith(f"{package}.")]
    with ExitStack() as patched:
        for module in modules:
            for name, value in list(vars(module).items()):
                for real, fake in fakes:
                    if value is real:
                        patched.enter_context(patch.object(module, name, fake))
        yield


def _fakes(clocks: Clocks) -> list[tuple[Any, Any]]:
    def wall() -> float:
        return clocks.now().timestamp()

    class HandDatetime(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Any:
            now = clocks.now()
            return now.astimezone(tz) if tz is not None else now.replace(tzinfo=None)

        @classmethod
        def utcnow(cls) -> Any:
            return clocks.now().replace(tzinfo=None)

    module = SimpleNamespace(time=wall, monotonic=clocks.monotonic, perf_counter=clocks.monotonic)
    return [
        (time, module),
        (time.time, wall),
        (time.monotonic, clocks.monotonic),
        (time.perf_counter, clocks.monotonic),
        (datetime, HandDatetime),
    ]
