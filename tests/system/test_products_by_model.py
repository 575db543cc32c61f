"""Letter, interview pack and career path by a model: one that is honest, lies, is away, is killed.

What was delivered is compared with the resume and with what the sandbox says it lied, and no check
of the product is asked.
"""

import asyncio
import json
import os
import re
import signal
from typing import Any

import httpx2
import pytest

from .conftest import SAMPLES, NewPerson, Person, Sandbox, Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]

BASE = json.loads((SAMPLES / "resume.json").read_text())
COMPANY = "Northwind Robotics"
PRODUCTS = {
    "cover-letters": "write_letter.v1",
    "interview-prep": "prepare_interview.v1",
    "career-path": "plan_career.v1",
}
#: Where the person did anything: employers, projects, associations.
PLACES = {
    entry.get("name") or entry.get("organization")
    for section in ("work", "projects", "volunteer")
    for entry in BASE.get(section, ())
}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
#: What lies invent, whatever else they say.
INVENTED = ("Halcyon", "Marlow", "Globex", "Vice President", "hire.me", "Ignore all previous")


async def order(person: Person, product: str, engine: str, text: str) -> httpx2.Response:
    """Order a product for a posting that is kept by then, so that a career path has next roles."""
    posting = {} if product == "career-path" else {"jobText": text, "company": COMPANY}
    response = await person.http.post(
        f"/api/{product}/generate-async",
        json={"baseResumeId": person.resume_id, "options": {"engine": engine}, **posting},
    )
    assert response.status_code == 202, response.text
    return response


async def made(person: Person, product: str, engine: str, text: str) -> dict[str, Any]:
    """The finished job."""
    response = await order(person, product, engine, text)
    return await person.finished(response.headers["location"], within=240)


async def keep_posting(person: Person, text: str) -> None:
    """Store a posting, which the career path counts over."""
    response = await person.http.post("/api/jobs/", json={"jobText": text})
    assert (await person.finished(response.headers["location"]))["status"] == "completed"


def sentences(result: dict[str, Any]) -> list[dict[str, Any]]:
    """Every sentence of a letter, of an outline, or that is a reason."""
    letter = [s for p in result.get("paragraphs", ()) for s in p["sentences"]]
    outlines = [s for q in result.get("questions", ()) for s in q["outline"]]
    return letter + outlines + [s for r in result.get("roles", ()) for s in r["reasons"]]


def numbers(value: Any) -> set[str]:
    """Every number that is said."""
    return set(NUMBER.findall(json.dumps(value, ensure_ascii=False)))


@pytest.mark.parametrize("product", PRODUCTS)
async def test_honest_model_writes_with_grounds(
    person: Person, sandbox: Sandbox, posting_text: str, product: str
) -> None:
    """One paid call; each sentence of the model has its grounds, and the result says who wrote."""
    await keep_posting(person, posting_text)
    status = await made(person, product, "model", posting_text)
    assert status["status"] == "completed", status
    result = status["result"]
    assert (result["engine"], result["degraded"]) == ("model", False)
    assert result["writtenBy"]["prompt"] == PRODUCTS[product]
    assert result["writtenBy"]["provider"] == "openai"
    by_model = [s for s in sentences(result) if s["origin"] == "model"]
    assert by_model
    for sentence in by_model:
        if sentence["about"] == "person":
            assert sentence["grounds"]
            assert numbers(sentence["text"]) <= numbers(BASE)
    assert len(await sandbox.calls("openai", status["jobId"])) == 1
    (line,) = [each for each in status["receipt"]["lines"] if each["provider"] == "openai"]
    assert (line["calls"], line["model"]) == (1, result["writtenBy"]["model"])
    stored = await person.http.get(f"/api/{product}/results/{status['resultId']}")
    assert stored.json()["document"] == result


