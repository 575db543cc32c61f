"""The ledger and the rest of the control interface, over a real socket."""

import asyncio

import httpx2
import pytest

from resume_runtime.testing import FakeClock
from resume_sandbox.ledger import Ledger

CHAT = {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": "hello there"}]}


async def ask(http: httpx2.AsyncClient, request_id: str = "j1/1/tailor.resume/1") -> None:
    headers = {"authorization": "Bearer x", "x-client-request-id": request_id}
    (await http.post("/openai/v1/chat/completions", json=CHAT, headers=headers)).raise_for_status()


async def test_ledger_counts_calls_at_once(http: httpx2.AsyncClient) -> None:
    await http.put("/_sandbox/latency", json={"openai.chat": 200})

    await asyncio.gather(*(ask(http, f"j{n}/1/tailor.resume/1") for n in range(4)))

    ledger = (await http.get("/_sandbox/ledger")).json()
    assert ledger["maxConcurrency"] == {"openai": 4}
    assert sorted(call["concurrency"] for call in ledger["calls"]) == [1, 2, 3, 4]
    assert all(call["durationMs"] >= 200 and call["billed"] for call in ledger["calls"])
    assert ledger["running"] == {}


async def test_ledger_keeps_a_call_whose_client_left(url: str, http: httpx2.AsyncClient) -> None:
    await http.put("/_sandbox/latency", json={"openai.chat": 60_000})
    async with httpx2.AsyncClient(base_url=url, timeout=0.2, trust_env=False) as hasty:
        with pytest.raises(httpx2.ReadTimeout):
            await ask(hasty)

    async with asyncio.timeout(5):
        while (await http.get("/_sandbox/ledger")).json()["running"]:
            await asyncio.sleep(0.01)

    (call,) = (await http.get("/_sandbox/ledger")).json()["calls"]
    # The model had begun: a real provider charges for that.
    assert (call["state"], call["status"], call["billed"]) == ("client_gone", None, True)
    assert call["clientRequestId"] == "j1/1/tailor.resume/1"


async def test_ledger_finds_calls_by_provider_and_prefix(http: httpx2.AsyncClient) -> None:
    await ask(http, "j1/1/tailor.resume/1")
    await ask(http, "j2/1/tailor.resume/1")
    await http.get("/careers/")

    by_job = await http.get("/_sandbox/ledger", params={"provider": "openai", "prefix": "j2/"})
    by_site = await http.get("/_sandbox/ledger", params={"provider": "careers"})

    assert [c["clientRequestId"] for c in by_job.json()["calls"]] == ["j2/1/tailor.resume/1"]
    assert [c["route"] for c in by_site.json()["calls"]] == ["careers.page"]


async def test_same_question_has_the_same_digest(http: httpx2.AsyncClient) -> None:
    await ask(http)
    await ask(http)

    first, second = (await http.get("/_sandbox/ledger")).json()["calls"]
    assert first["digest"] == second["digest"]


async def test_reset_forgets_everything(http: httpx2.AsyncClient) -> None:
    await http.put("/_sandbox/mode", json={"openai": "lying", "lies": ["invented_degree"]})
    await http.put("/_sandbox/latency", json={"openai.chat": 5})
    await http.put("/_sandbox/faults", json={"route": "openai.chat", "script": [{"kind": "reset"}]})
    await http.get("/careers/")

    assert (await http.post("/_sandbox/reset")).status_code == 204

    settings = (await http.get("/_sandbox")).json()
    assert settings["mode"] == {"openai": "truthful", "lies": []}
    assert (settings["latency"], settings["faults"]) == ({}, [])
    assert (await http.get("/_sandbox/ledger")).json()["calls"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/_sandbox/mode", {"openai": "honest"}),
        ("/_sandbox/mode", {"openai": "lying", "lies": ["white_lie"]}),
        ("/_sandbox/latency", {"openai.chatter": 5}),
        ("/_sandbox/latency", {"openai.chat": -1}),
        ("/_sandbox/faults", {"route": "openai.chat", "script": []}),
        ("/_sandbox/faults", {"route": "nowhere", "script": [{"kind": "reset"}]}),
    ],
)
async def test_control_refuses_what_it_does_not_know(
    http: httpx2.AsyncClient, path: str, body: dict[str, object]
) -> None:
    answer = await http.put(path, json=body)

    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"


def test_ledger_drops_the_oldest_beyond_its_capacity() -> None:
    ledger = Ledger(FakeClock(), capacity=5)
    for number in range(8):
        call = ledger.begin(
            "openai.chat",
            "/",
            client_request_id=str(number),
            sdk_retries=0,
            digest="",
            fault=None,
        )
        ledger.finish(call)

    assert next(ledger.calls()).client_request_id == "3"
    assert ledger.to_json(prefix="7")["dropped"] == 3
