"""`make ps` and `make logs`."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import psutil

from resume_launcher.files import tail
from resume_launcher.folders import Folders
from resume_launcher.stack import Stack
from resume_launcher.terminal import Say

PROBE_TIMEOUT_S = 3.0
FOLLOW_EVERY_S = 0.3
MEGABYTE = 1024 * 1024


def print_processes(stack: Stack, say: Say) -> None:
    """One line for each process: state, age, restarts, memory, where its metrics are."""
    say(f"{'NAME':<18} {'PID':>7} {'STATE':<9} {'UP':>7} {'RESTARTS':>8} {'MEMORY':>8}  METRICS")
    total = 0.0
    with httpx2.Client(trust_env=False, timeout=PROBE_TIMEOUT_S) as client:
        for process in stack.processes:
            state = "ready" if _answers(client, process.health_url) else "not ready"
            age, memory = _vitals(process.pid)
            total += memory
            say(
                f"{process.name:<18} {process.pid:>7} {state:<9} {age:>7} {process.restarts:>8} "
                f"{memory:>5.0f} MB  {process.metrics_url or '-'}"
            )
    for server in stack.servers:
        age, memory = _vitals(server.pid)
        total += memory
        say(
            f"{server.name:<18} {server.pid:>7} {'running':<9} {age:>7} {server.restarts:>8} "
            f"{memory:>5.0f} MB  -"
        )
    say(f"{'all together':<53} {total:>5.0f} MB")
    say(f"State: {stack.state_dir}")


def _answers(client: httpx2.Client, url: str) -> bool:
    try:
        return client.get(url).status_code == 200
    except httpx2.HTTPError:
        return False


def _vitals(pid: int) -> tuple[str, float]:
    """Age, and megabytes of a process with its children (shared pages counted once)."""
    try:
        process = psutil.Process(pid)
        age = time.time() - process.create_time()
        family = [process, *process.children(recursive=True)]
        memory = sum(_memory(member) for member in family)
    except psutil.Error:
        return "-", 0.0
    return (f"{age:.0f} s" if age < 600 else f"{age / 60:.0f} min"), memory / MEGABYTE


def _memory(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.AccessDenied:
        # A container's root may not look into other users' processes; shared pages count twice.
        return float(process.memory_info().rss)


def print_postings(postings: Sequence[Mapping[str, str]], base_url: str, say: Say) -> None:
    """The sandbox's postings by group, each with the address to give to the demo."""
    group = ""
    for posting in postings:
        if posting["group"] != group:
            group = posting["group"]
            say(f"\n{group}")
        url = posting["url"]
        say(f"  {base_url + url if url.startswith('/') else url}  {posting['what']}")
    say("\nTry one:  make demo POSTING=<address>")


def print_addresses(stack: Stack, environ: Mapping[str, str], say: Say) -> None:
    """Where a person finds the parts that have a face, and how to stop."""
    say("")
    say(f"  Page           {stack.base_url}/")
    say(f"  API documents  {stack.base_url}/docs")
    say(
        f"  RabbitMQ       {stack.management_url}/  "
        f"(log in as {stack.management_user}, password {stack.management_password})"
    )
    say(f"  Career site    {stack.sandbox_url}/careers  (postings of every kind: make postings)")
    if environ.get("SSH_CONNECTION"):
        ports = [urlsplit(url).port for url in (stack.base_url, stack.management_url)]
        tunnels = " ".join(f"-L {port}:127.0.0.1:{port}" for port in ports)
        server = environ["SSH_CONNECTION"].split()[2]
        user = environ.get("USER", "you")
        say(f"  From your own machine first:  ssh {tunnels} {user}@{server}")
    say("  Stop it with   make down   (look at it with make ps, make logs)")


def print_logs(
    folders: Folders, service: str | None, *, lines: int, follow: bool, say: Say
) -> None:
    """The last lines of every log, or of those whose name starts with `service`; then new ones.

    Returns when `follow` is off; else it runs until Ctrl-C.
    """
    logs = [p for p in sorted(folders.logs.glob("*.log")) if p.name.startswith(service or "")]
    if not logs:
        names = ", ".join(sorted(p.stem for p in folders.logs.glob("*.log"))) or "none yet"
        say(f"No log of {service or 'anything'!r}; there are: {names}")
        return
    for log in logs:
        for line in tail(log, lines):
            say(_labelled(log, line, single=len(logs) == 1))
    if follow:
        _follow(logs, say)


def _follow(logs: list[Path], say: Say) -> None:
    offsets = {log: log.stat().st_size for log in logs}
    while True:
        time.sleep(FOLLOW_EVERY_S)
        for log in logs:
            size = log.stat().st_size
            # A log that was emptied starts again.
            offset = min(offsets[log], size)
            with log.open("rb") as file:
                file.seek(offset)
                data = file.read()
            complete = data.rfind(b"\n") + 1
            offsets[log] = offset + complete
            for line in data[:complete].decode(errors="replace").splitlines():
                say(_labelled(log, line, single=len(logs) == 1))


def _labelled(log: Path, line: str, *, single: bool) -> str:
    return line if single else f"{log.stem:<18} | {line}"