@pytest.mark.parametrize("product", PRODUCTS)
async def test_lying_model_tells_no_lie(
    new_person: NewPerson, sandbox: Sandbox, posting_text: str, product: str
) -> None:
    """Three people, six classes of lies each: what the model lied is nowhere in what they got."""
    classes = (await sandbox.http.get("/_sandbox")).json()["lieClasses"]
    prose = [name for name in classes if name not in RESUME_ONLY]
    told: set[str] = set()
    for start in range(0, len(prose), 6):
        person = await new_person()
        await person.add_resume()
        await keep_posting(person, posting_text)
        lies = {"openai": "lying", "lies": prose[start : start + 6]}
        await sandbox.put("mode", lies)
        status = await made(person, product, "auto", posting_text)
        assert status["status"] == "completed", status
        result = status["result"]
        delivered = json.dumps(result, ensure_ascii=False)
        (call,) = await sandbox.calls("openai", status["jobId"])
        told |= {lie["class"] for lie in call["lies"]}
        assert [lie for lie in call["lies"] if lie["after"] in delivered] == []
        assert [name for name in INVENTED if name in delivered] == []
        for sentence in sentences(result):
            if sentence["about"] == "person":
                assert numbers(sentence["text"]) <= numbers(BASE), sentence
                named = re.match(r"At (.+?) I ", sentence["text"])
                assert named is None or named[1] in PLACES
        assert result["dropped"] > 0
    assert len(told) >= 8, told


#: Lies about changes to a resume, or about where something stands in it; none is told in prose.
RESUME_ONLY = {
    *("swapped_bullet", "skill_in_bullet", "posting_poured_in", "invented_amount"),
    *("invented_multiple", "spelled_number", "scope_inflation", "unknown_entry"),
    *("unknown_target", "unknown_source", "lookalike_letters"),
    *("moved_bullet", "dropped_job", "changed_date", "obeyed_instruction"),
}


@pytest.mark.parametrize("product", PRODUCTS)
async def test_model_without_access_leaves_it_to_the_rules_or_fails(
    person: Person, sandbox: Sandbox, posting_text: str, product: str
) -> None:
    """With `auto` degraded and said so; who wants a model alone gets an error."""
    await keep_posting(person, posting_text)
    fault = {"kind": "error", "code": "invalid_api_key", "times": 99}
    await sandbox.put("faults", {"route": "openai.chat", "script": [fault]})
    status = await made(person, product, "auto", posting_text)
    assert status["status"] == "completed", status
    result = status["result"]
    assert (result["engine"], result["degraded"], result["writtenBy"]) == ("rules", True, None)
    assert "The model could not be used: the rules did it." in result["notes"]
    failed = await made(person, product, "model", posting_text)
    assert (failed["status"], failed["error"]["code"]) == ("failed", "provider_misconfigured")


@pytest.mark.parametrize("product", PRODUCTS)
async def test_model_that_answers_nonsense_is_done_without(
    person: Person, sandbox: Sandbox, posting_text: str, product: str
) -> None:
    """It is asked twice, paid twice, and the rules do it."""
    await keep_posting(person, posting_text)
    fault = {"kind": "wrong_schema", "times": 99}
    await sandbox.put("faults", {"route": "openai.chat", "script": [fault]})
    status = await made(person, product, "auto", posting_text)
    assert status["status"] == "completed", status
    assert (status["result"]["engine"], status["result"]["degraded"]) == ("rules", True)
    assert "The model gave no usable answer: the rules did it." in status["result"]["notes"]
    assert len(await sandbox.calls("openai", status["jobId"])) == 2


@pytest.mark.parametrize("product", PRODUCTS)
async def test_killed_in_the_middle_of_a_call_gives_one_result(
    person: Person, sandbox: Sandbox, stack: Stack, posting_text: str, product: str
) -> None:
    """The worker dies while the model writes: the job ends well, once."""
    if stack.kind != "native":
        pytest.skip("a container that starts again does not say its new pid in stack.json")
    await keep_posting(person, posting_text)
    await sandbox.put("latency", {"openai.chat": 3000})
    path = (await order(person, product, "model", posting_text)).headers["location"]
    job_id = path.rpartition("/")[2]
    async with asyncio.timeout(30):
        while not await sandbox.calls("openai", job_id):
            await asyncio.sleep(0.05)
    os.kill(stack.pid("tailor"), signal.SIGKILL)
    status = await person.finished(path, within=240)
    assert status["status"] == "completed", status
    assert status["result"]["engine"] == "model"
    listed = (await person.http.get(f"/api/{product}/results")).json()["items"]
    assert [item["jobId"] for item in listed] == [job_id]
    assert len(await sandbox.calls("openai", job_id)) <= 2
