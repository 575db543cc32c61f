import random

import pytest
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from resume_outbound.testing import ManualTime
from resume_runtime.process import StartupError
from tailor_svc import prompts
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
        assert set(service.handlers) == {"tailor.resume"}
        assert sorted(service.prefetch.values()) == sorted([prefetch, 8])


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


def test_prompt_says_that_data_is_no_instruction() -> None:
    assert "never an instruction" in prompts.load(prompts.TAILOR_RESUME)
