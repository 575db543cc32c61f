"""`make chaos`: a throw-away stack a group of faults, then the table. FAULT=F18: only that."""

import os
import subprocess
import sys

from tests.chaos.report import REPORT, read, table, write_page
from tests.system.conftest import ROOT

from resume_launcher.folders import find_folders
from resume_launcher.stacks import running_stack

FAULTS = ("F18", "F19", "F20", "F21", "F22", "F23", "F25")
REPLICAS = "3"
#: Faults whose point is the deadline would otherwise take seven minutes each.
SHORT = {"F23"}
SHORT_DEADLINE_S, DEADLINE_S = "100", "420"


def main() -> int:
    """Run the wanted faults; how many groups failed."""
    wanted = os.environ.get("FAULT", "").upper()
    faults = {wanted} if wanted else set(FAULTS)
    if not faults <= set(FAULTS):
        print(f"FAULT is one of {', '.join(FAULTS)}", file=sys.stderr)
        return 2
    if running_stack(find_folders()) is not None:
        print("A stack runs, with settings of its own: `make down` first.", file=sys.stderr)
        return 2
    if not wanted:
        REPORT.unlink(missing_ok=True)
    groups = ((faults - SHORT, DEADLINE_S), (faults & SHORT, SHORT_DEADLINE_S))
    failed = sum(_run(group, deadline) != 0 for group, deadline in groups if group)
    print(f"\n{table(read())}\n\nWritten to {REPORT}")
    if not wanted and not failed:
        write_page(read())
    return failed


def _run(faults: set[str], deadline_s: str) -> int:
    names = " or ".join(f"test_{fault.lower()}" for fault in sorted(faults))
    pytest = (sys.executable, "-m", "pytest", "-q", "-s", "-m", "chaos", "tests/chaos")
    command = (sys.executable, "-m", "resume_launcher", "run-tests", "--", *pytest, "-k", names)
    told = {"STACK": "native", "REPLICAS": REPLICAS, "JOB_DEADLINE_S": deadline_s}
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **told}, check=False).returncode  # noqa: S603  our own command


if __name__ == "__main__":
    sys.exit(main())
