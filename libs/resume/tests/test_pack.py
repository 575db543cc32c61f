"""The parts of a pack agree, or it is not delivered."""

from typing import Any

import pytest

from resume_core.interview import InterviewOrder, build_interview
from resume_core.letters import LetterOrder, build_letter
from resume_core.model import Resume
from resume_core.pack import check_pack

from .truth_samples import BACKEND, CATALOG, LOADED, Sample

OTHER = next(s for s in LOADED if s.name == "nurse")


def parts(sample: Sample) -> dict[str, Any]:
    letter = build_letter(LetterOrder(sample.base, sample.posting, "en"), None, CATALOG)
    order = InterviewOrder(sample.base, sample.posting, "en")
    return {"letter": letter, "interview": build_interview(order, None, CATALOG)}


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_a_pack_of_one_base_agrees(sample: Sample) -> None:
    """What is made of one base and one posting has nothing to complain of."""
    assert check_pack(sample.base, sample.posting, tailored=sample.base, **parts(sample)) == []


def test_another_persons_letter_is_found() -> None:
    """A letter for another company, of another resume, signed by somebody else."""
    codes = {v.code for v in check_pack(BACKEND.base, BACKEND.posting, **parts(OTHER))}
    assert codes == {"pack_company", "pack_role", "pack_fact", "pack_name", "pack_entry"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Globex"), ("position", "CTO"), ("startDate", "2001-01"), ("endDate", "2020-01")],
)
def test_a_resume_that_differs_is_found(field: str, value: str) -> None:
    """Titles, employers and dates are those of the base."""
    first, *rest = BACKEND.document["work"]
    changed = Resume.model_validate(BACKEND.document | {"work": [first | {field: value}, *rest]})
    found = check_pack(BACKEND.base, BACKEND.posting, tailored=changed)
    assert [v.code for v in found] == ["pack_entry"]
