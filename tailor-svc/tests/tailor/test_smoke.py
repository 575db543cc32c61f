import json

import httpx2
import pytest

from resume_outbound.testing import ManualTime
from resume_runtime.clock import SystemClock, system_sleep
from tailor_svc.smoke import SmokeSettings, smoke


def settings(**variables: object) -> SmokeSettings:
    return SmokeSettings.model_validate(variables)


def at(url: str, *models: str) -> str:
    return json.dumps(
        [
            {"name": f"e{n}", "base_url": f"{url}/openai/v1", "model": model}
            for n, model in enumerate(models)
        ]
    )


async def test_smoke_without_a_key_calls_nothing() -> None:
    said: list[str] = []
    time = ManualTime()
    assert await smoke(settings(), time, time.sleep, said.append) == 0
    assert said == [
        "model: none configured (OPENAI_API_KEY or MODEL_ENDPOINTS), nothing was called"
    ]


async def test_smoke_calls_each_endpoint_once_and_says_the_cost(sandbox_url: str) -> None:
    httpx2.post(f"{sandbox_url}/_sandbox/reset").raise_for_status()
    said: list[str] = []
    listed = at(sandbox_url, "gpt-4.1-mini", "sandbox-text")

    code = await smoke(settings(model_endpoints=listed), SystemClock(), system_sleep, said.append)

    assert code == 0
    first, second = said
    assert first.startswith("model e0: ok, ")
    assert "schema mode" in first
    assert "gpt-4.1-mini: 1 call, " in first
    assert first.endswith(" USD")
    assert "text mode" in second
    assert second.endswith("price unknown")


@pytest.mark.parametrize("model", ["sandbox-ended", "nobody-knows-it"])
async def test_smoke_fails_when_an_endpoint_does_not_answer(sandbox_url: str, model: str) -> None:
    httpx2.post(f"{sandbox_url}/_sandbox/reset").raise_for_status()
    said: list[str] = []
    listed = at(sandbox_url, model, "gpt-4.1-mini")
    code = await smoke(settings(model_endpoints=listed), SystemClock(), system_sleep, said.append)
    assert code == 1
    assert "FAILED (e0: refused: 404" in said[0]
    assert "e1: ok" in said[1]
