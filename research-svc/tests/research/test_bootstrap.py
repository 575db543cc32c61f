import random
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from pydantic import ValidationError

from research_svc.bootstrap import bootstrap
from research_svc.freshness import State
from research_svc.settings import ResearchSettings
from resume_outbound.testing import ManualTime
from resume_runtime.process import StartupError

SANDBOX = {"test_mode": True, "sandbox_url": "http://sandbox:8090/"}


def settings(**others: object) -> ResearchSettings:
    servers = {"database_url": "postgresql://h/d", "amqp_url": "amqp://h/"}
    return ResearchSettings.model_validate({**servers, **others})


@pytest.mark.parametrize(
    ("variables", "url", "key"),
    [
        ({}, "https://api.perplexity.ai", None),
        ({"perplexity_api_key": "k\n"}, "https://api.perplexity.ai", "k"),
        ({"perplexity_api_key": " "}, "https://api.perplexity.ai", None),
        (SANDBOX, "http://sandbox:8090/perplexity", "sandbox"),
        ({**SANDBOX, "perplexity_api_key": "real"}, "http://sandbox:8090/perplexity", "sandbox"),
        (
            {**SANDBOX, "perplexity_api_key": "k", "perplexity_base_url": "http://own/x/"},
            "http://own/x",
            "k",
        ),
    ],
)
def test_provider_is_where_the_settings_say(
    variables: dict[str, object], url: str, key: str | None
) -> None:
    chosen = settings(**variables)
    assert (chosen.provider_url, chosen.provider_key) == (url, key)


def test_answers_of_a_sandbox_are_not_the_providers() -> None:
    assert settings().provider_name == "perplexity/sonar@api.perplexity.ai"
    assert settings(**SANDBOX).provider_name == "perplexity/sonar@sandbox:8090"
    secret = settings(perplexity_base_url="http://user:pass@own/")
    assert secret.provider_name == "perplexity/sonar@own"


def test_freshness_is_set_in_days() -> None:
    chosen = settings(research_fresh_days=2, salary_stale_days=0)
    assert chosen.research_freshness.fresh == timedelta(days=2)
    assert chosen.research_freshness.stale == timedelta(days=60)
    assert chosen.salary_freshness.state(timedelta(days=7), is_known=True) is State.EXPIRED


@pytest.mark.parametrize("days", [0, -1, "nan"])
def test_freshness_must_be_some_time(days: object) -> None:
    with pytest.raises(ValidationError):
        settings(research_fresh_days=days)


def test_base_url_must_be_one() -> None:
    with pytest.raises(ValidationError):
        settings(perplexity_base_url="api.perplexity.ai")


async def test_service_owns_its_queues() -> None:
    time = ManualTime()
    async with bootstrap(
        settings(**SANDBOX),
        clock=time,
        sleep=time.sleep,
        rng=random.Random(1),
        registry=CollectorRegistry(),
    ) as service:
        assert set(service.handlers) == {"research.company", "research.market"}
        assert list(service.prefetch.values()) == [8, 8]


async def test_more_replicas_than_calls_is_a_start_up_error() -> None:
    time = ManualTime()
    with pytest.raises(StartupError, match="REPLICAS=6") as caught:
        async with bootstrap(
            settings(replicas=6),
            clock=time,
            sleep=time.sleep,
            rng=random.Random(1),
            registry=CollectorRegistry(),
        ):
            pass
    assert caught.value.exit_code == 78
