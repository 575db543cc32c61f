"""Bad input gets a clear error and loses nothing."""

import asyncio
import uuid
from typing import Any

import aio_pika
import asyncpg
import httpx2
import pytest

from .conftest import NewPerson, Person, Sandbox, Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

SECRET = "my-secret-resume-line"


def check_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Check an RFC 9457 answer and return it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code
    assert {"type", "title", "status", "instance", "retryable", "correlationId"} <= problem.keys()
    return problem


async def test_no_token(stack: Stack) -> None:
    """Without credentials everything is 401 with the scheme to use."""
    async with httpx2.AsyncClient(base_url=stack.baseUrl) as http:
        response = await http.get("/api/resumes/")
    check_problem(response, 401, response.json()["code"])
    assert response.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"baseResumeId": SECRET, "jobText": "x"},
        {"baseResumeId": str(uuid.UUID(int=0)), "jobText": "x", "surprise": SECRET},
        {"baseResumeId": str(uuid.UUID(int=0)), "jobUrl": "ftp://example.com/" + SECRET},
        {"baseResumeId": str(uuid.UUID(int=0)), "jobText": "a", "jobUrl": "https://example.com"},
    ],
)
async def test_malformed_body_is_422_and_not_echoed(person: Person, body: dict[str, Any]) -> None:
    """The problem names the field and never quotes the input."""
    response = await person.http.post("/api/tailor/tailor-async", json=body)
    problem = check_problem(response, 422, "invalid_request")
    assert problem["errors"]
    assert SECRET not in response.text


async def test_body_that_is_no_json(person: Person) -> None:
    """Broken JSON is a client's error."""
    response = await person.http.post(
        "/api/tailor/tailor-async",
        content=b'{"baseResumeId": ' + SECRET.encode(),
        headers={"content-type": "application/json"},
    )
    assert response.status_code in {400, 422}
    assert SECRET not in response.text


async def test_foreign_and_unknown_jobs_are_404(
    person: Person, new_person: NewPerson, posting_text: str
) -> None:
    """Another user's job does not exist, by any route."""
    path = (await person.order(jobText=posting_text, options={"engine": "rules"})).headers[
        "location"
    ]
    stranger = await new_person()
    for response in (
        await stranger.http.get(path),
        await stranger.http.get(f"{path}/events"),
        await stranger.http.post(f"{path}/cancel"),
        await stranger.http.post(f"{path}/ticket"),
        await stranger.http.get(f"/api/resumes/{person.resume_id}"),
        await person.http.get(f"/api/tailor/job/{uuid.UUID(int=7)}"),
    ):
        check_problem(response, 404, response.json()["code"])
    stranger.resume_id = person.resume_id
    response = await stranger.order(jobText=posting_text)
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("empty.txt", b"   \n", "resume_empty"),
        ("broken.pdf", b"%PDF-1.7\nnothing of a PDF", "resume_unreadable"),
        ("broken.docx", b"PK\x03\x04broken", "resume_unreadable"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + bytes(64), "resume_unsupported"),
        ("broken.json", b'{"basics": ', "resume_unreadable"),
    ],
)
async def test_broken_resume_fails_with_its_reason(
    person: Person, name: str, data: bytes, code: str
) -> None:
    """A file that cannot be read says why and never becomes somebody's resume."""
    status = await person.upload(name, data)
    assert (status["status"], status["error"]["code"]) == ("failed", code)


async def test_huge_resume_is_refused_at_once(person: Person) -> None:
    """More than 5 MiB does not come in."""
    response = await person.http.post(
        "/api/resumes/upload", files={"file": ("big.txt", b"x" * (6 * 1024 * 1024))}
    )
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/job", "url_not_allowed"),
        ("http://10.0.0.1/job", "url_not_allowed"),
        ("http://169.254.169.254/latest/meta-data", "url_not_allowed"),
        ("http://[::1]/job", "url_not_allowed"),
        ("http://2130706433/job", "url_not_allowed"),
        ("http://no-such-host.invalid/job", "posting_unreachable"),
    ],
)
async def test_private_or_dead_address_is_explained(person: Person, url: str, code: str) -> None:
    """An address that must not or cannot be fetched ends the job with its reason."""
    status = await person.tailored(jobUrl=url, options={"engine": "rules"})
    assert (status["status"], status["error"]["code"]) == ("failed", code)


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("removed", "posting_not_found"),
        ("expired", "posting_not_found"),
        ("login", "posting_forbidden"),
        ("login-redirect", "posting_forbidden"),
        ("forbidden", "posting_forbidden"),
        ("nothing", "posting_empty"),
        ("script-only", "posting_empty"),
        ("brochure.pdf", "posting_not_html"),
        ("endless", "posting_too_large"),
        ("huge", "posting_too_large"),
        ("too-long", "posting_too_large"),
        ("loop", "posting_unreachable"),
        ("inward", "url_not_allowed"),
    ],
)
async def test_page_that_is_no_posting_is_explained(
    person: Person, sandbox: Sandbox, page: str, code: str
) -> None:
    """Every kind of page that is no posting has its code."""
    status = await person.tailored(
        jobUrl=sandbox.posting(f"trouble/{page}"), options={"engine": "rules"}
    )
    assert (status["status"], status["error"]["code"]) == ("failed", code)


async def test_undecodable_message_ends_in_the_dead_letters(stack: Stack) -> None:
    """An operator finds what could not be handled, and the queue goes on."""
    message_id = uuid.uuid4()
    async with await aio_pika.connect(stack.amqpUrl) as connection, connection.channel() as channel:
        exchange = await channel.get_exchange("work.v1")
        message = aio_pika.Message(
            b"not a command",
            message_id=str(message_id),
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        )
        await exchange.publish(message, routing_key="tailor.rules.v1")
    database = await asyncpg.connect(stack.databaseUrl)
    try:
        async with asyncio.timeout(30):
            while not await database.fetchval(
                "select count(*) from gateway.dead_letters where message_id = $1", str(message_id)
            ):
                await asyncio.sleep(0.1)
    finally:
        await database.close()
