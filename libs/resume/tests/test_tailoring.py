import json

import pytest

from resume_core.changes import Change, ChangeKind, ChangeOrigin, ChangeStatus, change_id
from resume_core.facts import highlight_ids
from resume_core.gate import GATE_VERSION
from resume_core.model import Resume
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import (
    MAX_PROPOSALS,
    RESULT_LIMIT_BYTES,
    PostingView,
    TailoredResult,
    build_result,
)

from .truth_samples import BACKEND, CATALOG, LOADED, Bullet, Sample, bullets

SAMPLE = BACKEND


def rewrite(bullet: Bullet, after: str) -> Change:
    return Change(
        id=change_id(ChangeKind.REWRITE_HIGHLIGHT, "", None, bullet.id, after),
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section=bullet.section,
        entry_id=bullet.entry_id,
        target_id=bullet.id,
        before="whatever a model writes here",
        after=after,
        source_fact_ids=(bullet.id,),
        origin=ChangeOrigin.MODEL,
        reason="  Because\nof it. ",
    )


def build(changes: list[Change], sample: Sample = SAMPLE) -> TailoredResult:
    return build_result(sample.base, sample.posting, changes, engine="model", catalog=CATALOG)


@pytest.mark.parametrize("sample", LOADED, ids=lambda s: s.name)
def test_rules_alone_capture_the_honest_headroom(sample: Sample) -> None:
    rules = tailor_by_rules(sample.base, sample.gate.requirements, sample.posting, CATALOG)
    result = build(rules, sample)
    coverage = result.coverage
    assert result.blocked == ()
    assert coverage.before <= coverage.after <= coverage.ceiling
    if coverage.ceiling > coverage.before:
        captured = (coverage.after - coverage.before) / (coverage.ceiling - coverage.before)
        assert captured >= 0.8
    assert len(result.gaps) >= 1
    assert all(gap.question.endswith("?") for gap in result.gaps)


def test_result_is_the_same_bytes_every_time() -> None:
    rules = tailor_by_rules(SAMPLE.base, SAMPLE.gate.requirements, SAMPLE.posting, CATALOG)
    assert build(rules).model_dump_json() == build(rules).model_dump_json()


def test_result_keeps_of_a_lie_its_codes_alone() -> None:
    result = build([rewrite(bullets(SAMPLE)[0], "Saved Globex 93% of everything")])
    (blocked,) = result.blocked
    assert "quantity_ungrounded" in blocked.codes
    assert "Globex" not in result.model_dump_json()
    assert result.changes == ()
    assert Resume.model_validate(result.resume) == SAMPLE.base


def test_result_reads_before_from_the_resume() -> None:
    bullet = bullets(SAMPLE)[0]
    (change,) = build([rewrite(bullet, SAMPLE.paraphrases[0][1])]).changes
    assert change.before == bullet.text
    assert change.reason == "Because of it."
    assert change.status is ChangeStatus.APPLIED


def test_second_change_of_one_line_is_a_conflict() -> None:
    bullet = bullets(SAMPLE)[0]
    result = build([rewrite(bullet, new) for _, new in SAMPLE.paraphrases[:2]])
    assert len(result.changes) == 1
    assert result.blocked[0].codes == ("change_conflict",)


def test_decisions_of_the_person_are_kept() -> None:
    bullet = bullets(SAMPLE)[0]
    change = rewrite(bullet, SAMPLE.paraphrases[0][1])
    for status in (ChangeStatus.REJECTED,):
        result = build([change.model_copy(update={"status": status})])
        assert [c.status for c in result.changes] == [status]
        assert Resume.model_validate(result.resume) == SAMPLE.base
    hide = Change(
        id="h",
        kind=ChangeKind.HIDE_HIGHLIGHT,
        section="work",
        entry_id="w1",
        target_id=highlight_ids(SAMPLE.base.work[0])[2],
        source_fact_ids=(highlight_ids(SAMPLE.base.work[0])[2],),
    )
    assert build([hide]).changes[0].status is ChangeStatus.PROPOSED
    agreed = build([hide.model_copy(update={"status": ChangeStatus.ACCEPTED})])
    assert len(Resume.model_validate(agreed.resume).work[0].highlights) == 4


def test_changes_that_only_fail_together_are_left_out_until_it_passes() -> None:
    """Two bullets may each become the same sentence, but not both."""
    twins = {
        "work": [{"id": "w", "highlights": ["Wrote Python jobs", "Wrote Python jobs nightly"]}]
    }
    sample = SAMPLE._replace(base=Resume.model_validate(twins))
    result = build([rewrite(b, "Python jobs written") for b in bullets(sample)], sample)
    assert len(result.changes) == 1
    assert result.blocked[0].codes == ("highlight_duplicate",)


def test_result_stays_under_its_size_limit() -> None:
    bullet = bullets(SAMPLE)[0]
    flood = [
        rewrite(bullet, "word " * 390).model_copy(update={"id": str(n), "target_id": str(n)})
        for n in range(MAX_PROPOSALS * 3)
    ]
    result = build(flood)
    assert len(result.model_dump_json(by_alias=True)) <= RESULT_LIMIT_BYTES
    assert len(result.blocked) == MAX_PROPOSALS


def test_result_wants_ids() -> None:
    base = Resume.model_validate({"work": [{"name": "No id"}]})
    with pytest.raises(ValueError, match="assign_ids"):
        build_result(base, PostingView(), [], engine="rules", catalog=CATALOG)


def test_result_on_the_wire() -> None:
    rules = tailor_by_rules(SAMPLE.base, SAMPLE.gate.requirements, SAMPLE.posting, CATALOG)
    result = build_result(
        SAMPLE.base,
        SAMPLE.posting,
        rules,
        engine="rules",
        catalog=CATALOG,
        degraded=True,
        notes=["a note"],
    )
    data = json.loads(result.model_dump_json(by_alias=True))
    assert data["gateVersion"] == GATE_VERSION
    assert data["posting"] == {"title": "Platform Engineer", "company": "Northwind Robotics"}
    assert data["coverage"].keys() >= {"before", "after", "ceiling", "scoreVersion"}
    assert data["resume"]["work"][0]["id"] == "w1"
    assert (data["degraded"], data["notes"]) == (True, ["a note"])
    asked = {r["id"] for r in data["requirements"]}
    assert {i for c in data["changes"] for i in c["requirementIds"]} <= asked
