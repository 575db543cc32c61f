"""A tiny budget over the running stack: what is not covered is not called, and the person is told.

The operator's command gives one person limits of their own, so that the rest of the stack has none.
"""

import asyncio
import os
import sys
from typing import Any

import jwt
import pytest

from .conftest import Person, Sandbox, Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]


async def limit(stack: Stack, person: Person, day: str) -> None:
    """Give a person a day's budget in USD, as an operator does."""
    claims = jwt.decode(person.token, options={"verify_signature": False})
    known = {"DATABASE_URL": stack.databaseUrl, "AMQP_URL": stack.amqpUrl, "PATH": os.defpath}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "gateway_svc", "budget", claims["sub"], day, "-", env=known
    )
    assert await process.wait() == 0


async def usage(person: Person) -> dict[str, Any]:
    response = await person.http.get("/api/account/usage")
    found: dict[str, Any] = response.raise_for_status().json()
    return found


async def test_without_money_rules_do_it_and_say_why(
    stack: Stack, person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """`auto` is done without a call, `rules` too; `model` is refused at the edge."""
    await limit(stack, person, "0.000001")
    status = await person.tailored(jobText=posting_text)
    assert status["status"] == "completed", status
    result = status["result"]
    assert (result["engine"], result["degraded"]) == ("rules", True)
    assert result["notes"] == ["The budget for paid calls is used up: the rules did it."]
    assert await sandbox.calls("openai", status["jobId"]) == []
    assert await sandbox.calls("perplexity", status["jobId"]) == []
    reasons = {note["stage"]: note.get("unavailable") for note in status["notes"]}
    assert reasons["research.company"] in {
        "The budget for paid calls is used up.",
        # The posting names nobody, or somebody asked about its company before.
        "The posting names no company.",
        None,
    }

    refused = await person.order(jobText=posting_text, options={"engine": "model"})
    assert refused.status_code == 402
    assert refused.json()["code"] == "budget_exhausted"

    by_rules = await person.tailored(jobText=posting_text, options={"engine": "rules"})
    assert by_rules["status"] == "completed"
    assert by_rules["result"]["degraded"] is False
    assert (await usage(person))["budget"]["day"]["spentUsd"] == 0


async def test_second_call_is_not_started_when_the_first_ate_the_rest(
    stack: Stack, person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """The first answer was unusable and is paid for; nobody is asked a second time."""
    await limit(stack, person, "0.012")
    await sandbox.put(
        "faults", {"route": "openai.chat", "script": [{"kind": "wrong_json", "times": 9}]}
    )
    status = await person.tailored(jobText=posting_text)
    assert status["status"] == "completed", status
    assert status["result"]["engine"] == "rules"
    assert status["result"]["notes"] == ["The budget for paid calls is used up: the rules did it."]
    assert len(await sandbox.calls("openai", status["jobId"])) == 1
    receipt = status["receipt"]
    # A charge is in whole micro-USD, rounded up.
    assert receipt["chargedUsd"] == pytest.approx(receipt["costUsd"], abs=1e-6)
    assert receipt["chargedUsd"] > 0
    day = (await usage(person))["budget"]["day"]
    assert day["spentUsd"] == receipt["chargedUsd"]
    assert day["reservedUsd"] == 0
    assert day["leftUsd"] == pytest.approx(0.012 - day["spentUsd"])


async def test_what_is_covered_is_called_and_charged(
    stack: Stack, person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    await limit(stack, person, "1")
    status = await person.tailored(jobText=posting_text, options={"engine": "model"})
    assert status["status"] == "completed", status
    assert status["result"]["engine"] == "model"
    assert len(await sandbox.calls("openai", status["jobId"])) == 1
    day = (await usage(person))["budget"]["day"]
    assert 0 < day["spentUsd"] < 0.06
    assert status["receipt"]["chargedUsd"] == day["spentUsd"]
