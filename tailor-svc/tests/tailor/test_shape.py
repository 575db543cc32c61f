"""Models of other abilities: what is learnt from their refusals, over the wire and by itself."""

import json
from typing import Any

import httpx2
import pytest

from resume_outbound.errors import ProviderFailedError, ProviderRefusedError
from tailor_svc.profiles import load_profiles
from tailor_svc.proposed import CHANGES
from tailor_svc.shape import REMEMBERED_S, Complaint, Mode, Shape
from tailor_svc.wire import read_answer

from .world import ModelWorld

CHANGE = {
    "kind": "rewrite_summary",
    "entry_id": "",
    "target_id": "",
    "after": "An engineer.",
    "source_fact_ids": [],
    "requirement_ids": [],
    "reason": "Shorter.",
}
ANSWER = json.dumps({"changes": [CHANGE]})


@pytest.mark.parametrize(
    ("model", "mode", "refused"),
    [
        ("gpt-4.1-mini", Mode.SCHEMA, 0),
        ("gpt-6-luna", Mode.SCHEMA, 0),
        ("sandbox-json", Mode.JSON, 1),
        ("sandbox-text", Mode.TEXT, 2),
    ],
)
async def test_ability_is_learnt_once_and_costs_no_call(
    sandbox_url: str, model: str, mode: Mode, refused: int
) -> None:
    world = ModelWorld(sandbox_url, models={"openai": model})
    async with world.http:
        await world.http.post("/_sandbox/reset")
        assert (await world.propose()).changes
        assert world.endpoints["openai"].mode == mode
        assert len(world.calls.started) == world.usage.calls == 1
        assert len(await world.ledger()) == 1 + refused

        assert (await world.propose()).changes
        assert len(await world.ledger()) == 2 + refused

        await world.time.advance(REMEMBERED_S + 1)
        await world.propose()
        assert len(await world.ledger()) == 3 + 2 * refused


async def test_schema_that_is_ignored_is_shown_in_the_prompt(sandbox_url: str) -> None:
    """What breaks the schema proves that nobody holds the model to it; that costs one call."""
    world = ModelWorld(sandbox_url, models={"openai": "sandbox-lax"})
    async with world.http:
        await world.http.post("/_sandbox/reset")
        assert (await world.propose()).changes
        assert world.endpoints["openai"].mode == Mode.JSON
        assert len(world.calls.started) == world.usage.calls == 2

        assert (await world.propose()).changes
        assert len(world.calls.started) == len(await world.ledger()) == 3


@pytest.mark.parametrize("content", [None, "", " \n"])
async def test_silence_says_nothing_about_the_schema(content: str | None) -> None:
    silent = {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}
    world, seen = server({"status": 200, **silent})
    assert (await world.propose()).changes
    assert len(seen) == 2
    assert world.endpoints["openai"].mode == Mode.SCHEMA


async def test_cached_tokens_are_cheaper(world: ModelWorld) -> None:
    await world.propose()
    first = world.usage
    await world.propose()
    both = world.usage

    cached = both.cached_input_tokens
    assert first.cost_usd
    assert both.cost_usd
    # The same prompt twice: the cache covers it in steps of 128 tokens from 1,024 on.
    assert (cached > 0) == (first.input_tokens >= 1024)
    assert both.cost_usd == pytest.approx(
        ((both.input_tokens - cached) * 0.40 + cached * 0.10 + both.output_tokens * 1.60) / 1e6
    )


def server(*refusals: dict[str, Any]) -> tuple[ModelWorld, list[dict[str, Any]]]:
    """A server of an unknown model that refuses so often, then answers; and what it was sent."""
    left, seen = list(refusals), []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(json.loads(request.content))
        if left:
            refusal = left.pop(0)
            return httpx2.Response(refusal.pop("status", 400), json=refusal)
        message = {"role": "assistant", "content": ANSWER}
        return httpx2.Response(200, json={"choices": [{"index": 0, "message": message}]})

    http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
    return ModelWorld("http://own.example", http, models={"openai": "house-model"}), seen


