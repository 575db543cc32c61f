"""`make bench`: measures, prints tables, writes build/reports/bench.json and docs/performance.md.

ONLY=tax|slots|throughput|edge|call measures one part, QUICK=1 makes it a smoke test;
neither touches the page, which is of one whole run.
"""

import os
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

import uvloop
from tests.bench import machine, report
from tests.bench.idle import StackIsRunningError, refuse_beside_a_stack
from tests.bench.parts import PARTS
from tests.bench.settings import FULL, QUICK

from resume_runtime.logging import configure_logging


def now() -> str:
    """The wall clock's time, for the report."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def say(line: str) -> None:
    """Progress, at once."""
    print(line, flush=True)


async def main(environ: Mapping[str, str]) -> int:
    """Measure what was asked for; the exit code."""
    only = environ.get("ONLY")
    if only is not None and only not in PARTS:
        say(f"ONLY={only}: there are {', '.join(PARTS)}")
        return 2
    try:
        refuse_beside_a_stack()
    except StackIsRunningError as error:
        say(str(error))
        return 1
    configure_logging("bench", "WARNING")
    settings = QUICK if environ.get("QUICK") == "1" else FULL
    whole = report.Report(settings, machine.describe(), machine.versions(), now())
    broken = [name for name in PARTS if only in {None, name} and not await _measured(name, whole)]
    if broken:
        say(f"\nBroken: {', '.join(broken)}; logs are in build/bench-logs.")
        return 1
    if only is None and settings is FULL:
        say(f"\nWritten: {whole.write_page()}")
    return 0


async def _measured(name: str, whole: report.Report) -> bool:
    """Measure one part; whether that went well. The other parts' figures do not depend on it."""
    say(f"== {name}")
    try:
        async for section in PARTS[name](whole.settings, say):
            whole.sections.append(section)
            say(report.text(section))
    except Exception:  # noqa: BLE001  whatever broke is shown, and the next part has its turn
        traceback.print_exc()
        return False
    finally:
        whole.ended = now()
        say(f"\nWritten: {whole.write_json()}")
    return True


if __name__ == "__main__":
    sys.exit(uvloop.run(main(os.environ)))
