"""Models that refuse what their like refuses, over the wire."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx2
import openai as sdk
import pytest
from openai import AsyncOpenAI

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"greeting": {"type": "string"}},
    "required": ["greeting"],
    "additionalProperties": False,
}
STRICT: Any = {
    "type": "json_schema",
    "json_schema": {"name": "Out", "strict": True, "schema": SCHEMA},
}
PROMPT = f"Answer in JSON as follows.\n```json\n{json.dumps(SCHEMA)}\n```\n"


@pytest.fixture
def ask(openai: AsyncOpenAI) -> Callable[..., Any]:
    def call(model: str, **more: Any) -> Any:
        messages: Any = [{"role": "user", "content": more.pop("prompt", PROMPT)}]
        return openai.chat.completions.create(model=model, messages=messages, **more)

    return call


@pytest.mark.parametrize("model", ["sandbox-json", "sandbox-text"])
async def test_model_without_schemas_refuses_them(ask: Callable[..., Any], model: str) -> None:
    with pytest.raises(sdk.BadRequestError) as caught:
        await ask(model, response_format=STRICT)

    assert (caught.value.param, caught.value.code) == ("response_format", None)


async def test_json_mode_follows_the_schema_of_the_prompt(ask: Callable[..., Any]) -> None:
    completion = await ask("sandbox-json", response_format={"type": "json_object"})

    assert set(json.loads(completion.choices[0].message.content)) == {"greeting"}


async def test_plain_model_fences_its_json(ask: Callable[..., Any]) -> None:
    with pytest.raises(sdk.BadRequestError):
        await ask("sandbox-text", response_format={"type": "json_object"})
    completion = await ask("sandbox-text")

    text = completion.choices[0].message.content
    assert set(json.loads(text.split("```json\n")[1].split("\n```")[0])) == {"greeting"}


async def test_lax_model_takes_the_schema_and_ignores_it(ask: Callable[..., Any]) -> None:
    completion = await ask("sandbox-lax", response_format=STRICT)

    assert completion.choices[0].message.content.startswith("Here is what I suggest")
    assert completion.usage is None
    untold = await ask("sandbox-lax", response_format=STRICT, prompt="Say hello.")
    assert untold.choices[0].message.content == "Say hello."


@pytest.mark.parametrize(
    ("more", "param", "code"),
    [
        ({"max_tokens": 100}, "max_tokens", "unsupported_parameter"),
        ({"temperature": 0.2}, "temperature", "unsupported_value"),
        ({"top_p": 0.5}, "top_p", "unsupported_value"),
        ({"reasoning_effort": "huge"}, "reasoning_effort", "unsupported_value"),
        ({"max_completion_tokens": 1_000_000}, "max_tokens", None),
    ],
)
async def test_reasoning_model_refuses_old_habits(
    ask: Callable[..., Any], more: dict[str, Any], param: str, code: str | None
) -> None:
    with pytest.raises(sdk.BadRequestError) as caught:
        await ask("gpt-6-luna", **more)

    assert (caught.value.param, caught.value.code) == (param, code)


async def test_reasoning_is_billed_and_counts_towards_the_limit(ask: Callable[..., Any]) -> None:
    whole = await ask("gpt-6-luna", response_format=STRICT, reasoning_effort="low")
    cut = await ask("gpt-6-luna", response_format=STRICT, max_completion_tokens=100)

    assert whole.usage.completion_tokens_details.reasoning_tokens == 64
    assert whole.usage.completion_tokens > 64
    assert (cut.choices[0].finish_reason, cut.choices[0].message.content) == ("length", "")
    assert cut.usage.completion_tokens == 100


async def test_model_that_does_not_reason_takes_no_effort(ask: Callable[..., Any]) -> None:
    with pytest.raises(sdk.BadRequestError, match="reasoning_effort"):
        await ask("gpt-4.1-mini", reasoning_effort="low")


async def test_json_mode_wants_the_word(ask: Callable[..., Any]) -> None:
    with pytest.raises(sdk.BadRequestError, match="json"):
        await ask("gpt-4.1-mini", prompt="hello", response_format={"type": "json_object"})


async def test_context_has_an_end(ask: Callable[..., Any]) -> None:
    with pytest.raises(sdk.BadRequestError) as caught:
        await ask("sandbox-small", prompt="word " * 1000)

    assert caught.value.code == "context_length_exceeded"


async def test_same_prompt_is_cached_the_second_time(ask: Callable[..., Any]) -> None:
    prompt = "word " * 1000
    first = await ask("gpt-4.1-mini", prompt=prompt)
    second = await ask("gpt-4.1-mini", prompt=prompt + "and more")
    other = await ask("gpt-6-luna", prompt=prompt)

    cached = [c.usage.prompt_tokens_details.cached_tokens for c in (first, second, other)]
    assert cached == [0, 1152, 0]


async def test_models_end_on_their_day(ask: Callable[..., Any], openai: AsyncOpenAI) -> None:
    models = {model.id: model.to_dict() async for model in openai.models.list()}
    today = datetime.now(UTC).date().isoformat()

    assert str(models["sandbox-ended"]["shutdown_date"]) < today
    assert str(models["sandbox-ending"]["shutdown_date"]) > today
    assert models["gpt-6-luna"]["shutdown_date"] is None
    assert (await ask("sandbox-ending")).model == "sandbox-ending"
    with pytest.raises(sdk.NotFoundError) as caught:
        await ask("sandbox-ended")
    assert caught.value.code == "model_not_found"


async def test_compatible_models_have_no_responses(openai: AsyncOpenAI) -> None:
    with pytest.raises(sdk.NotFoundError) as caught:
        await openai.responses.create(model="sandbox-json", input="hello")

    assert caught.value.code is None


async def test_second_endpoint_is_apart_from_the_first(
    openai: AsyncOpenAI, http: httpx2.AsyncClient, url: str
) -> None:
    second = openai.with_options(base_url=f"{url}/openai-b/v1")
    script = {"route": "openai.chat", "script": [{"kind": "status", "status": 503}]}
    await http.put("/_sandbox/faults", json=script)
    messages: Any = [{"role": "user", "content": "hello"}]

    answered = await second.chat.completions.create(model="gpt-4.1-mini", messages=messages)
    with pytest.raises(sdk.InternalServerError):
        await openai.chat.completions.create(model="gpt-4.1-mini", messages=messages)

    assert answered.choices[0].message.content == "hello"
    ledger = (await http.get("/_sandbox/ledger")).json()
    assert [call["provider"] for call in ledger["calls"]] == ["openai-b", "openai"]
    assert "shutdown_date" not in (await second.models.retrieve("gpt-4.1-mini")).to_dict()


async def test_answer_is_withheld_by_fault(
    ask: Callable[..., Any], http: httpx2.AsyncClient
) -> None:
    for route in ("openai.chat", "openai.responses"):
        script = {"route": route, "script": [{"kind": "content_filter"}]}
        await http.put("/_sandbox/faults", json=script)

    completion = await ask("gpt-4.1-mini")

    assert completion.choices[0].finish_reason == "content_filter"
