"""The process itself: `python -m resume_sandbox`."""

import asyncio
import os
import signal
import sys

import httpx2
import pytest

from resume_runtime.settings import EXIT_CONFIG, load_settings
from resume_sandbox.settings import SandboxSettings


async def start(**environ: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "resume_sandbox"),
        env={"PATH": os.environ["PATH"], **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_process_serves_until_it_is_told_to_stop(unused_tcp_port: int) -> None:
    process = await start(PORT=str(unused_tcp_port), SANDBOX_LATENCY_MS="7", SANDBOX_MODE="lying")
    url = f"http://127.0.0.1:{unused_tcp_port}"
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as http, asyncio.timeout(20):
        while True:
            try:
                health = await http.get("/health")
                break
            except httpx2.ConnectError:
                await asyncio.sleep(0.05)
        settings = (await http.get("/_sandbox")).json()
    process.send_signal(signal.SIGTERM)
    _, errors = await process.communicate()

    assert health.json() == {"status": "ok"}
    assert settings["mode"]["openai"] == "lying"
    assert settings["latency"]["openai.chat"] == 7
    assert (process.returncode, errors) == (0, b"")


async def test_process_names_a_wrong_variable() -> None:
    process = await start(PORT="many")
    _, errors = await process.communicate()

    assert process.returncode == EXIT_CONFIG
    assert errors.decode().startswith("PORT: ")
    assert len(errors.decode().strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"), [("SANDBOX_MODE", "honest"), ("SANDBOX_LATENCY_MS", "-1")]
)
def test_settings_name_a_wrong_variable(
    name: str,
    value: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit):
        load_settings(SandboxSettings)

    assert capsys.readouterr().err.startswith(f"{name}: ")
