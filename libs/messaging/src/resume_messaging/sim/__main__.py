"""`python -m resume_messaging.sim --seeds N [--seed S] [--plant BUG]`."""

import argparse
import logging
import sys
from collections.abc import Sequence

import structlog

from resume_messaging.sim.bugs import BUGS
from resume_messaging.sim.record import Parts
from resume_messaging.sim.run import Report, run_seed
from resume_runtime.clock import SystemClock


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the seeds; 1 at the first that fails."""
    parser = argparse.ArgumentParser(prog="python -m resume_messaging.sim", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="how many histories")
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--plant", choices=sorted(BUGS), help="plant a bug and see it found")
    options = parser.parse_args(arguments)
    parts = BUGS[options.plant] if options.plant else Parts()
    # What goes wrong is meant to.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    clock = SystemClock()
    began = clock.monotonic()
    reports: list[Report] = []
    for seed in range(options.seed, options.seed + options.seeds):
        report = run_seed(seed, parts)
        reports.append(report)
        if report.violations:
            break
    if run_seed(options.seed, parts) != reports[0]:
        sys.stdout.write(f"seed {options.seed} came out differently the second time\n")
        return 1
    seconds = clock.monotonic() - began
    sys.stdout.write(_summary(reports, seconds))
    return 1 if reports[-1].violations else 0


def _summary(reports: Sequence[Report], seconds: float) -> str:
    last = reports[-1]
    lines = [
        (
            f"{len(reports)} seeds in {seconds:.1f} s ({len(reports) / seconds:.0f} a second): "
            f"{sum(r.runs for r in reports)} runs, {sum(r.published for r in reports)} messages, "
            f"{sum(r.crashes for r in reports)} crashes, {sum(r.calls for r in reports)} calls, "
            f"{sum(r.lost_calls for r in reports)} lost with their process or cancelled"
        )
    ]
    if last.violations:
        lines.append(f"seed {last.seed} failed; again with --seed {last.seed} --seeds 1:")
        lines.extend(f"  {violation}" for violation in last.violations[:20])
    else:
        lines.append("every run ended, every message is accounted for, nothing was paid twice")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