def error(**parts: str) -> dict[str, Any]:
    return {"error": {"message": "No.", "type": "invalid_request_error", **parts}}


@pytest.mark.parametrize(
    "refusal",
    [
        error(param="max_tokens", code="unsupported_parameter"),
        error(message="Unsupported parameter: max_tokens is not supported with this model."),
        {"status": 422, **error(message="max_tokens: extra fields not permitted")},
    ],
)
async def test_limit_is_named_as_the_server_wants_it(refusal: dict[str, Any]) -> None:
    world, seen = server(refusal)
    assert (await world.propose()).changes
    assert ["max_tokens" in body for body in seen] == [True, False]
    assert seen[1]["max_completion_tokens"] == 4000


async def test_unknown_model_is_asked_carefully() -> None:
    world, seen = server()
    await world.propose()
    (body,) = seen
    assert set(body) == {"model", "messages", "max_tokens", "response_format", "store"}
    assert body["store"] is False


async def test_server_that_does_not_know_store_is_asked_without() -> None:
    detail = [{"type": "extra_forbidden", "loc": ["body", "store"], "msg": "not permitted"}]
    world, seen = server({"status": 422, "detail": detail})
    assert (await world.propose()).changes
    assert ["store" in body for body in seen] == [True, False]
    assert "response_format" in seen[1]


@pytest.mark.parametrize(
    "refusal",
    [
        error(code="context_length_exceeded", message="too long for max_tokens, response_format"),
        error(message="The request is invalid."),
        error(param="messages"),
    ],
)
async def test_refusal_of_the_request_is_no_probe(refusal: dict[str, Any]) -> None:
    world, seen = server(refusal)
    with pytest.raises(ProviderRefusedError):
        await world.propose()
    assert len(seen) == 1


async def test_server_that_refuses_everything_is_given_up() -> None:
    refusal = error(message="response_format and max_tokens are not supported")
    world, seen = server(*[dict(refusal) for _ in range(99)])
    with pytest.raises(ProviderRefusedError):
        await world.propose()
    assert len(seen) < 6


def test_option_that_is_refused_is_left_out() -> None:
    shape = Shape.of(load_profiles().of("gpt-4.1-mini"))
    simpler = shape.without(Complaint("temperature", "unsupported_value", ""))
    assert simpler is not None
    assert dict(simpler.options) == {"store": False}
    assert simpler.without(Complaint("temperature", "unsupported_value", "")) is None


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        f"Sure!\n```json\n{ANSWER}\n```\nGood luck {{name}}.",
        f"I use {{braces}} first. {ANSWER}",
        f"{ANSWER} {{}}",
    ],
)
def test_plain_text_gives_its_first_object(text: str) -> None:
    (change,) = read_answer(CHANGES, text, Mode.TEXT).changes
    assert change.after == "An engineer."


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "[]",
        "{}",
        "{" * 100_000,
        '{"a":' * 100_000,
        '{"changes": [{"kind": "hide_entry"}]}',
        json.dumps({"changes": [{**CHANGE, "after": 1}]}),
        json.dumps({"changes": [{**CHANGE, "more": ""}]}),
        json.dumps({"changes": [], "more": ""}),
        "{" + ANSWER * 4000,
    ],
    ids=lambda text: str(text)[:12],
)
def test_text_of_another_form_is_refused(text: str, mode: Mode) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_answer(CHANGES, text, mode)


@pytest.mark.parametrize("fault", ["wrong_json", "wrong_schema"])
async def test_unusable_plain_answer_is_asked_for_once_more(sandbox_url: str, fault: str) -> None:
    world = ModelWorld(sandbox_url, models={"openai": "sandbox-text"})
    async with world.http:
        await world.http.post("/_sandbox/reset")
        await world.propose()
        await world.break_it({"kind": fault, "times": 9})
        with pytest.raises(ProviderFailedError):
            await world.propose()
    assert len(world.calls.started) == 3
