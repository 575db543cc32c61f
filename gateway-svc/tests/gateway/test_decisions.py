"""Decisions about a tailored resume: idempotent, guarded, checked again, and never the model's."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from resume_contracts.facts import Field, Posting, Source
from resume_core.changes import Change, ChangeKind, ChangeOrigin
from resume_core.facts import highlight_ids
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.requirements import extract_requirements
from resume_core.skills import load_catalog
from resume_core.tailor_rules import tailor_by_rules
from resume_core.tailoring import build_result
from resume_runtime.ids import uuid7

from .facts import Facts
from .world import World

pytestmark = pytest.mark.connected

CATALOG = load_catalog()
BASE = {
    "basics": {
        "name": "Ada Example",
        "email": "ada@example.org",
        "summary": "Engineer who keeps clusters and databases running for several teams.",
    },
    "work": [
        {
            "name": "Engines Ltd",
            "position": "Engineer",
            "startDate": "2020-01",
            "highlights": [
                "Moved 12 services to K8s without downtime",
                "Wrote nightly reports in Python for the finance team",
                "Answered questions of the support team",
            ],
        }
    ],
    "education": [{"institution": "TU Berlin", "studyType": "BSc", "endDate": "2019"}],
    "skills": [{"name": "Tools", "keywords": ["Fishing", "Python", "K8s", "PostgreSQL"]}],
}
POSTING = "Requirements:\n- Kubernetes\n- Python\n- Kafka\nNice to have:\n- PostgreSQL\n"
REWORDED = "Wrote reports in Python nightly for the finance team"
LIE = "Led 40 engineers at Globex and cut costs by 93%"


@dataclass
class Tailored:
    """A stored result, and what a test does to it."""

    world: World
    id: str
    resume_id: str
    job_id: UUID
    posting: Posting

    @property
    def path(self) -> str:
        return f"/api/tailor/results/{self.id}"

    async def changes(self) -> dict[str, Any]:
        answer = await self.world.client.get(f"{self.path}/changes")
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
        body: dict[str, Any] = answer.json()
        return body

    async def decide(
        self, change: str, decision: str, text: str | None = None, tag: str | None = None
    ) -> httpx2.Response:
        body = {"decision": decision} | ({} if text is None else {"text": text})
        headers = {} if tag is None else {"If-Match": tag}
        return await self.world.client.patch(
            f"{self.path}/changes/{change}", json=body, headers=headers
        )

    async def document(self) -> dict[str, Any]:
        answer = await self.world.client.get(self.path)
        assert answer.status_code == 200, answer.text
        document: dict[str, Any] = answer.json()["document"]
        return document

    async def change(self, kind: str) -> dict[str, Any]:
        items = (await self.changes())["items"]
        return next(item for item in items if item["kind"] == kind)


def result_for(base: Resume) -> dict[str, Any]:
    """What tailor-svc would make: the rules' changes and one of a model."""
    view = PostingView(title="Engineer", company="Northwind", text=POSTING)
    requirements = extract_requirements(view.title, view.text, CATALOG)
    line = highlight_ids(base.work[0])[1]
    rewrite = Change(
        id="c-model",
        kind=ChangeKind.REWRITE_HIGHLIGHT,
        section="work",
        entry_id=base.work[0].id,
        target_id=line,
        after=REWORDED,
        source_fact_ids=(line,),
        requirement_ids=(requirements[0].id,),
        reason="Puts the tool first.",
        origin=ChangeOrigin.MODEL,
    )
    hide = Change(
        id="c-hide",
        kind=ChangeKind.HIDE_HIGHLIGHT,
        section="work",
        entry_id=base.work[0].id,
        target_id=highlight_ids(base.work[0])[2],
        reason="It answers nothing.",
        origin=ChangeOrigin.MODEL,
    )
    rules = tailor_by_rules(base, requirements, view, CATALOG)
    made = build_result(base, view, [rewrite, hide, *rules], engine="model", catalog=CATALOG)
    assert made.blocked == ()
    return made.model_dump(mode="json", by_alias=True)


@pytest.fixture
async def tailored(world: World) -> Tailored:
    return await a_tailored_resume(world)


