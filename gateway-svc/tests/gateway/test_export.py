"""The account's archive: all of the user's, nothing of anybody else, and refused in time."""

import asyncio
import hashlib
import io
import json
import random
import zipfile
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from starlette.types import Message

from gateway_svc.account.budgets import Limits
from gateway_svc.account.contents import NOT_EXPORTED, PROFILE_TABLES, SECTIONS
from gateway_svc.account.export import ExpiredError
from gateway_svc.account.limits import set_limits
from gateway_svc.account.reserving import hold, keep
from gateway_svc.jobs.products import PRODUCTS
from resume_contracts.messages import Usage
from resume_contracts.workflows import Workflow
from resume_runtime.clock import SystemClock
from resume_runtime.database import migrate
from resume_runtime.ids import uuid7

from .conftest import opened, settings_for
from .facts import Facts
from .test_decisions import a_tailored_resume
from .test_postings import capture, posting
from .test_resumes import files_of, parsed
from .world import RESUME, World, token_for

pytestmark = pytest.mark.connected

ROOT = Path(__file__).parents[3]
TABLES = """
    select table_schema || '.' || table_name from information_schema.columns
     where column_name = 'user_id' and table_schema not in ('pg_catalog', 'information_schema')
"""
_MEMO = """
    insert into {}.memos (job_id, stage, call, digest, run, user_id)
    values ($1, $2, '', '', 1, $1)
"""
#: Rows of tables that are not exported: `$1` is the user, `$2` what must not be found.
LEFT_OUT = {
    "auth.refresh_tokens": """
        with u as (insert into auth.users values ($1, 'a@b.c', '', now(), now(), now())),
             s as (insert into auth.sessions (id, user_id, created_at, refreshed_at)
                   values ($1, $1, now(), now()))
        insert into auth.refresh_tokens values ($2::text::bytea, $1, $1, now())
    """,
    "gateway.tickets": """
        insert into gateway.tickets values ($2::text::bytea, $1, null, $1, now(), now())
    """,
    "gateway.idempotency_keys": """
        insert into gateway.idempotency_keys values ($1, '/', $2, '', $1, now())
    """,
    "gateway.outbox": """
        insert into gateway.outbox
               (message_id, user_id, exchange, routing_key, kind, correlation_id, headers, body)
        values ($1, $1, $2, '', '', '', '{}', '')
    """,
    "gateway.dead_letters": """
        insert into gateway.dead_letters
               (id, queue, user_id, headers, size, digest, reason, received_at)
        values ($1, '', $1, '{}', 0, '', $2, now())
    """,
    "tailor.answers": """
        insert into tailor.answers values ($1, sha256(''), $2::text::bytea, '{}', now(), now())
    """,
    "extract.memos": _MEMO.format("extract"),
    "research.memos": _MEMO.format("research"),
    "tailor.memos": _MEMO.format("tailor"),
}
#: Tables with nothing in them but ids and times.
IDS_ONLY = {"gateway.revoked_sessions"} | {
    f"{service}.erased" for service in ("gateway", "extract", "research", "tailor")
}


