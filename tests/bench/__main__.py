"""`make bench`: measures, prints a table, writes build/reports/bench.json and the page in docs."""

import os
import sys

import uvloop

from resume_runtime.logging import configure_logging
from tests.bench import throughput
from tests.bench.settings import FULL, QUICK
from tests.bench.site import open_site


async def main() -> int:
    configure_logging("bench", "WARNING")
    settings = QUICK if os.environ.get("QUICK") == "1" else FULL
    async with open_site() as site:
        rows = await throughput.measure(site, settings.throughput, print)
    heads, body = throughput.table(rows)
    print(" | ".join(heads))
    for line in body:
        print(" | ".join(line))
    for row in rows:
        print(row.name, {k: round(v, 2) for k, v in row.part_ms().items()})
    print("\n".join(throughput.verdicts(rows)))
    return 0


if __name__ == "__main__":
    sys.exit(uvloop.run(main()))
