"""A part of the evaluation that takes seconds: `python -m tests.eval.small` prints what is red."""

import json
import sys

from tests.eval.measures import Findings, measure
from tests.eval.run import evaluate

PEOPLE = ("cto", "de-maschinenbau", "hr-partner")
POSTINGS = ("backend-senior", "cto", "hr-partner", "fr-comptable")


def small() -> Findings:
    """What is found over a few people and postings of the golden set, without files."""
    return evaluate(PEOPLE, POSTINGS, documents=False)


def red(found: Findings) -> dict[str, float]:
    """The measures that miss their target, with what they are."""
    return {m.name: m.value for m in measure(found) if not m.met}


if __name__ == "__main__":
    json.dump(red(small()), sys.stdout)