def read(data: bytes) -> dict[str, bytes]:
    """The archive's files; each must be as its manifest says."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    files = {name: archive.read(name) for name in archive.namelist()}
    assert len(files) == len(archive.namelist())
    manifest = json.loads(files["manifest.json"])
    told = {one["path"]: (one["size"], one["sha256"]) for one in manifest["files"]}
    assert told == {
        name: (len(content), hashlib.sha256(content).hexdigest())
        for name, content in files.items()
        if name != "manifest.json"
    }
    return files


async def export(world: World, client: httpx2.AsyncClient | None = None) -> dict[str, bytes]:
    answer = await (client or world.client).get("/api/account/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    return read(answer.content)


def named(files: dict[str, bytes], start: str, end: str = "") -> list[str]:
    return [name for name in files if name.startswith(start) and name.endswith(end)]


async def upload(world: World, name: str, data: bytes) -> str:
    answer = await world.client.post("/api/resumes/upload", files={"file": (name, data)})
    assert answer.status_code == 202, answer.text
    facts = Facts(UUID(answer.json()["jobId"]), world.user_id, Workflow.PARSE_RESUME)
    resume_id: str = answer.json()["resumeId"]
    await world.project(facts.succeeded(1, result=parsed(resume_id)))
    return resume_id


async def everything(world: World, mark: str) -> dict[str, str]:
    """Something in every table that is exported; what to look for, by table."""
    resume_id = await upload(world, f"{mark} résumé.txt", f"{mark} file".encode())
    document = {**RESUME, "basics": {"name": f"{mark} resumes", "summary": f"{mark} versions"}}
    written = await world.client.put(f"/api/resumes/{resume_id}", json=document)
    assert written.status_code == 200, written.text
    fact = {"statement": f"{mark} facts"}
    confirmed = await world.client.post(f"/api/resumes/{resume_id}/facts", json=fact)
    assert confirmed.status_code == 201, confirmed.text
    await capture(world, posting(f"Requirements:\n- {mark} postings"))
    tailored = await a_tailored_resume(world)
    decided = await tailored.decide("c-model", "edited", f"{mark} decisions")
    assert decided.status_code == 200, decided.text
    for product in PRODUCTS.values():
        wanted = {} if product.wants_demand else {"jobText": f"{mark} jobs"}
        answer = await world.client.post(
            f"{product.prefix}/{product.verb}-async", json={"baseResumeId": resume_id, **wanted}
        )
        assert answer.status_code == 202, answer.text
        facts = Facts(UUID(answer.json()["jobId"]), world.user_id, product.workflow)
        last = len(facts.slip) - 1
        spent = Usage(provider="openai", model=f"{mark} usage", calls=1, cost_usd=0.25)
        made: dict[str, object] = {"document": {"text": f"{mark} {product.workflow}"}}
        await world.project(
            *(facts.succeeded(n, unavailable=f"{mark} events") for n in range(last)),
            facts.succeeded(last, result=made, usage=(spent,)),
        )
    limit = 10**9 + sum(mark.encode())
    now, job_id = SystemClock().now(), facts.job_id
    await set_limits(world.pool, world.user_id, limit, None)
    async with world.pool.acquire() as connection, connection.transaction():
        held = await hold(connection, world.user_id, Limits(), now)
        await keep(connection, held, job_id, 1, limit + 1)
    return {
        "gateway.budgets": str(limit),
        "gateway.reservations": str(limit + 1),
        "gateway.resumes": f"{mark} résumé.txt",
        "gateway.resume_versions": f"{mark} versions",
        "gateway.confirmed_facts": f"{mark} facts",
        "gateway.postings": f"{mark} postings",
        "gateway.results": f"{mark} {Workflow.COVER_LETTER}",
        "gateway.result_decisions": f"{mark} decisions",
        "gateway.jobs": f"{mark} jobs",
        "gateway.job_events": f"{mark} events",
        "gateway.usage": f"{mark} usage",
    }


def exported() -> set[str]:
    return {table for section in SECTIONS for table in section.tables}


async def test_every_table_of_a_user_is_exported_or_says_why_not(world: World) -> None:
    """A new table with a `user_id` fails here until somebody has thought of it."""
    for service in ("auth", "extract", "research", "tailor"):
        migrations = ROOT / f"{service}-svc" / "migrations"
        await migrate(world.database_url, service, migrations)
    found = {record[0] for record in await world.pool.fetch(TABLES)}
    assert found == exported() | PROFILE_TABLES | set(NOT_EXPORTED)
    assert set(NOT_EXPORTED) == set(LEFT_OUT) | IDS_ONLY

    looked_for = await everything(world, "mine")
    assert set(looked_for) == exported()
    for table, statement in LEFT_OUT.items():
        await world.pool.execute(statement, world.user_id, f"hidden {table}")
    files = await export(world)
    text = b"\n".join([*files.values(), *(name.encode() for name in files)]).decode()
    assert [table for table, canary in looked_for.items() if canary not in text] == []
    assert [table for table in LEFT_OUT if f"hidden {table}" in text] == []
    reasons = json.loads(files["manifest.json"])["notExported"]
    told = {one["what"]: one["because"] for one in reasons}
    assert told == dict(NOT_EXPORTED)
    assert all(told.values())


async def test_archive_is_of_its_user_alone(world: World) -> None:
    await everything(world, "mine")
    mine, client, world.user_id = world.user_id, world.client, uuid7()
    world.client = world.client_for(world.user_id)
    await everything(world, "theirs")
    theirs = await export(world)
    ours = await export(world, client)
    await client.aclose()
    for files, other in ((ours, b"theirs"), (theirs, b"mine")):
        assert [name for name, content in files.items() if other in content] == []
        assert [name for name in files if other.decode() in name] == []
    assert json.loads(ours["manifest.json"])["userId"] == str(mine)


async def test_archive_is_laid_out_as_its_readme_says(world: World) -> None:
    await everything(world, "mine")
    files = await export(world)
    first, *_, last = files
    assert (first, last) == ("README.txt", "manifest.json")
    assert json.loads(files["profile.json"])["user"]["id"] == str(world.user_id)
    (uploaded,) = named(files, "resumes/", "mine résumé.txt")
    assert files[uploaded] == b"mine file"
    folder = uploaded.partition("/file/")[0]
    assert json.loads(files[f"{folder}/resume.json"])["version"] == 2
    assert json.loads(files[f"{folder}/versions/1.json"])["basics"]["name"] == "Ada Example"
    assert json.loads(files[f"{folder}/versions/2.json"])["basics"]["name"] == "mine resumes"
    assert json.loads(files[f"{folder}/versions/1.about.json"])["report"]["format"] == "txt"
    (read_posting,) = [n for n in named(files, "postings/", ".txt") if b"mine" in files[n]]
    assert b"- mine postings" in files[read_posting]
    stated = json.loads(files[read_posting.replace(".txt", ".json")])
    assert stated["posting"]["company"]["source"] == "json_ld"
    for product in PRODUCTS:
        assert named(files, f"results/{product}/", "/document.md")
    (decided,) = named(files, "results/tailor_resume/", "/decisions.json")
    result = decided.rpartition("/")[0]
    assert b"mine decisions" in files[f"{result}/document.md"]
    assert b"mine decisions" not in files[f"{result}/delivered.json"]
    assert files[f"{result}/document.md"].startswith(b"# Ada Example")
    jobs = [json.loads(files[name]) for name in named(files, "jobs/cover_letter/")]
    assert jobs[0]["events"][0]["kind"] == "job.accepted"
    assert jobs[0]["receipt"]["costUsd"] == 0.25
    assert "chargedUsd" not in jobs[0]["receipt"]
    within_a_budget = [json.loads(files[name]) for name in named(files, "jobs/career_path/")]
    assert within_a_budget[0]["receipt"]["chargedUsd"] == 0
    budget, month = sorted(named(files, "usage/"), reverse=True)
    assert json.loads(files[budget])["reservations"][0]["charged"] == 0
    lines = json.loads(files[month])
    assert {line["product"] for line in lines} == set(PRODUCTS)
    assert [(line["jobs"], line["calls"], line["costUsd"]) for line in lines] == [(1, 1, 0.25)] * 4
    assert {(line["unpricedCalls"], line["cachedAnswers"]) for line in lines} == {(0, 0)}


async def test_account_without_anything_has_an_archive(world: World) -> None:
    assert set(await export(world)) == {"README.txt", "profile.json", "manifest.json"}


async def test_missing_file_is_told(world: World, tmp_path: Path) -> None:
    await upload(world, "cv.txt", b"text")
    (stored,) = files_of(world, tmp_path)
    stored.unlink()
    files = await export(world)
    (missing,) = json.loads(files["manifest.json"])["missing"]
    assert missing.endswith("/file/cv.txt")
    assert missing not in files


async def test_archive_is_one_moment(world: World) -> None:
    """What is written and deleted while it is sent does not tear it."""
    first = await upload(world, "first.txt", b"text")
    exporter = world.edge.exporter
    async with exporter.open(world.user_id, {}, lambda: False) as pieces:
        sent = await anext(pieces)
        second = await world.resume()
        await world.client.delete(f"/api/resumes/{first}")
        sent += b"".join([piece async for piece in pieces])
    files = read(sent)
    assert named(files, f"resumes/{first}/versions/")
    assert not named(files, f"resumes/{second}/")
    assert len(json.loads(files["manifest.json"])["missing"]) == 1


async def test_erasure_under_way_ends_it(world: World) -> None:
    await world.resume()
    async with world.edge.exporter.open(world.user_id, {}, lambda: True) as pieces:
        with pytest.raises(ExpiredError):
            assert [piece async for piece in pieces] == []
    await world.pool.execute("insert into gateway.erased (user_id) values ($1)", world.user_id)
    answer = await world.client.get("/api/account/export")
    assert (answer.status_code, answer.json()["code"]) == (403, "user_erased")


async def test_exports_are_counted_unless_they_are_refused(world: World) -> None:
    exporter = world.edge.exporter
    async with (
        exporter.open(uuid7(), {}, lambda: False),
        exporter.open(uuid7(), {}, lambda: False),
    ):
        for _ in range(4):
            busy = await world.client.get("/api/account/export")
            assert (busy.status_code, busy.json()["code"]) == (503, "export_busy")
            assert busy.headers["retry-after"] == "30"
    for _ in range(3):
        await export(world)
    refused = await world.client.get("/api/account/export")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["ratelimit-policy"] == '"exports";q=3;w=3600'


async def test_archive_needs_a_user(world: World) -> None:
    answer = await world.client.get("/api/account/export", headers={"Authorization": ""})
    assert answer.status_code == 401


def asked_of(world: World, handle: Callable[[httpx2.Request], httpx2.Response]) -> None:
    """Have the edge ask this identity service."""
    http = httpx2.AsyncClient(transport=httpx2.MockTransport(handle))
    world.app.state.edge = replace(world.edge, http=http, auth_url="http://auth")


async def test_profile_is_asked_with_the_callers_token(world: World) -> None:
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(200, json={"user": {"email": "ada@example.org"}, "sessions": []})

    asked_of(world, answer)
    files = await export(world)
    assert json.loads(files["profile.json"])["user"]["email"] == "ada@example.org"
    assert str(asked[0].url) == "http://auth/private/account"
    assert asked[0].headers["authorization"] == world.client.headers["authorization"]


@pytest.mark.parametrize(
    ("status", "expected", "code"),
    [
        (0, 503, "identity_unavailable"),
        (500, 503, "identity_unavailable"),
        (403, 401, "token_invalid"),
    ],
)
async def test_archive_without_the_profile_is_none(
    world: World, status: int, expected: int, code: str
) -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if not status:
            raise httpx2.ConnectError("away", request=request)
        return httpx2.Response(status)

    asked_of(world, answer)
    refused = await world.client.get("/api/account/export")
    assert (refused.status_code, refused.json()["code"]) == (expected, code)


@pytest.fixture
async def slow(migrated: str, pool: Any, tmp_path: Path) -> AsyncIterator[World]:
    """One archive at a time, and half a second for it."""
    settings = settings_for(migrated, tmp_path, exports_at_once=1, export_timeout_s=0.5)
    async with opened(settings, pool) as world:
        yield world


@pytest.mark.parametrize("goes_away", [True, False])
async def test_client_that_goes_away_or_hangs_ends_it(slow: World, *, goes_away: bool) -> None:
    """The connection is given back, and the next one is served."""
    await upload(slow, "cv.txt", random.Random(1).randbytes(3 * 1024 * 1024))
    gone = asyncio.Event()
    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if asked:
            return asked.pop()
        await (gone if goes_away else asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            gone.set()
            await asyncio.Event().wait()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/api/account/export",
        "raw_path": b"/api/account/export",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"authorization", f"Bearer {token_for(slow.user_id)}".encode())],
        "client": ("127.0.0.1", 1),
        "server": ("edge", 80),
        "state": {},
    }
    async with asyncio.timeout(10):
        if goes_away:
            await slow.app(scope, receive, send)
        else:
            with pytest.raises(TimeoutError):
                await slow.app(scope, receive, send)
    assert [m["type"] for m in sent] == ["http.response.start", "http.response.body"]
    assert len(named(await export(slow), "resumes/", "/file/cv.txt")) == 1
