"""Runs the corpus inside a network namespace where every address is ours: see test_ssrf.py.

`python -m ssrf.child CORPUS REPORT PARENT_NAMESPACE`. All of IPv4 and IPv6 is routed to the
loopback here, so the listeners see a connection to any address; no packet can leave.
"""

import asyncio
import json
import shutil
import ssl
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from resume_outbound.fetch import FetchLimits, SafeFetcher
from resume_outbound.fetch_errors import FetchRefusedError
from resume_runtime.clock import SystemClock

from .browser import entry, run_chromium, run_unguarded
from .counting import witness
from .world import ALLOW, Listeners, Resolver, certificate, enclose


async def run_client(rows: Iterable[dict[str, Any]], seen: Listeners, tls: ssl.SSLContext) -> None:
    resolver = Resolver()
    fetcher = SafeFetcher(
        resolver, allow=ALLOW, limits=FetchLimits(total=5.0), clock=SystemClock(), ssl_context=tls
    )
    for row in rows:
        resolver.asked.clear()
        try:
            await fetcher.get(entry(row["via"], row["url"]))
            row["client_code"] = "page"
        except FetchRefusedError as error:
            row["client_code"] = error.code
        row["client"], row["client_allowed"] = seen.take()


def main(corpus: str, report: str, parent: str) -> None:
    enclose(parent)
    lines = Path(corpus).read_text(encoding="utf-8").splitlines()
    table = [line.split("\t") for line in lines if not line.startswith("#")]
    rows: list[dict[str, Any]] = [{"category": c, "via": v, "url": u} for c, v, u in table]
    server, client = certificate()
    seen = Listeners(server)
    result: dict[str, Any] = {"uncounted_witnesses": witness(seen), "rows": rows}
    asyncio.run(run_client(rows, seen, client))
    path = shutil.which("chromium")
    if path:
        result["chromium"] = asyncio.run(run_chromium(rows, seen, path))
        result["unguarded"] = asyncio.run(run_unguarded(seen, path))
    Path(report).write_text(json.dumps(result, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
