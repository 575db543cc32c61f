"""A person's own edits of letter, interview pack and career path: kept, marked, taken back."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

import httpx2
import pytest

from gateway_svc.jobs.products import PRODUCTS, Product
from resume_contracts.facts import Field, Posting, Source
from resume_contracts.workflows import Workflow
from resume_core.career import CareerOrder, build_career, load_ladders
from resume_core.grounding import Shown
from resume_core.interview import InterviewOrder, build_interview
from resume_core.letters import LetterOrder, build_letter
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_core.tailoring import RESULT_LIMIT_BYTES
from resume_runtime.ids import uuid7

from .facts import Facts
from .test_decisions import BASE, CATALOG, POSTING
from .world import World

pytestmark = pytest.mark.connected

_ENTRIES: Final[Any] = BASE["work"]
#: With a title from which ways lead on.
PERSON: Final = BASE | {"work": [{**_ENTRIES[0], "position": "Software Engineer"}]}
VIEW: Final = PostingView(title="Engineer", company="Northwind", text=POSTING)
TRUE: Final = "At Engines Ltd, I moved 12 services to Kubernetes without downtime."
UNPROVED: Final = "I taught myself Rust at home."
LIE: Final = "I led 40 engineers at Globex."
EDITED: Final = [Workflow.COVER_LETTER, Workflow.INTERVIEW_PREP, Workflow.CAREER_PATH]
every = pytest.mark.parametrize("workflow", EDITED, ids=lambda w: w.value)


def made(workflow: Workflow, base: Resume) -> Shown:
    match workflow:
        case Workflow.COVER_LETTER:
            return build_letter(LetterOrder(base, VIEW, "en"), None, CATALOG)
        case Workflow.INTERVIEW_PREP:
            return build_interview(InterviewOrder(base, VIEW, "en"), None, CATALOG)
        case _:
            order = CareerOrder(base, (), (), "en", "2026-11")
            return build_career(order, None, CATALOG, load_ladders())


def wish(workflow: Workflow, document: dict[str, Any], *words: str) -> dict[str, Any]:
    """An edit that says the words in the result's first part, and keeps its second."""
    said = " ".join(words)
    match workflow:
        case Workflow.COVER_LETTER:
            second = document["paragraphs"][1]["sentences"]
            return {"paragraphs": [said, " ".join(s["text"] for s in second)]}
        case Workflow.INTERVIEW_PREP:
            first, second = document["questions"][:2]
            return {"questions": [{"id": first["id"], "answer": said}, {"id": second["id"]}]}
        case _:
            first, second = document["roles"][:2]
            return {"roles": [{"id": first["id"], "reasons": said}, {"id": second["id"]}]}


def own(document: dict[str, Any]) -> dict[str, list[str]]:
    """Every own sentence with its codes."""
    found: dict[str, list[str]] = {}

    def look(value: Any) -> None:
        match value:
            case {"text": text, "own": True, "unverified": codes}:
                found[text] = codes
            case dict():
                for inner in value.values():
                    look(inner)
            case list():
                for inner in value:
                    look(inner)

    look(document)
    return found


@dataclass
class Made:
    """A stored result, and what a test does to it."""

    world: World
    product: Product
    id: str

    @property
    def path(self) -> str:
        return f"{self.product.prefix}/results/{self.id}"

    async def read(self) -> dict[str, Any]:
        answer = await self.world.client.get(self.path)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        assert answer.headers["etag"] == f'"{body["version"]}"'
        return body

    async def put(self, body: dict[str, Any], tag: str | None = None) -> httpx2.Response:
        headers = {} if tag is None else {"If-Match": tag}
        return await self.world.client.put(self.path, json=body, headers=headers)


