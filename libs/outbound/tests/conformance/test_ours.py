"""Every conformance case against our own breaker."""

import pytest

from .cases import CASES, Case
from .ours import Ours
from .rig import Clocks, Rig, Spec


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
async def test_conformance(case: Case) -> None:
    clocks, spec = Clocks(), Spec()
    rig = Rig(Ours(clocks, spec), clocks, spec)
    try:
        await case(rig)
    finally:
        await rig.close()
