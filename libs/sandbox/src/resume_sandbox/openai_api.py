"""OpenAI's wire format: chat completions, responses, models."""

from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from resume_sandbox.error_answers import error_answer
from resume_sandbox.ledger import Call
from resume_sandbox.observe import call_of
from resume_sandbox.openai_answers import Answer, compose
from resume_sandbox.openai_requests import Ask, OpenAIRequestError, read_chat, read_responses
from resume_sandbox.state import SandboxState

#: What `/models` lists: id, made at (Unix seconds), shut down on. OpenAI's deprecations page.
_MODELS: Final = (
    ("gpt-4.1-mini", 1744318173, "2027-01-14"),
    ("gpt-6-luna", 1780000000, None),
)
_REQUESTS, _TOKENS = 10_000, 2_000_000


def install_openai_errors(app: FastAPI) -> None:
    """Answer refused requests in OpenAI's own shape."""

    async def on_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, OpenAIRequestError)  # noqa: S101  registered for this type
        return error_answer(
            "openai", error.status, code=error.code, message=error.message, param=error.param
        )

    app.add_exception_handler(OpenAIRequestError, on_error)


def openai_router(state: SandboxState) -> APIRouter:
    """The routes under `/openai/v1`."""
    router = APIRouter(prefix="/openai/v1", tags=["openai"])

    @router.post("/chat/completions")
    async def chat(request: Request) -> Response:
        """One chat completion."""
        _authenticate(request)
        ask = read_chat(await request.body())
        answer = _answer(ask, call_of(request), state)
        body = _chat_body(state.new_id().hex, state.clock.now(), ask, answer)
        return JSONResponse(body, headers=_headers(answer))

    @router.post("/responses")
    async def responses(request: Request) -> Response:
        """One response."""
        _authenticate(request)
        ask = read_responses(await request.body())
        answer = _answer(ask, call_of(request), state)
        body = _response_body(state.new_id().hex, state.clock.now(), ask, answer)
        return JSONResponse(body, headers=_headers(answer))

    @router.get("/models")
    async def models(request: Request) -> Response:
        """The models that are listed; more names than these are answered to."""
        _authenticate(request)
        return JSONResponse({"object": "list", "data": [_model(*row) for row in _MODELS]})

    @router.get("/models/{name}")
    async def model(request: Request, name: str) -> Response:
        """One model."""
        _authenticate(request)
        for row in _MODELS:
            if row[0] == name:
                return JSONResponse(_model(*row))
        raise OpenAIRequestError(404, "The model does not exist.", param="model")

    return router


def _authenticate(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise OpenAIRequestError(401, "You didn't provide an API key.", code="invalid_api_key")


def _answer(ask: Ask, call: Call, state: SandboxState) -> Answer:
    answer = compose(ask, call.fault, mode=state.mode, lie_classes=state.lie_classes)
    call.lies.extend(lie.to_json() for lie in answer.lies)
    return answer


def _headers(answer: Answer) -> dict[str, str]:
    used = answer.input_tokens + answer.output_tokens
    return {
        "openai-processing-ms": "1",
        "openai-version": "2020-10-01",
        "x-ratelimit-limit-requests": str(_REQUESTS),
        "x-ratelimit-limit-tokens": str(_TOKENS),
        "x-ratelimit-remaining-requests": str(_REQUESTS - 1),
        "x-ratelimit-remaining-tokens": str(max(0, _TOKENS - used)),
        "x-ratelimit-reset-requests": "6ms",
        "x-ratelimit-reset-tokens": f"{max(1, used * 60_000 // _TOKENS)}ms",
    }


def _model(name: str, created: int, shutdown: str | None) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": created,
        "owned_by": "system",
        "shutdown_date": shutdown,
    }


def _chat_body(id_: str, now: datetime, ask: Ask, answer: Answer) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{id_}",
        "object": "chat.completion",
        "created": int(now.timestamp()),
        "model": ask.model,
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": answer.text,
                    "refusal": answer.refusal,
                    "annotations": [],
                },
                "logprobs": None,
                "finish_reason": "length" if answer.cut_off else "stop",
            }
        ],
        "usage": {
            "prompt_tokens": answer.input_tokens,
            "completion_tokens": answer.output_tokens,
            "total_tokens": answer.input_tokens + answer.output_tokens,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_sandbox",
    }


def _response_body(id_: str, now: datetime, ask: Ask, answer: Answer) -> dict[str, Any]:
    status = "incomplete" if answer.cut_off else "completed"
    content: dict[str, Any] = {"type": "output_text", "text": answer.text, "annotations": []}
    if answer.refusal is not None:
        content = {"type": "refusal", "refusal": answer.refusal}
    return {
        "id": f"resp_{id_}",
        "object": "response",
        "created_at": int(now.timestamp()),
        "status": status,
        "model": ask.model,
        "error": None,
        "incomplete_details": {"reason": "max_output_tokens"} if answer.cut_off else None,
        "instructions": None,
        "metadata": {},
        # Reasoning models put such an item first; who reads output[0] finds out here.
        "output": [
            {"type": "reasoning", "id": f"rs_{id_}", "summary": []},
            {
                "type": "message",
                "id": f"msg_{id_}",
                "status": status,
                "role": "assistant",
                "content": [content],
            },
        ],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "temperature": 1.0,
        "top_p": 1.0,
        "usage": {
            "input_tokens": answer.input_tokens,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": answer.input_tokens + answer.output_tokens,
        },
    }