async def make(world: World, workflow: Workflow) -> Made:
    product = PRODUCTS[workflow]
    answer = await world.client.post("/api/resumes/", json=PERSON)
    resume = answer.json()
    wanted = {} if product.wants_demand else {"jobText": POSTING, "company": "Northwind"}
    ordered = await world.client.post(
        f"{product.prefix}/{product.verb}-async",
        json={"baseResumeId": resume["id"], **wanted},
    )
    assert ordered.status_code == 202, ordered.text
    facts = Facts(UUID(ordered.json()["jobId"]), world.user_id, workflow)
    base = Resume.model_validate(resume["document"])
    document = made(workflow, base).model_dump(mode="json", by_alias=True)
    if not product.wants_demand:
        title = Field(value="Engineer", source=Source.PASTED)
        posting = Posting(text=POSTING, title=title, route=Source.PASTED)
        await world.project(facts.found(0, posting.model_dump(mode="json")))
        document["posting"] = {"title": "Engineer", "company": "Northwind", "read": {}}
    last = len(facts.slip) - 1
    await world.project(facts.succeeded(last, result={"document": document}))
    (result,) = (await world.client.get(f"{product.prefix}/results")).json()["items"]
    return Made(world, product, result["id"])


@pytest.fixture
async def letter(world: World) -> Made:
    return await make(world, Workflow.COVER_LETTER)


@every
async def test_own_words_are_kept_and_marked(world: World, workflow: Workflow) -> None:
    """The rest is as it was; another look and the list say the new version."""
    result = await make(world, workflow)
    before = await result.read()
    answer = await result.put(wish(workflow, before["document"], TRUE, UNPROVED), '"0"')
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"1"'
    after = await result.read()
    assert answer.json() == after
    told = own(after["document"])
    assert told[TRUE] == []
    assert "skill_ungrounded" in told[UNPROVED]
    assert own(before["document"]) == {}
    (listed,) = (await world.client.get(f"{result.product.prefix}/results")).json()["items"]
    assert listed["version"] == 1
    job = await world.client.get(f"{result.product.prefix}/job/{after['jobId']}")
    assert job.json()["result"] == before["document"]


@every
async def test_edit_is_taken_back(world: World, workflow: Workflow) -> None:
    """The delivered document stands again, and what was written is still told of."""
    result = await make(world, workflow)
    before = (await result.read())["document"]
    edit = wish(workflow, before, UNPROVED)
    await result.put(edit)
    for _ in range(2):  # a second time changes nothing
        answer = await world.client.delete(f"{result.path}/edit")
        assert answer.status_code == 200, answer.text
        assert (answer.json()["version"], answer.json()["document"]) == (2, before)
    items = (await world.client.get(f"{result.path}/edits")).json()["items"]
    assert [(item["version"], item["edit"]) for item in items] == [(2, None), (1, edit)]


@every
async def test_lie_about_who_they_were_is_refused(world: World, workflow: Workflow) -> None:
    """With the place, never the words; nothing is written."""
    result = await make(world, workflow)
    before = await result.read()
    answer = await result.put(wish(workflow, before["document"], TRUE, LIE))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "identity_fixed")
    assert [error.rpartition(":")[0][-10:] for error in problem["errors"]] == ["(employer)"]
    assert "Globex" not in answer.text
    assert await result.read() == before


@every
async def test_nobody_elses_result_is_edited(world: World, workflow: Workflow) -> None:
    """It is not there, nor under another product's address."""
    result = await make(world, workflow)
    document = (await result.read())["document"]
    body = wish(workflow, document, TRUE)
    async with world.client_for(uuid7()) as other:
        assert (await other.put(result.path, json=body)).status_code == 404
        assert (await other.delete(f"{result.path}/edit")).status_code == 404
        assert (await other.get(f"{result.path}/edits")).status_code == 404
    gone = f"{result.product.prefix}/results/{uuid4()}"
    assert (await world.client.put(gone, json=body)).json()["code"] == "result_not_found"


async def test_saying_the_same_again_changes_nothing(letter: Made) -> None:
    """Whatever version it was said about; and what is delivered is no edit."""
    delivered = (await letter.read())["document"]
    same = [" ".join(s["text"] for s in p["sentences"]) for p in delivered["paragraphs"]]
    assert (await letter.put({"paragraphs": same})).json()["version"] == 0
    for _ in range(2):
        assert (await letter.put({"paragraphs": [TRUE]}, '"0"')).json()["version"] == 1
    assert (await letter.put({"paragraphs": same, "greeting": delivered["greeting"]})).json()[
        "document"
    ] == delivered