async def a_tailored_resume(world: World) -> Tailored:
    """A resume, a posting, and what came of them, stored."""
    answer = await world.client.post("/api/resumes/", json=BASE)
    assert answer.status_code == 201, answer.text
    resume = answer.json()
    ordered = await world.order(resume["id"], text=POSTING)
    assert ordered.status_code == 202, ordered.text
    job_id = UUID(ordered.json()["jobId"])
    posting = Posting(
        text=POSTING,
        title=Field(value="Engineer", source=Source.PASTED),
        language="de",
        route=Source.PASTED,
    )
    facts = Facts(job_id, world.user_id)
    made = result_for(Resume.model_validate(resume["document"]))
    await world.project(
        facts.found(0, posting.model_dump(mode="json")),
        facts.succeeded(1),
        facts.succeeded(2, result={"document": made}),
    )
    result = (await world.client.get("/api/tailor/results")).json()["items"][0]
    assert result["version"] == 0
    return Tailored(world, result["id"], resume["id"], job_id, posting)


async def test_changes_say_where_they_come_from_and_how_they_stand(tailored: Tailored) -> None:
    listed = await tailored.changes()
    assert (listed["version"], listed["unverified"]) == (0, [])
    change = await tailored.change("rewrite_highlight")
    assert change["before"] == BASE["work"][0]["highlights"][1]  # type: ignore[index]
    assert change["after"] == change["proposed"] == REWORDED
    assert (change["state"], change["by"], change["origin"]) == ("proposed", "model", "model")
    assert change["inDocument"]
    assert change["sourceFactIds"]
    assert change["requirementIds"]
    assert change["reason"]


async def test_decisions_shape_document_export_and_coverage(tailored: Tailored) -> None:
    delivered = await tailored.document()
    assert REWORDED in delivered["resume"]["work"][0]["highlights"]
    rejected = await tailored.decide("c-model", "rejected", tag='"0"')
    assert (rejected.status_code, rejected.headers["etag"]) == (200, '"1"')
    document = await tailored.document()
    assert REWORDED not in document["resume"]["work"][0]["highlights"]
    assert document["changes"][0]["state"] == "rejected"
    hidden = await tailored.decide("c-hide", "accepted")
    assert hidden.headers["etag"] == '"2"'
    exported = await tailored.world.client.get(f"{tailored.path}/export?format=json")
    assert len(exported.json()["work"][0]["highlights"]) == 2
    assert REWORDED not in exported.text
    for change in ("c-model", "c-hide"):
        assert (await tailored.decide(change, "reverted")).status_code == 200
    back = await tailored.document()
    assert back["resume"] == delivered["resume"]
    assert back["coverage"] == delivered["coverage"]
    assert back["scores"] == delivered["scores"]
    job = await tailored.world.status(tailored.job_id)
    assert job["result"]["resume"] == delivered["resume"]


async def test_edit_is_marked_as_the_persons_and_says_what_nothing_shows(
    tailored: Tailored,
) -> None:
    answer = await tailored.decide("c-model", "edited", LIE)
    assert answer.status_code == 200, answer.text
    change = next(c for c in answer.json()["items"] if c["id"] == "c-model")
    assert (change["state"], change["by"], change["origin"]) == ("edited", "user", "model")
    assert (change["after"], change["proposed"]) == (LIE, REWORDED)
    assert "quantity_ungrounded" in change["unverified"]
    assert {v["code"] for v in answer.json()["unverified"]} >= {"quantity_ungrounded"}
    document = await tailored.document()
    assert LIE in document["resume"]["work"][0]["highlights"]
    assert (
        document["scores"]["match"]["tailored"]["value"] <= document["scores"]["match"]["ceiling"]
    )


async def test_same_decision_again_changes_nothing(tailored: Tailored) -> None:
    for _ in range(3):
        answer = await tailored.decide("c-model", "edited", "Wrote nightly reports", tag='"0"')
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    count = await tailored.world.pool.fetchval("select count(*) from gateway.result_decisions")
    assert count == 1


