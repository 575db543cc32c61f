"""The corpus of hostile URLs, through our client and through Chromium, where all could arrive.

It runs in a network namespace of its own (`ssrf/child.py`), which ends with its process: there
every address is routed to counting listeners, and the kernel's own counters are read besides.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
CORPUS = HERE / "data" / "ssrf_corpus.txt"
REPORT = HERE.parents[2] / "build" / "reports" / "ssrf.json"
#: What Chromium asks a proxy for only when it has reason to; it may be that no request comes.
QUIET = frozenset({"preconnect", "manifest", "ping", "webrtc", "webtransport"})
UNSHARE = ("unshare", "--net")
REFUSED = frozenset({"url_not_allowed", "url_invalid", "upgrade_refused", "posting_unreachable"})

pytestmark = [pytest.mark.connected, pytest.mark.timeout(600)]


def _why_not() -> str | None:
    """What the proof lacks here, if anything."""
    missing = [tool for tool in ("unshare", "ip", "openssl") if shutil.which(tool) is None]
    if missing:
        return f"needs {', '.join(missing)} (packages util-linux, iproute2, openssl)"
    if os.geteuid() != 0:
        return "needs root, for a network namespace"
    made = subprocess.run([*UNSHARE, "true"], check=False, capture_output=True)  # noqa: S603  ours
    return "no network namespace can be made here" if made.returncode else None


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    if reason := _why_not():
        pytest.skip(reason)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.unlink(missing_ok=True)
    namespace = str(Path("/proc/self/ns/net").readlink())
    child = [sys.executable, "-m", "ssrf.child", str(CORPUS), str(REPORT), namespace]
    subprocess.run([*UNSHARE, "--fork", "--kill-child", *child], check=True, timeout=580, cwd=HERE)  # noqa: S603  ours
    found: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    return found


@pytest.fixture
def chromium(report: dict[str, Any]) -> dict[str, Any]:
    if "chromium" not in report:
        pytest.skip("chromium is not installed")
    found: dict[str, Any] = report["chromium"]
    return found


def hostile(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in report["rows"] if row["category"] != "control"]


def control(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in report["rows"] if row["category"] == "control"]


def refusals(row: dict[str, Any]) -> int:
    return sum(number for code, number in row.get("proxy", {}).items() if code in REFUSED)


def test_ssrf_corpus_is_large_and_without_repetition() -> None:
    lines = [line for line in CORPUS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert len(set(lines)) == len(lines)
    assert len([line for line in lines if not line.startswith("control")]) >= 150


def test_ssrf_listeners_count_private_connections(report: dict[str, Any]) -> None:
    """The witnesses connect without a guard; unless all are counted a zero means nothing."""
    assert report["uncounted_witnesses"] == 0


def test_ssrf_client_reaches_nothing_hostile(report: dict[str, Any]) -> None:
    assert [row for row in hostile(report) if row["client"]] == []
    direct = [r for r in hostile(report) if r["via"] == "direct" and r["category"] != "rebinding"]
    pages = [row["url"] for row in direct if row["client_code"] == "page"]
    assert pages == []


def test_ssrf_client_reaches_the_control_group(report: dict[str, Any]) -> None:
    silent = [row["url"] for row in control(report) if not row["client_allowed"]]
    assert silent == []
    assert {row["client_code"] for row in control(report)} == {"page"}


def test_ssrf_chromium_reaches_nothing_hostile(
    report: dict[str, Any], chromium: dict[str, Any]
) -> None:
    assert [row for row in hostile(report) if row["chromium"]] == []
    assert chromium["late"] == 0
    files = [r["url"] for r in hostile(report) if any(u.startswith("file:") for u in r["final"])]
    assert files == []


def test_ssrf_chromium_sends_nothing_past_the_proxy(chromium: dict[str, Any]) -> None:
    """By the kernel's counters: TCP opens nobody accounts for, and any UDP, DNS included."""
    assert chromium["past_the_proxy_tcp"] == 0
    assert chromium["past_the_proxy_udp"] == 0
    assert chromium["proxy_connections"] > 0


def test_ssrf_chromium_reaches_the_control_group(
    report: dict[str, Any], chromium: dict[str, Any]
) -> None:
    silent = [row["url"] for row in control(report) if not row["chromium_allowed"]]
    assert silent == []


def test_ssrf_chromium_really_tried(report: dict[str, Any], chromium: dict[str, Any]) -> None:
    """Each kind of page made Chromium ask the proxy, which refused."""
    tried = Counter[str]()
    for row in hostile(report):
        tried[row["via"]] += refusals(row)
    assert {via for via, number in tried.items() if not number} <= QUIET


def test_ssrf_chromium_without_our_arguments_does_get_through(
    report: dict[str, Any], chromium: dict[str, Any]
) -> None:
    assert report["unguarded"]["tcp"] >= 3
    assert report["unguarded"]["udp"] >= 1


def test_ssrf_table(report: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """One line a category: URLs, forbidden connections of each client, refusals, arrivals."""
    columns = ("client", "chromium", "client_allowed", "chromium_allowed")
    lines: dict[str, Counter[str]] = {}
    for row in report["rows"]:
        line = lines.setdefault(row["category"], Counter())
        line.update({name: row.get(name, 0) for name in columns})
        line.update(urls=1, refused=refusals(row))
    heads = ("category", "urls", "forbidden: client", "chromium", "refused by proxy")
    table: list[tuple[str, ...]] = [(*heads, "public: client", "chromium")]
    for category, line in lines.items():
        keys = ("urls", "client", "chromium", "refused", "client_allowed", "chromium_allowed")
        table.append((category, *(str(line[key]) for key in keys)))
    text = "\n".join("".join(f"{cell:>19}" for cell in cells) for cells in table)
    with capsys.disabled():
        sys.stdout.write(f"\n{text}\n")
    assert sum(line["urls"] for line in lines.values()) == len(report["rows"])
