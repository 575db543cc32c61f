"""The wire format, through the real SDK."""

import json
from typing import Any, Literal

import httpx2
import openai as sdk
import pytest
from openai import AsyncOpenAI
from pydantic import BaseModel, ConfigDict


class Change(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: Literal["rewrite_highlight", "rewrite_summary", "add_keyword"]
    entry_id: str
    target_id: str
    after: str
    source_fact_ids: list[str]
    requirement_ids: list[str]
    reason: str


class Changes(BaseModel):
    model_config = ConfigDict(extra="forbid")
    changes: list[Change]


def prompt(assignment: dict[str, Any]) -> str:
    return f"Tailor this.\n```json\n{json.dumps(assignment)}\n```"


async def parse_chat(openai: AsyncOpenAI, assignment: dict[str, Any], **more: Any) -> Any:
    return await openai.chat.completions.parse(
        model="gpt-4.1-mini",
        messages=[
            {"role": "system", "content": "You help."},
            {"role": "user", "content": prompt(assignment)},
        ],
        response_format=Changes,
        **more,
    )


async def test_chat_answers_from_the_request(
    openai: AsyncOpenAI, assignment: dict[str, Any]
) -> None:
    completion = await parse_chat(openai, assignment)

    changes = completion.choices[0].message.parsed.changes
    ids = {fact["id"] for fact in assignment["facts"]}
    assert {change.kind for change in changes} == {
        "rewrite_highlight",
        "rewrite_summary",
        "add_keyword",
    }
    assert all(set(change.source_fact_ids) <= ids for change in changes)
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.prompt_tokens > 100


async def test_responses_answer_the_same(openai: AsyncOpenAI, assignment: dict[str, Any]) -> None:
    chat = await parse_chat(openai, assignment)
    response = await openai.responses.parse(
        model="gpt-4.1-mini",
        instructions="You help.",
        input=prompt(assignment),
        text_format=Changes,
        store=False,
    )

    assert response.output_parsed == chat.choices[0].message.parsed
    assert response.status == "completed"
    assert response.output[0].type == "reasoning"


async def test_responses_are_incomplete_when_cut_off(
    openai: AsyncOpenAI, assignment: dict[str, Any]
) -> None:
    response = await openai.responses.create(
        model="gpt-4.1-mini", input=prompt(assignment), max_output_tokens=16
    )

    assert response.status == "incomplete"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"


async def test_responses_refuse_by_fault(openai: AsyncOpenAI, http: httpx2.AsyncClient) -> None:
    await http.put(
        "/_sandbox/faults", json={"route": "openai.responses", "script": [{"kind": "refusal"}]}
    )

    response = await openai.responses.create(model="gpt-4.1-mini", input="hello")

    assert response.output_text == ""
    assert response.output[1].to_dict()["content"] != []


async def test_chat_is_cut_off_at_the_callers_limit(
    openai: AsyncOpenAI, assignment: dict[str, Any]
) -> None:
    with pytest.raises(sdk.LengthFinishReasonError):
        await parse_chat(openai, assignment, max_completion_tokens=20)


async def test_chat_lies_in_lying_mode_and_owns_up_in_the_ledger(
    openai: AsyncOpenAI, http: httpx2.AsyncClient, assignment: dict[str, Any]
) -> None:
    await http.put("/_sandbox/mode", json={"openai": "lying"})

    completion = await parse_chat(openai, assignment)

    (call,) = (await http.get("/_sandbox/ledger")).json()["calls"]
    proposed = {change.after for change in completion.choices[0].message.parsed.changes}
    assert len({lie["class"] for lie in call["lies"]}) == 6
    assert {lie["after"] for lie in call["lies"]} <= proposed
    assert call["sdkRetries"] == 0


async def test_chat_fills_another_schema_with_words_of_the_input(openai: AsyncOpenAI) -> None:
    class Letter(BaseModel):
        model_config = ConfigDict(extra="forbid")
        greeting: str
        paragraphs: list[str]

    completion = await openai.chat.completions.parse(
        model="gpt-4.1-mini",
        messages=[{"role": "user", "content": "alpha beta gamma delta epsilon zeta eta theta"}],
        response_format=Letter,
    )

    letter = completion.choices[0].message.parsed
    assert letter == Letter(
        greeting="alpha beta gamma delta epsilon zeta", paragraphs=["eta theta"]
    )


async def test_chat_without_a_schema_echoes(openai: AsyncOpenAI) -> None:
    completion = await openai.chat.completions.create(
        model="gpt-4.1-mini",
        messages=[{"role": "user", "content": [{"type": "text", "text": "one json"}]}],
        response_format={"type": "json_object"},
    )

    assert completion.choices[0].message.content == '{"answer": "one json"}'


async def test_models_name_their_end(openai: AsyncOpenAI) -> None:
    models = {model.id: model.to_dict() async for model in openai.models.list()}

    assert models["gpt-4.1-mini"]["shutdown_date"] == "2027-01-14"
    assert (await openai.models.retrieve("gpt-4.1-mini")).object == "model"


async def test_unknown_model_is_not_found(openai: AsyncOpenAI) -> None:
    with pytest.raises(sdk.NotFoundError) as caught:
        await openai.responses.create(model="parrot-1", input="hello")

    assert caught.value.code == "model_not_found"


async def test_missing_key_is_unauthorised(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/openai/v1/chat/completions", json={})

    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "invalid_api_key"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("chat/completions", b"{"),
        ("chat/completions", b'{"model": "gpt-4.1-mini", "messages": []}'),
        ("chat/completions", b'{"model": "gpt-4.1-mini", "messages": [{"role": "poet"}]}'),
        ("responses", b'{"model": "gpt-4.1-mini"}'),
        ("responses", b'{"model": "gpt-4.1-mini", "input": "hi", "stream": true}'),
    ],
)
async def test_wrong_request_is_refused_without_an_echo(
    http: httpx2.AsyncClient, path: str, body: bytes
) -> None:
    answer = await http.post(
        f"/openai/v1/{path}", content=body, headers={"authorization": "Bearer x"}
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert "poet" not in answer.text


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {
            "type": "object",
            "properties": {"a": {"type": "string"}},
            "required": [],
            "additionalProperties": False,
        },
    ],
)
async def test_schema_that_is_not_strict_is_refused(
    openai: AsyncOpenAI, schema: dict[str, object]
) -> None:
    with pytest.raises(sdk.BadRequestError, match="Invalid schema for 'Out'"):
        await openai.chat.completions.create(
            model="gpt-4.1-mini",
            messages=[{"role": "user", "content": "hello"}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "Out", "strict": True, "schema": schema},
            },
        )