async def test_another_tab_is_told_and_parallel_decisions_all_count(tailored: Tailored) -> None:
    assert (await tailored.decide("c-model", "rejected", tag='"0"')).status_code == 200
    late = await tailored.decide("c-hide", "accepted", tag='"0"')
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    ids = [c["id"] for c in (await tailored.changes())["items"]]
    answers = await asyncio.gather(*(tailored.decide(i, "accepted") for i in ids[:4]))
    assert {a.status_code for a in answers} == {200}
    assert (await tailored.changes())["version"] == 1 + len(ids[:4])
    assert {c["state"] for c in (await tailored.changes())["items"][:4]} == {"accepted"}


async def test_what_cannot_be_decided_is_refused(tailored: Tailored) -> None:
    order = next(
        c["id"] for c in (await tailored.changes())["items"] if c["kind"].startswith("reorder")
    )
    for change, decision, text, status, code in (
        ("nobody", "accepted", None, 404, "change_not_found"),
        ("c-model", "edited", None, 422, "edit_not_text"),
        ("c-hide", "edited", "x", 422, "edit_not_text"),
        (order, "edited", "x", 422, "edit_not_text"),
        ("c-model", "edited", "x" * 2001, 422, "invalid_request"),
        ("c-model", "burnt", None, 422, "invalid_request"),
    ):
        answer = await tailored.decide(change, decision, text)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await tailored.changes())["version"] == 0


