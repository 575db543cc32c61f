"""`make eval`: the whole evaluation, the table, 1 when a target is missed. PLANT=: with a bug."""

import os
import sys

from tests.eval.measures import measure
from tests.eval.planted import PLANTS
from tests.eval.report import PAGE, REPORT, table, write_json, write_page
from tests.eval.run import evaluate, processors


def main() -> int:
    """Evaluate, print and write; how the process should exit."""
    plant = os.environ.get("PLANT", "")
    if plant and plant not in PLANTS:
        print(f"PLANT is one of {', '.join(PLANTS)}", file=sys.stderr)
        return 2
    found = evaluate(plant=plant, processes=processors())
    measures = measure(found)
    print(table(found, measures))
    if not plant:
        write_json(found, measures)
        write_page(found, measures)
        print(f"\nWritten to {REPORT} and {PAGE}")
    return 0 if all(m.met for m in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
