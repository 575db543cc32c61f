"""`make eval`: the whole evaluation, the table, 1 when the golden set or the truth misses."""

import sys

from tests.eval.golden import SETS
from tests.eval.report import PAGE, REPORT, is_met, table, write_json, write_page
from tests.eval.run import evaluate, processors


def main() -> int:
    """Evaluate, print and write; how the process should exit."""
    report = {of: evaluate(of=folder, processes=processors()) for of, folder in SETS.items()}
    print(table(report))
    write_json(report)
    write_page(report)
    print(f"\nWritten to {REPORT} and {PAGE}")
    return 0 if is_met(report) else 1


if __name__ == "__main__":
    sys.exit(main())
