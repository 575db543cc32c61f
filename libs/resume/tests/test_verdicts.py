"""What the gate, the rules and the score say of the samples, to the byte, by version.

Faster code must say the same. Who changes a verdict on purpose raises `GATE_VERSION` (or
`SCORE_VERSION`, or the catalogue's) and writes the digest that the failing test prints.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from resume_core.changes import ChangeStatus
from resume_core.coverage import SCORE_VERSION
from resume_core.gate import GATE_VERSION, Gate
from resume_core.model import Resume
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result

from .test_gate_hostile import LINE_LIES, line_lies, mutated, paraphrased
from .truth_samples import CATALOG, LOADED, Sample

VERDICTS = json.loads((Path(__file__).parent / "verdicts.json").read_text("utf-8"))
#: What a result says beside the verdicts; scores have a version of their own.
BESIDE: dict[str, Any] = {
    "scores": True,
    "language": True,
    "requirements": {"__all__": {"level"}},
    "gaps": {"__all__": {"question_id", "answer_kinds"}},
}
VERSION = f"gate {GATE_VERSION}, score {SCORE_VERSION}, skills {CATALOG.version}"


def said(sample: Sample) -> Iterator[BaseModel]:
    """Every finding on every lie and truth we have, then whole results."""
    gate = Gate(sample.base, sample.posting, CATALOG)
    lies = [change for name in LINE_LIES for change in line_lies(sample, name)]
    truths = list(paraphrased(sample))
    for change in (*lies, *truths):
        yield from gate.check_change(change)
    for _, document in mutated(sample):
        yield from gate.check(Resume.model_validate(document))
    rules = tailor_by_rules(sample.base, gate.requirements, sample.posting, CATALOG)
    agreed = [c.model_copy(update={"status": ChangeStatus.ACCEPTED}) for c in rules]
    for proposals in (rules, agreed, [*truths, *rules], [*lies[::9], *agreed]):
        yield build_result(sample.base, sample.posting, proposals, engine="model", catalog=CATALOG)


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_verdicts_are_those_of_their_version(sample: Sample) -> None:
    everything = "\n".join(found.model_dump_json(exclude=BESIDE) for found in said(sample))
    digest = hashlib.sha256(everything.encode()).hexdigest()
    assert VERDICTS.get(VERSION, {}).get(sample.name) == digest, f"{VERSION}: {digest}"
