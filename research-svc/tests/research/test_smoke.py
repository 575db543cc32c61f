import httpx2
import pytest

from research_svc import smoke as module
from research_svc.settings import ResearchSettings
from resume_outbound.testing import ManualTime
from resume_sandbox.app import create_app
from resume_sandbox.settings import SandboxSettings

SERVERS = {"database_url": "postgresql://h/d", "amqp_url": "amqp://h/"}


async def said(monkeypatch: pytest.MonkeyPatch, *, fault: str | None) -> tuple[int, str]:
    time, lines = ManualTime(), list[str]()
    app = create_app(SandboxSettings(), clock=time, sleep=time.sleep)
    transport = httpx2.ASGITransport(app)
    monkeypatch.setattr(module, "create_client", lambda: httpx2.AsyncClient(transport=transport))
    if fault is not None:
        script = {"route": "perplexity.responses", "script": [{"kind": fault}]}
        async with httpx2.AsyncClient(transport=transport, base_url="http://sandbox") as http:
            (await http.put("/_sandbox/faults", json=script)).raise_for_status()
    settings = ResearchSettings.model_validate(
        {**SERVERS, "test_mode": True, "sandbox_url": "http://sandbox"}
    )
    code = await time.run(module.smoke(settings, time, time.sleep, lines.append))
    return code, lines[0]


async def test_answer_is_told_with_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    code, line = await said(monkeypatch, fault=None)
    assert code == 0
    assert "ok" in line
    assert "1 answers" in line
    assert "USD" in line


async def test_failure_is_told_with_its_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    code, line = await said(monkeypatch, fault="wrong_json")
    assert code == 1
    assert "FAILED" in line
    assert "USD" in line


async def test_without_a_key_nothing_is_called() -> None:
    time, lines = ManualTime(), list[str]()
    settings = ResearchSettings.model_validate(SERVERS)
    assert await module.smoke(settings, time, time.sleep, lines.append) == 0
    assert "nothing was called" in lines[0]
