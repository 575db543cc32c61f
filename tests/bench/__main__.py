"""`make bench`: measures, prints tables, writes build/reports/bench.json and docs/performance.md.

ONLY=tax|slots|throughput|edge measures one part, QUICK=1 makes it a smoke test; neither touches
the page, which is of one whole run.
"""

import os
import sys
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
    for name, measure in PARTS.items():
        if only in {None, name}:
            say(f"== {name}")
            async for section in measure(settings, say):
                whole.sections.append(section)
                say(report.text(section))
            whole.ended = now()
            # After each part, so that one that breaks does not take the others' figures along.
            path = whole.write_json()
    say(f"\nWritten: {path}")
    if only is None and settings is FULL:
        say(f"Written: {whole.write_page()}")
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(main(os.environ)))
