import json
import random
import socket
from typing import Any

import pytest
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from resume_contracts.workflows import STAGES
from resume_outbound.testing import ManualTime
from resume_runtime.process import StartupError
from resume_runtime.settings import load_settings
from tailor_svc.bootstrap import bootstrap
from tailor_svc.settings import TailorSettings

SANDBOX = {"test_mode": True, "sandbox_url": "http://sandbox:8090/"}
OWN = {"openai_base_url": "http://own.example/v1/"}


def settings(**others: object) -> TailorSettings:
    servers = {"database_url": "postgresql://h/d", "amqp_url": "amqp://h/"}
    return TailorSettings.model_validate({**servers, **others})


@pytest.mark.parametrize(
    ("variables", "url", "key"),
    [
        ({}, "https://api.openai.com/v1", None),
        ({"openai_api_key": "k\n"}, "https://api.openai.com/v1", "k"),
        (OWN, "http://own.example/v1", None),
        (SANDBOX, "http://sandbox:8090/openai/v1", "sandbox"),
        ({**SANDBOX, "openai_api_key": "real"}, "http://sandbox:8090/openai/v1", "sandbox"),
        ({**SANDBOX, **OWN, "openai_api_key": "real"}, "http://own.example/v1", "real"),
    ],
)
def test_model_is_where_the_settings_say(
    variables: dict[str, object], url: str, key: str | None
) -> None:
    endpoints = settings(**variables).endpoints
    if key is None:
        assert endpoints == ()
        return
    (endpoint,) = endpoints
    assert endpoint.key
    assert (endpoint.name, endpoint.url) == ("openai", url)
    assert endpoint.key.get_secret_value() == key


@pytest.mark.parametrize("url", ["api.openai.com", "ftp://h/v1", "http://"])
def test_base_url_must_be_one(url: str) -> None:
    with pytest.raises(ValidationError):
        settings(openai_base_url=url)


@pytest.mark.parametrize(("replicas", "prefetch"), [(1, 15), (4, 3), (10, 2)])
async def test_prefetch_follows_the_slots(replicas: int, prefetch: int) -> None:
    time = ManualTime()
    async with bootstrap(
        settings(replicas=replicas, **SANDBOX),
        clock=time,
        sleep=time.sleep,
        rng=random.Random(1),
        registry=CollectorRegistry(),
    ) as service:
        mine = {name for name, stage in STAGES.items() if stage.service == "tailor"}
        assert set(service.handlers) == mine
        assert sorted(service.prefetch.values()) == sorted([*[prefetch] * 5, 8])


async def test_leased_slots_may_all_be_one_replicas() -> None:
    """And no server at that address is no reason not to start, nor are many replicas."""
    time = ManualTime()
    with socket.socket() as taken:  # bound, and nobody listens
        taken.bind(("127.0.0.1", 0))
        async with bootstrap(
            settings(
                replicas=11, valkey_url=f"valkey://127.0.0.1:{taken.getsockname()[1]}", **SANDBOX
            ),
            clock=time,
            sleep=time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        ) as service:
            assert max(service.prefetch.values()) == 15


async def test_more_replicas_than_calls_is_a_start_up_error() -> None:
    time = ManualTime()
    with pytest.raises(StartupError, match="REPLICAS=11") as caught:
        async with bootstrap(
            settings(replicas=11),
            clock=time,
            sleep=time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        ):
            pass
    assert caught.value.exit_code == 78


FIRST = {"name": "openai", "key_variable": "TEST_KEY_A", "model": "gpt-4.1-mini"}
LOCAL = {"name": "local", "base_url": "http://127.0.0.1:11434/v1/", "model": "llama3.3"}


def test_several_endpoints_replace_the_single_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY_A", "sk-a\n")
    listed = json.dumps([FIRST, LOCAL])

    first, second = settings(openai_api_key="other", model_endpoints=listed).endpoints

    assert first.key
    assert (first.name, first.url) == ("openai", "https://api.openai.com/v1")
    assert first.key.get_secret_value() == "sk-a"
    assert (second.url, second.key) == ("http://127.0.0.1:11434/v1", None)


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ("nonsense", "is no JSON list"),
        ([FIRST], "TEST_KEY_A is not set"),
        ([LOCAL, LOCAL], "two endpoints share a name"),
        ([{**LOCAL, "name": f"e{n}"} for n in range(6)], "at most 5 endpoints"),
        ([{**LOCAL, "name": "Not A Label"}], "pattern"),
        ([{**LOCAL, "api_key": "sk-in-the-open"}], "Extra inputs are not permitted"),
        ([{**LOCAL, "base_url": "ftp://h/"}], "URL scheme"),
    ],
)
def test_wrong_list_is_one_line_and_exit_78(
    listed: Any,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://h/d")
    monkeypatch.setenv("AMQP_URL", "amqp://h/")
    value = listed if isinstance(listed, str) else json.dumps(listed)
    monkeypatch.setenv("MODEL_ENDPOINTS", value)

    with pytest.raises(SystemExit) as caught:
        load_settings(TailorSettings)

    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("MODEL_ENDPOINTS: ")
    assert says in line
    assert "sk-in-the-open" not in line
    assert caught.value.code == 78


def test_try_out_sends_nothing_to_endpoints_set_long_ago() -> None:
    with pytest.raises(ValidationError, match="must be at SANDBOX_URL"):
        settings(**SANDBOX, model_endpoints=[LOCAL])
    there = {**LOCAL, "base_url": "http://sandbox:8090/openai-b/v1"}
    (endpoint,) = settings(**SANDBOX, model_endpoints=[there]).endpoints
    assert endpoint.url == "http://sandbox:8090/openai-b/v1"