async def test_another_tab_was_first(letter: Made) -> None:
    """An edit of what is no more is not written."""
    assert (await letter.put({"paragraphs": [TRUE]}, '"0"')).status_code == 200
    answer = await letter.put({"paragraphs": [UNPROVED]}, '"0"')
    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    answer = await letter.world.client.delete(f"{letter.path}/edit", headers={"If-Match": '"0"'})
    assert answer.status_code == 412


async def test_edits_at_once_are_all_kept(letter: Made) -> None:
    """Each is a version; the last one stands."""
    await asyncio.gather(*(letter.put({"paragraphs": [f"{TRUE} {n}."]}) for n in range(4)))
    items = (await letter.world.client.get(f"{letter.path}/edits")).json()["items"]
    assert [item["version"] for item in items] == [4, 3, 2, 1]
    stands = (await letter.read())["document"]["paragraphs"]
    last = items[0]["edit"]["paragraphs"]
    assert [" ".join(s["text"] for s in p["sentences"]) for p in stands] == last


async def test_greeting_stays_where_none_is_given(letter: Made) -> None:
    """The own one too, until another is given."""
    await letter.put({"paragraphs": [TRUE], "greeting": "Dear Ms Smith,"})
    document = (await letter.put({"paragraphs": [UNPROVED]})).json()["document"]
    assert (document["greeting"], document["own"]) == ("Dear Ms Smith,", ["greeting"])


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"paragraphs": []},
        {"paragraphs": ["x" * 2001]},
        {"paragraphs": ["x"] * 21},
        {"paragraphs": ["a\x00b"]},
        {"paragraphs": ["\u200b\u200b"]},
        {"paragraphs": ["x"], "signature": "Somebody Else"},
    ],
    ids=lambda body: json.dumps(body)[:30],
)
async def test_letter_out_of_bounds_is_refused(letter: Made, body: dict[str, Any]) -> None:
    answer = await letter.put(body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_too_many_sentences_are_refused(letter: Made) -> None:
    """Checking takes time that others wait for."""
    answer = await letter.put({"paragraphs": ["I am. " * 300]})
    assert (answer.status_code, answer.json()["code"]) == (422, "edit_too_long")


async def test_question_that_is_not_there(world: World) -> None:
    pack = await make(world, Workflow.INTERVIEW_PREP)
    answer = await pack.put({"questions": [{"id": "q-unknown", "question": "Why?"}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "part_unknown")
    assert answer.json()["errors"] == ["questions[0]: not there, or twice"]


async def test_biggest_edits_stay_within_what_is_kept(world: World) -> None:
    """The bounds of an edit keep a result below its own."""
    pack = await make(world, Workflow.INTERVIEW_PREP)
    body = {
        "questions": [{"question": f"{n} {'ü' * 390}", "answer": "ü" * 4000} for n in range(60)]
    }
    answer = await pack.put(body)
    assert answer.status_code in {200, 413}, answer.text
    stored = await world.pool.fetchval(
        "select length(decided::text) from gateway.results where id = $1", UUID(pack.id)
    )
    assert (stored or 0) < 2 * RESULT_LIMIT_BYTES


@pytest.mark.parametrize("form", ["pdf", "docx", "md", "json", "txt"])
@every
async def test_export_is_of_the_document_as_it_stands(
    world: World, workflow: Workflow, form: str
) -> None:
    """In every format, checked before it leaves, with a name for its file."""
    result = await make(world, workflow)
    await result.put(wish(workflow, (await result.read())["document"], UNPROVED))
    answer = await world.client.get(f"{result.path}/export", params={"format": form})
    assert answer.status_code == 200, answer.text
    assert f".{form}" in answer.headers["content-disposition"]
    if form not in {"pdf", "docx"}:
        assert UNPROVED in answer.text.replace("\\", "")
    if workflow is Workflow.COVER_LETTER and form == "txt":
        assert "ada@example.org" in answer.text
        assert "Application for Engineer" in answer.text
