from collections.abc import Iterator

import httpx2
import pytest

from extract_svc.smoke import SmokeSettings, smoke
from resume_outbound.testing import ManualTime
from resume_runtime.clock import SystemClock, system_sleep

from .routes_rig import sandbox


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox() as url:
        yield url


async def said(url: str, **more: object) -> tuple[int, str]:
    lines: list[str] = []
    base = {"firecrawl_api_key": "fc-secret", "firecrawl_base_url": f"{url}/firecrawl"}
    settings = SmokeSettings.model_validate({**base, **more})
    page = f"{url}/careers/northwind-robotics/technical-writer"
    code = await smoke(settings, SystemClock(), system_sleep, lines.append, page=page)
    (line,) = lines
    assert "fc-secret" not in line
    return code, line


async def test_scrape_is_told_with_its_cost(url: str) -> None:
    code, line = await said(url, firecrawl_credit_usd=0.002)
    assert code == 0
    assert "ok, " in line
    assert "5 credits, 0.010000 USD" in line
    assert "price unknown" in (await said(url))[1]


async def test_failure_is_told(url: str) -> None:
    fault = {"kind": "error", "code": "PAYMENT_REQUIRED"}
    script = {"route": "firecrawl.scrape", "script": [fault]}
    httpx2.put(f"{url}/_sandbox/faults", json=script).raise_for_status()
    code, line = await said(url)
    assert code == 1
    assert "FAILED (firecrawl: refused: 402" in line


async def test_without_a_key_nothing_is_called() -> None:
    time, lines = ManualTime(), list[str]()
    settings = SmokeSettings.model_validate({})
    assert await smoke(settings, time, time.sleep, lines.append) == 0
    assert "nothing was called" in lines[0]
