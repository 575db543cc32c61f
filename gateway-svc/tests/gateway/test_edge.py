"""Small parts of the edge: limits, keys, wording, cursors, settings, the published document."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway_svc import openapi
from gateway_svc.app import main
from gateway_svc.deadletters import owner_of, readable_headers
from gateway_svc.idempotency import fingerprint, parse_key
from gateway_svc.jobs.model import JobRow
from gateway_svc.jobs.paging import cursor_of, parse_cursor
from gateway_svc.jobs.projection import fold, new_row
from gateway_svc.jobs.wording import ProviderWait, current_stage, message, waiting_for
from gateway_svc.ratelimit import Kind, Limit, RateLimiter
from gateway_svc.resumes.files import ResumeFiles
from gateway_svc.resumes.uploads import file_name
from gateway_svc.settings import ApiSettings
from resume_contracts.messages import JobEvent, ProviderStateKind
from resume_contracts.workflows import Engine
from resume_runtime.errors import ProblemError
from resume_runtime.process import StartupError
from resume_runtime.settings import load_settings
from resume_runtime.testing import FakeClock

from .facts import NOW, Facts, at

F = Facts()
USER = UUID(int=1)


def row(*events: JobEvent) -> JobRow:
    return fold(new_row(F.accepted()), events)


def test_rate_limit_refills_and_names_the_wait() -> None:
    clock = FakeClock()
    limiter = RateLimiter({Kind.WRITES: Limit(30, 60)}, clock)
    headers = [limiter.take(USER, Kind.WRITES) for _ in range(30)]
    assert headers[0]["RateLimit"] == '"writes";r=29;t=2'
    assert headers[-1]["RateLimit"] == '"writes";r=0;t=60'
    with pytest.raises(ProblemError) as refused:
        limiter.take(USER, Kind.WRITES)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "2")
    limiter.take(UUID(int=2), Kind.WRITES)
    clock.advance(2)
    limiter.take(USER, Kind.WRITES)
    with pytest.raises(ProblemError):
        limiter.take(USER, Kind.WRITES)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 30)), max_size=60))
def test_rate_limit_never_lets_more_through_than_it_says(steps: list[tuple[bool, float]]) -> None:
    clock = FakeClock()
    limiter = RateLimiter({Kind.READS: Limit(5, 60)}, clock)
    passed = 0
    start = clock.monotonic()
    for is_request, pause in steps:
        clock.advance(pause)
        if is_request:
            try:
                limiter.take(USER, Kind.READS)
            except ProblemError:
                continue
            passed += 1
    assert passed <= 5 + (clock.monotonic() - start) * 5 / 60 + 1e-6


@pytest.mark.parametrize("header", ["abc", '"abc"', " abc "])
def test_idempotency_key_may_be_quoted(header: str) -> None:
    assert parse_key(header) == "abc"


@pytest.mark.parametrize("header", ["", '"', "a b", "ü", "x" * 256])
def test_idempotency_key_of_another_form_is_refused(header: str) -> None:
    with pytest.raises(ProblemError) as refused:
        parse_key(header)
    assert refused.value.code == "idempotency_key_invalid"


def test_fingerprint_depends_on_content_alone() -> None:
    assert fingerprint({"a": 1, "b": [2]}) == fingerprint({"b": [2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_fingerprint_takes_whatever_json_can_say() -> None:
    odd = json.loads('{"half a character": "\\ud800", "large": 1' + "0" * 30 + ', "none": NaN}')
    assert fingerprint(odd) == fingerprint(dict(reversed(odd.items())))


@given(st.uuids())
def test_cursor_comes_back(last_id: UUID) -> None:
    assert parse_cursor(cursor_of(last_id)) == last_id


@given(st.text(max_size=40))
def test_cursor_of_another_form_is_a_problem(text: str) -> None:
    problem = None
    parsed = None
    try:
        parsed = parse_cursor(text)
    except ProblemError as error:
        problem = error.status
    assert isinstance(parsed, UUID) != (problem == 422)


def test_stage_is_the_one_the_job_stands_in_line_for() -> None:
    assert current_stage(row()) == "extract.posting"
    assert current_stage(row(F.started(0))) == "extract.posting"
    assert current_stage(row(F.succeeded(0))) == "research.company"
    assert current_stage(row(F.succeeded(1))) == "tailor.resume"
    assert current_stage(row(F.succeeded(2))) is None


def test_message_says_where_the_job_is() -> None:
    for events, text in (
        ([], "Queued"),
        ([F.started(0)], "Extracting job details…"),
        ([F.started(2), F.retrying(2)], "Trying again: Tailoring resume…"),
        ([F.succeeded(2)], "Done"),
        ([F.cancelled()], "Cancelled"),
        ([F.failed(1)], "Try later."),
    ):
        assert message(row(*events), None, NOW) == text


@pytest.mark.parametrize(
    ("state", "until", "text"),
    [
        (ProviderStateKind.OPEN, at(24.2), "Waiting for OpenAI to recover (about 25 s)"),
        (ProviderStateKind.PAUSED, at(3), "Waiting for OpenAI's rate limit (about 3 s)"),
        (ProviderStateKind.OPEN, None, "Waiting for OpenAI to recover"),
        (ProviderStateKind.HALF_OPEN, at(100), "Trying OpenAI again"),
    ],
)
def test_message_names_the_provider_it_waits_for(
    state: ProviderStateKind, until: datetime | None, text: str
) -> None:
    wait = ProviderWait("openai", state, until, NOW)
    waiting = row(F.succeeded(1))
    assert message(waiting, waiting_for(waiting, Engine.AUTO, [wait], NOW), NOW) == text
    for other in (row(F.started(0)), row(F.succeeded(2))):
        assert waiting_for(other, Engine.AUTO, [wait], NOW) is None
    assert waiting_for(waiting, Engine.RULES, [wait], NOW) is None
    assert waiting_for(waiting, Engine.AUTO, [wait], NOW + timedelta(minutes=5)) is None


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ada\\cv.docx", "cv.docx"),
        ("a\nb\x00.txt", "ab.txt"),
        ("", "resume"),
        (None, "resume"),
        ("x" * 300, "x" * 200),
    ],
)
def test_file_name_is_its_last_printable_part(given_name: str | None, kept: str) -> None:
    assert file_name(given_name) == kept


def test_dead_letter_names_its_owner_when_it_can() -> None:
    assert owner_of(f'{{"user_id": "{USER}"}}'.encode()) == USER
    for body in (b"", b"{", b"[]", b"7", b'{"user_id": 7}', b'{"user_id": "x"}'):
        assert owner_of(body) is None
    assert readable_headers({"at": NOW, "n": 1}) == {"at": NOW.isoformat(), "n": 1}


ENVIRONMENT = {
    "DATABASE_URL": "postgresql://localhost/x",
    "AMQP_URL": "amqp://localhost/",
    "FILES_URL": "file:///tmp/files",
    "AUTH_URL": "http://auth:9999/",
}


def set_environment(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> None:
    for name in ("SUPABASE_URL", "AUTH_ISSUER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**ENVIRONMENT, **changes}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_settings_find_issuer_and_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_environment(monkeypatch)
    own = load_settings(ApiSettings)
    assert own.issuer == "http://auth:9999/auth/v1"
    assert own.jwks_url == "http://auth:9999/auth/v1/.well-known/jwks.json"
    set_environment(monkeypatch, SUPABASE_URL="https://x.test")
    supabase = load_settings(ApiSettings)
    assert supabase.issuer == "https://x.test/auth/v1"
    assert supabase.hs256_secret is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"FILES_URL": None}, "FILES_URL"),
        ({"AUTH_URL": None}, "AUTH_URL"),
        ({"PORT": "many"}, "PORT"),
        ({"AUTH_URL": "auth"}, "AUTH_URL"),
        ({"SUPABASE_URL": "https://"}, "SUPABASE_URL"),
        ({"FILES_URL": "secret"}, "FILES_URL"),
        ({"DEADLETTER_KEY": "short"}, "DEADLETTER_KEY"),
        ({"DATABASE_URL": "mysql://secret@x"}, "DATABASE_URL"),
    ],
)
def test_settings_name_the_wrong_variable_in_one_line(
    changes: dict[str, str | None],
    named: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_environment(monkeypatch, **changes)
    with pytest.raises(SystemExit) as stopped:
        load_settings(ApiSettings)
    line = capsys.readouterr().err
    assert stopped.value.code == 78
    assert line.count("\n") == 1
    assert named in line
    assert "secret" not in line


@pytest.mark.parametrize("url", ["secret://x", "file:///proc/secret"])
def test_storage_that_cannot_be_used_stops_the_start(url: str) -> None:
    with pytest.raises(StartupError) as stopped:
        ResumeFiles.at(url)
    assert stopped.value.exit_code == 78
    assert str(stopped.value).startswith("FILES_URL: ")
    assert "secret" not in str(stopped.value)


def test_unknown_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dance"]) == 2
    assert "rebuild-projection" in capsys.readouterr().err


def test_openapi_check_notices_drift(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert openapi.main(["--write", str(file)]) == 0
    assert openapi.main(["--check", str(file)]) == 0
    file.write_bytes(file.read_bytes().replace(b"/api/tailor/jobs", b"/api/tailor/works"))
    assert openapi.main(["--check", str(file)]) == 1


def test_openapi_lists_every_route_of_the_contract() -> None:
    text = openapi.document().decode()
    for path in (
        "/api/tailor/tailor-async",
        "/api/tailor/tailor",
        "/api/tailor/job/{job_id}",
        "/api/tailor/job/{job_id}/events",
        "/api/tailor/job/{job_id}/cancel",
        "/api/tailor/job/{job_id}/ticket",
        "/api/tailor/results/{result_id}/export",
        "/api/resumes/{resume_id}/export",
        "/api/resumes/upload",
        "/api/resumes/job/{job_id}",
        "/api/resumes/{resume_id}/confirm",
        "/api/auth/me",
        "/api/account/usage",
        "/health/ready",
    ):
        assert f'"{path}"' in text


def test_openapi_describes_errors_as_problems() -> None:
    document = orjson.loads(openapi.document())
    assert "HTTPValidationError" not in document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            refused = operation["responses"]["422"]["content"]
            assert list(refused) == ["application/problem+json"], path