async def test_decisions_about_anothers_result_are_not_there(tailored: Tailored) -> None:
    other = tailored.world.client_for(uuid7())
    document = (await tailored.document())["resume"]
    for answer in (
        await other.get(f"{tailored.path}/changes"),
        await other.patch(f"{tailored.path}/changes/c-model", json={"decision": "rejected"}),
        await other.put(tailored.path, json=document),
        await tailored.world.client.get(f"/api/tailor/results/{uuid4()}/changes"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "result_not_found")


async def test_own_document_becomes_decisions_of_the_person(tailored: Tailored) -> None:
    resume = (await tailored.document())["resume"]
    lines = resume["work"][0]["highlights"]
    work = [{**resume["work"][0], "highlights": [LIE, *(x for x in lines if x != REWORDED)]}]
    wanted = {**resume, "work": work}
    client = tailored.world.client
    answer = await client.put(tailored.path, json=wanted, headers={"If-Match": '"0"'})
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["document"]["resume"] == wanted
    items = (await tailored.changes())["items"]
    own = [c for c in items if c["origin"] == "user"]
    assert [c["after"] for c in own if c["kind"] == "add_highlight"] == [LIE]
    assert all(c["by"] == "user" and c["state"] in {"edited", "accepted"} for c in own)
    again = await client.put(tailored.path, json=wanted, headers={"If-Match": '"0"'})
    assert (again.status_code, again.headers["etag"]) == (200, '"1"')
    late = await client.put(tailored.path, json=resume, headers={"If-Match": '"0"'})
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")


async def test_own_document_leaves_who_they_are_to_the_base(tailored: Tailored) -> None:
    resume = (await tailored.document())["resume"]
    for field, value in (("name", "Globex"), ("position", "Chief"), ("startDate", "2001")):
        work = [{**resume["work"][0], field: value}]
        answer = await tailored.world.client.put(tailored.path, json={**resume, "work": work})
        assert (answer.status_code, answer.json()["code"]) == (422, "identity_fixed")
        assert field.lower() in str(answer.json()["errors"]).replace("_", "").lower()
        assert f"/api/resumes/{tailored.resume_id}" in answer.json()["detail"]
        assert value not in answer.text
    twice = [{**resume["work"][0], "highlights": ["A new line", "A new line"]}]
    answer = await tailored.world.client.put(tailored.path, json={**resume, "work": twice})
    assert (answer.status_code, answer.json()["code"]) == (422, "edit_unsupported")
    broken = await tailored.world.client.put(tailored.path, json={"work": 7})
    assert (broken.status_code, broken.json()["code"]) == (422, "resume_invalid")
    assert (await tailored.changes())["version"] == 0


async def test_decisions_go_on_without_the_posting(tailored: Tailored) -> None:
    client = tailored.world.client
    (posting,) = (await client.get("/api/jobs/")).json()["items"]
    assert (await client.delete(f"/api/jobs/{posting['id']}")).status_code == 204
    before = (await tailored.document())["scores"]
    for decision in ("rejected", "reverted"):
        assert (await tailored.decide("c-model", decision)).status_code == 200
    assert (await tailored.document())["scores"] == before


async def test_deleted_result_takes_its_decisions_along(tailored: Tailored) -> None:
    assert (await tailored.decide("c-model", "rejected")).status_code == 200
    assert (await tailored.world.client.delete(tailored.path)).status_code == 204
    pool = tailored.world.pool
    assert await pool.fetchval("select count(*) from gateway.result_decisions") == 0


# Scores of a base resume


async def test_score_explains_every_point_and_is_the_same_every_time(tailored: Tailored) -> None:
    client = tailored.world.client
    path = f"/api/resumes/{tailored.resume_id}/score"
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["readability"]["value"] == sum(p["points"] for p in body["readability"]["points"])
    assert all(p["rule"] and p["why"] for p in body["readability"]["points"])
    assert body["match"] is None
    assert (await client.get(path)).content == answer.content
    (posting,) = (await client.get("/api/jobs/")).json()["items"]
    scored = (await client.get(path, params={"postingId": posting["id"]})).json()
    match = scored["match"]
    assert sum(p["of"] for p in match["score"]["points"]) == 100
    assert match["score"]["cap"]["requirementIds"]
    assert match["score"]["value"] <= match["ceiling"]
    (gap,) = match["gaps"]
    assert gap["question"].startswith("Die Stelle verlangt Kafka.")
    assert gap["answerKinds"][-1] == "no"
    other = await client.get(path, params={"postingId": posting["id"], "language": "fr"})
    assert other.json()["match"]["gaps"][0]["question"].startswith("L\u2019annonce")
    for told, german in ((scored, True), (other.json(), False)):
        whys = [p["why"] for p in told["readability"]["points"] + told["match"]["score"]["points"]]
        assert ("Der Lebenslauf zeigt es nicht." in whys) is german
        assert ("Le CV ne le montre pas." in whys) is not german


async def test_answering_a_gap_counts_as_confirmed_by_the_person(tailored: Tailored) -> None:
    client = tailored.world.client
    (posting,) = (await client.get("/api/jobs/")).json()["items"]
    path = f"/api/resumes/{tailored.resume_id}/score"
    params = {"postingId": posting["id"]}
    before = (await client.get(path, params=params)).json()["match"]
    (gap,) = before["gaps"]
    fact = {"name": "Kafka", "requirementId": gap["requirementId"]}
    answer = await client.post(f"/api/resumes/{tailored.resume_id}/facts", json=fact)
    assert answer.status_code == 201, answer.text
    after = (await client.get(path, params=params)).json()["match"]
    assert (after["gaps"], after["score"]["cap"]) == ([], None)
    assert after["score"]["value"] > before["score"]["value"]
    points = after["score"]["points"]
    confirmed = [p for p in points if p["why"].startswith("Von Ihnen bestätigt")]
    assert [p["where"] for p in confirmed] == [[answer.json()["id"]]]


async def test_score_of_what_is_not_there(tailored: Tailored) -> None:
    client = tailored.world.client
    for path, code in (
        (f"/api/resumes/{uuid4()}/score", "resume_not_found"),
        (f"/api/resumes/{tailored.resume_id}/score?postingId={uuid4()}", "posting_not_found"),
    ):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_sources_resolve_every_id_that_is_cited(tailored: Tailored) -> None:
    """Each source of a change has its words, also when the resume is gone; for no stranger."""
    client = tailored.world.client
    answer = await client.get(f"{tailored.path}/sources")
    assert answer.status_code == 200, answer.text
    sources = {source["id"]: source for source in answer.json()["items"]}
    cited = {i for change in (await tailored.changes())["items"] for i in change["sourceFactIds"]}
    assert cited
    assert cited <= sources.keys()
    line = (await tailored.change("rewrite_highlight"))["sourceFactIds"][0]
    assert sources[line]["text"] == BASE["work"][0]["highlights"][1]  # type: ignore[index]
    stranger = tailored.world.client_for(uuid4())
    assert (await stranger.get(f"{tailored.path}/sources")).status_code == 404
    await client.delete(f"/api/resumes/{tailored.resume_id}")
    again = await client.get(f"{tailored.path}/sources")
    assert again.json() == answer.json()
