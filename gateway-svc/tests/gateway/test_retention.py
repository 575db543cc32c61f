"""What goes when, by kind; and that nothing a person still has goes with it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from prometheus_client import CollectorRegistry

from gateway_svc.database import Pool
from gateway_svc.operate import rebuild_projection
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.filesweep import FileSweep
from gateway_svc.retention import kinds
from gateway_svc.settings import RelaySettings
from resume_contracts.messages import Usage
from resume_runtime.clock import SystemClock
from resume_runtime.ids import uuid7
from resume_runtime.retention import RetentionMetrics
from resume_runtime.settings import load_settings
from resume_runtime.testing import FakeClock, enforce_at

from .facts import Facts
from .test_decisions import a_tailored_resume
from .test_export import upload
from .test_postings import capture, posting
from .test_resumes import files_of
from .world import World

pytestmark = pytest.mark.connected

#: Every setting, so that a test says which one does something.
KEEP_ALL = {name: 0 for name in RelaySettings.model_fields if name.startswith("retention_")}
SPENT = Usage(provider="openai", model="m", calls=1, cost_usd=0.25)


def settings(**changed: object) -> RelaySettings:
    return RelaySettings.model_validate(
        {
            "database_url": "postgresql://localhost/x",
            "amqp_url": "amqp://localhost/",
            "files_url": "memory:///",
            **changed,
        }
    )


async def after(world: World, days: float, **changed: int) -> Mapping[str, int]:
    """Enforce that many days from now; how many went, by kind."""
    now = SystemClock().now() + timedelta(days=days)
    table = kinds(settings(**KEEP_ALL | changed))
    registry = await enforce_at(world.pool, table, now)
    return deleted(registry)


def deleted(registry: CollectorRegistry) -> dict[str, int]:
    return {
        sample.labels["kind"]: int(sample.value)
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "retention_deleted_total" and sample.value
    }


async def count(pool: Pool, table: str) -> int:
    return int(await pool.fetchval(f"select count(*) from gateway.{table}"))  # noqa: S608  constants


async def failed_job(world: World, *usage: Usage) -> Facts:
    facts = Facts(await world.submit(), world.user_id)
    await world.project(facts.started(0), facts.failed(0, usage=usage))
    return facts


async def test_documents_of_a_person_stay_by_default(world: World, tmp_path: Path) -> None:
    """Ten years later resumes, files, postings, results and decisions are all there."""
    await upload(world, "cv.txt", b"text")
    await capture(world, posting())
    tailored = await a_tailored_resume(world)
    await tailored.decide("c-model", "accepted")
    await tailored.decide("c-model", "rejected")
    before = await tailored.document()
    later = SystemClock().now() + timedelta(days=3650)
    gone = deleted(await enforce_at(world.pool, kinds(settings()), later))
    assert set(gone) == {"job_events", "jobs"}
    assert await tailored.document() == before
    assert [await count(world.pool, table) for table in ("resumes", "postings")] == [2, 2]
    assert await count(world.pool, "result_decisions") == 2
    assert len(files_of(world, tmp_path)) == 1
    # The job whose result is kept is readable; the two that read a file and a posting are gone.
    status = await world.status(tailored.job_id)
    assert (status["status"], status["resultId"]) == ("completed", tailored.id)
    assert await count(world.pool, "jobs") == 1
    assert (await tailored.decide("c-hide", "accepted")).status_code == 200


async def test_job_goes_when_nothing_hangs_on_it(world: World) -> None:
    plain, paid = await failed_job(world), await failed_job(world, SPENT)
    running = await world.submit()
    assert await after(world, 29, retention_jobs_days=30, retention_job_events_days=30) == {}
    gone = await after(world, 31, retention_jobs_days=30, retention_job_events_days=30)
    assert gone == {"job_events": 5, "jobs": 1}
    assert (await world.client.get(f"/api/tailor/job/{plain.job_id}")).status_code == 404
    status = await world.status(paid.job_id)
    assert (status["status"], status["receipt"]["costUsd"]) == ("failed", 0.25)
    assert (await world.status(running))["status"] == "pending"
    limits = {"retention_jobs_days": 30, "retention_job_events_days": 30}
    assert await after(world, 50, **limits, retention_usage_days=40) == {"usage": 1, "jobs": 1}
    assert (await world.client.get(f"/api/tailor/job/{paid.job_id}")).status_code == 404


async def test_job_without_its_history_is_readable_and_left_alone(world: World) -> None:
    """A rebuild does not take what is left of a history for the whole."""
    facts = Facts(await world.submit(), world.user_id)
    await world.project(facts.started(0), facts.succeeded(2, usage=(SPENT,)))
    before = await world.status(facts.job_id)
    assert await after(world, 31, retention_job_events_days=30) == {"job_events": 2}
    assert await rebuild_projection(world.pool) == (0, 0)
    assert await world.status(facts.job_id) == before


async def test_usage_waits_for_the_rest_of_its_history(world: World) -> None:
    """A history without its end would fold to a job that still runs."""
    await failed_job(world, SPENT)
    table = kinds(settings(retention_job_events_days=40, retention_usage_days=40))
    now = SystemClock().now() + timedelta(days=41)
    usage_alone = [kind for kind in table if kind.name == "usage"]
    assert deleted(await enforce_at(world.pool, usage_alone, now)) == {}
    assert deleted(await enforce_at(world.pool, table, now)) == {"job_events": 2, "usage": 1}


async def test_results_go_with_their_decisions_when_a_setting_says_so(world: World) -> None:
    tailored = await a_tailored_resume(world)
    assert (await tailored.decide("c-model", "rejected")).status_code == 200
    now = SystemClock().now()
    await world.pool.execute("update gateway.result_decisions set decided_at = $1", now)
    assert await after(world, 29, retention_results_days=30) == {}, "it was decided about since"
    assert await after(world, 31, retention_results_days=30) == {"results": 1}
    assert (await world.client.get(tailored.path)).status_code == 404
    assert await count(world.pool, "result_decisions") == 0
    assert (await world.status(tailored.job_id))["status"] == "completed"


async def test_only_overruled_decisions_go(world: World) -> None:
    tailored = await a_tailored_resume(world)
    for decision in ("accepted", "rejected", "reverted"):
        assert (await tailored.decide("c-model", decision)).status_code == 200
    assert (await tailored.decide("c-hide", "accepted")).status_code == 200
    changes, document = await tailored.changes(), await tailored.document()
    assert await after(world, 29, retention_decisions_days=30) == {}
    assert await after(world, 31, retention_decisions_days=30) == {"decisions": 2}
    assert (await tailored.changes(), await tailored.document()) == (changes, document)
    edited = await tailored.decide("c-model", "rejected", tag='"4"')
    assert (edited.status_code, edited.headers["etag"]) == (200, '"5"')


async def test_edits_of_a_whole_document_are_overruled_by_the_next(world: World) -> None:
    tailored = await a_tailored_resume(world)
    await world.pool.execute(
        """insert into gateway.result_decisions (result_id, version, user_id, decisions, decided_at)
           select $1, n, $2, jsonb_build_object('paragraphs', n), now() from generate_series(1, 3) n
        """,
        UUID(tailored.id),
        world.user_id,
    )
    assert await after(world, 31, retention_decisions_days=30) == {"decisions": 2}
    assert await world.pool.fetchval("select version from gateway.result_decisions") == 3


async def test_postings_go_and_what_was_made_for_them_stays(world: World) -> None:
    tailored = await a_tailored_resume(world)
    captured = await capture(world, posting())
    before = await tailored.document()
    assert await after(world, 3, retention_postings_days=30) == {}
    assert await after(world, 60, retention_postings_days=30) == {"postings": 2}
    gone = await world.client.get(f"/api/jobs/{captured['postingId']}")
    assert gone.status_code == 404
    assert await tailored.document() == before
    assert "postingId" not in await world.status(tailored.job_id)


async def test_resumes_and_files_go_when_a_setting_says_so(world: World, tmp_path: Path) -> None:
    resume_id = await upload(world, "cv.txt", b"text")
    parsing = await world.client.post("/api/resumes/upload", files={"file": ("x.txt", b"new")})
    assert await after(world, 29, retention_files_days=30, retention_resumes_days=30) == {}
    assert await after(world, 31, retention_files_days=30) == {"uploaded_files": 1}
    assert (await world.client.get(f"/api/resumes/{resume_id}")).json()["fileName"] is None
    removed = await sweep(world, tmp_path).remove_orphans()
    assert (removed, len(files_of(world, tmp_path))) == (1, 1)
    assert await after(world, 31, retention_resumes_days=30) == {"resumes": 1}
    assert await count(world.pool, "resume_versions") == 0
    assert await count(world.pool, "results") == 0, "what was read of it goes with it"
    left = await world.client.get(f"/api/resumes/{parsing.json()['resumeId']}")
    assert left.json()["state"] == "parsing"


async def test_resume_that_somebody_added_a_fact_to_is_in_use(world: World) -> None:
    resume_id = await world.resume()
    fact = {"statement": "I led a team of four."}
    added = await world.client.post(f"/api/resumes/{resume_id}/facts", json=fact)
    assert added.status_code == 201
    later = SystemClock().now() + timedelta(days=5)
    await world.pool.execute("update gateway.confirmed_facts set created_at = $1", later)
    assert await after(world, 31, retention_resumes_days=30) == {}
    assert await after(world, 36, retention_resumes_days=30) == {"resumes": 1}


@pytest.mark.parametrize(
    ("kind", "statement", "column"),
    [
        (
            "dead_letters",
            """insert into gateway.dead_letters
                      (id, queue, headers, size, digest, reason, received_at)
               values ($1, '', '{}', 0, '', '', $2)""",
            "retention_dead_letters_days",
        ),
        (
            "idempotency_keys",
            "insert into gateway.idempotency_keys values ($1, '/', 'k', '', $1, $2)",
            "retention_idempotency_keys_days",
        ),
        (
            "tickets",
            "insert into gateway.tickets values ($1::text::bytea, $1, null, $1, $2, $2)",
            "retention_tickets_days",
        ),
    ],
)
async def test_operational_rows_go_after_their_days(
    world: World, kind: str, statement: str, column: str
) -> None:
    id_ = uuid7()
    if kind == "tickets":
        statement = statement.replace("$1::text::bytea", "'digest'")
    await world.pool.execute(statement, id_, SystemClock().now())
    assert await after(world, 400) == {}
    assert await after(world, 4.9, **{column: 5}) == {}
    assert await after(world, 5.1, **{column: 5}) == {kind: 1}


async def test_what_ends_by_itself_goes_whatever_the_settings(world: World) -> None:
    now = SystemClock().now()
    await world.pool.execute(
        "insert into gateway.revoked_sessions values ($1, $1, $2)", uuid7(), now
    )
    await world.pool.execute(
        "insert into gateway.provider_states values ('p', 'x', 'open', null, $1)", now
    )
    assert await after(world, 0.1) == {"revoked_sessions": 1}
    assert await after(world, 1.1) == {"provider_states": 1}


async def test_many_rows_go_in_batches_by_several_at_once(world: World) -> None:
    await world.pool.execute(
        """insert into gateway.idempotency_keys
           select $1, '/', n::text, '', $1, now() from generate_series(1, 2300) n""",
        uuid7(),
    )
    days = {"retention_idempotency_keys_days": 1}
    gone = await asyncio.gather(*(after(world, 2, **days) for _ in range(3)))
    assert sum(each.get("idempotency_keys", 0) for each in gone) == 2300
    assert await count(world.pool, "idempotency_keys") == 0


async def test_walk_goes_on_behind_what_it_must_leave(world: World) -> None:
    """More jobs than a batch has, whose results are kept, do not hide those that may go."""
    await world.pool.execute(
        """insert into gateway.jobs
                  (id, user_id, workflow, engine, facts, run, slip, status, at_stage, at_attempt,
                   at_n, progress, notes, ended_by, version, accepted_at, updated_at, deadline_at)
           select ('0190' || lpad(to_hex(n), 28, '0'))::uuid, $1, 'tailor_resume', 'auto', '{}', 1,
                  '{}', 'cancelled', 0, 0, 0, 0, '{}', $1, 1, now(), now(), now()
             from generate_series(1, 1300) n""",
        world.user_id,
    )
    await world.pool.execute(
        """insert into gateway.results
                  (id, event_id, job_id, run, user_id, product, document, degraded, superseded,
                   created_at)
           select id, id, id, 1, user_id, workflow, '{}', false, false, now()
             from gateway.jobs order by id limit 1200"""
    )
    assert await after(world, 31, retention_jobs_days=30) == {"jobs": 100}
    assert await count(world.pool, "results") == 1200


async def test_age_of_the_oldest_is_told(world: World) -> None:
    await world.submit()
    now = SystemClock().now() + timedelta(days=3)
    registry = await enforce_at(world.pool, kinds(settings()), now)
    ages = {
        sample.labels["kind"]: sample.value
        for metric in registry.collect()
        for sample in metric.samples
        if sample.name == "retention_oldest_age_seconds"
    }
    assert set(ages) == {kind.name for kind in kinds(settings())}
    days = {kind: round(age / timedelta(days=1).total_seconds(), 2) for kind, age in ages.items()}
    assert (days["jobs"], days["resumes"], days["usage"]) == (3, 3, 0)


def sweep(world: World, folder: Path, later: timedelta = timedelta(hours=2)) -> FileSweep:
    registry = CollectorRegistry()
    return FileSweep(
        world.pool,
        ResumeFiles.at(folder.as_uri()),
        clock=FakeClock(SystemClock().now() + later),
        metrics=RetentionMetrics(registry),
        registry=registry,
    )


async def test_files_without_rows_go_and_rows_without_files_are_told(
    world: World, tmp_path: Path
) -> None:
    kept, lost = await upload(world, "a.txt", b"kept"), await upload(world, "b.txt", b"lost")
    files = ResumeFiles.at(tmp_path.as_uri())
    orphan, foreign = files.key(world.user_id, uuid7()), "uploads/not-of-ours.txt"
    await files.put(orphan, b"orphan")
    await files.put(foreign, b"foreign")
    another_systems = files.key(uuid7(), uuid7())
    await files.put(another_systems, b"of a user who was never here")
    await files.delete(files.key(world.user_id, UUID(lost)))
    assert await sweep(world, tmp_path, timedelta(minutes=30)).remove_orphans() == 0, "may be new"
    comparing = sweep(world, tmp_path)
    await comparing.round()
    assert not await files.exists(orphan)
    assert await files.exists(foreign)
    assert await files.exists(another_systems)
    assert await files.exists(files.key(world.user_id, UUID(kept)))
    assert await comparing.tell_missing() == 1


async def test_history_of_a_redriven_job_stays(world: World) -> None:
    """A job that runs again is not over, however old it is."""
    facts = await failed_job(world)
    await world.project(facts.redriven(2))
    limits = {"retention_jobs_days": 1, "retention_job_events_days": 1}
    assert await after(world, 400, **limits) == {}


def test_compose_passes_every_setting_on() -> None:
    told = (Path(__file__).parents[3] / "docker-compose.yml").read_text()
    assert [name for name in KEEP_ALL if f"      {name.upper()}:\n" not in told] == []
    assert told.count("      RETENTION_MEMOS_DAYS:\n") == 3


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"RETENTION_JOBS_DAYS": "-1"}, "RETENTION_JOBS_DAYS"),
        ({"RETENTION_RESULTS_DAYS": "soon"}, "RETENTION_RESULTS_DAYS"),
        ({"RETENTION_FILES_DAYS": "99999"}, "RETENTION_FILES_DAYS"),
        ({"RETENTION_USAGE_DAYS": "30"}, "RETENTION_USAGE_DAYS"),
        ({"RETENTION_JOB_EVENTS_DAYS": "0"}, "RETENTION_USAGE_DAYS"),
    ],
)
def test_wrong_setting_is_one_line_that_names_it(
    changes: dict[str, str],
    named: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "DATABASE_URL": "postgresql://localhost/x",
        "AMQP_URL": "amqp://localhost/",
        "FILES_URL": "memory:///",
        **changes,
    }.items():
        monkeypatch.setenv(name, value)
    if named == "RETENTION_USAGE_DAYS" and "RETENTION_USAGE_DAYS" not in changes:
        monkeypatch.setenv("RETENTION_USAGE_DAYS", "400")
    with pytest.raises(SystemExit) as stopped:
        load_settings(RelaySettings)
    line = capsys.readouterr().err
    assert stopped.value.code == 78
    assert line.startswith(f"{named}: ")
    assert line.count("\n") == 1
