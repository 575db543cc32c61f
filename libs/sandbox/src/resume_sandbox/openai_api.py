"""OpenAI's routes: chat completions, responses, models."""

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from resume_sandbox.error_answers import error_answer
from resume_sandbox.ledger import Call
from resume_sandbox.model_profiles import MODELS
from resume_sandbox.observe import call_of
from resume_sandbox.openai_answers import Answer, compose
from resume_sandbox.openai_bodies import chat_body, response_body
from resume_sandbox.openai_requests import (
    Ask,
    known_model,
    read_chat,
    read_responses,
)
from resume_sandbox.state import SandboxState
from resume_sandbox.strict_schema import OpenAIRequestError

_REQUESTS, _TOKENS = 10_000, 2_000_000


def install_openai_errors(app: FastAPI) -> None:
    """Answer refused requests in OpenAI's own shape."""

    async def on_error(_: Request, error: Exception) -> Response:
        assert isinstance(error, OpenAIRequestError)  # noqa: S101  registered for this type
        return error_answer(
            "openai", error.status, code=error.code, message=error.message, param=error.param
        )

    app.add_exception_handler(OpenAIRequestError, on_error)


def openai_router(state: SandboxState, endpoint: str, *, lists_ends: bool) -> APIRouter:
    """The routes under `/{endpoint}/v1`; `lists_ends`: whether models have a `shutdown_date`."""
    router = APIRouter(prefix=f"/{endpoint}/v1", tags=[endpoint])

    @router.post("/chat/completions")
    async def chat(request: Request) -> Response:
        """One chat completion."""
        _authenticate(request)
        ask = read_chat(await request.body(), state.clock.now())
        answer, cached = _answer(ask, call_of(request), state)
        body = chat_body(state.new_id().hex, state.clock.now(), ask, answer, cached)
        return JSONResponse(body, headers=_headers(answer))

    @router.post("/responses")
    async def responses(request: Request) -> Response:
        """One response."""
        _authenticate(request)
        ask = read_responses(await request.body(), state.clock.now())
        if not ask.profile.has_responses:
            return JSONResponse({"detail": "Not Found"}, 404)
        answer, cached = _answer(ask, call_of(request), state)
        body = response_body(state.new_id().hex, state.clock.now(), ask, answer, cached)
        return JSONResponse(body, headers=_headers(answer))

    @router.get("/models")
    async def models(request: Request) -> Response:
        """The models that are listed; more names than these are answered to."""
        _authenticate(request)
        now = state.clock.now()
        data = [profile.to_json(now, with_end=lists_ends) for profile in MODELS.values()]
        return JSONResponse({"object": "list", "data": data})

    @router.get("/models/{name}")
    async def model(request: Request, name: str) -> Response:
        """One model."""
        _authenticate(request)
        now = state.clock.now()
        return JSONResponse(known_model(name, now).to_json(now, with_end=lists_ends))

    return router


def _authenticate(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise OpenAIRequestError(401, "You didn't provide an API key.", code="invalid_api_key")


def _answer(ask: Ask, call: Call, state: SandboxState) -> tuple[Answer, int]:
    """The answer, and how many tokens of the prompt were in the cache."""
    answer = compose(ask, call.fault, mode=state.mode, lie_classes=state.lie_classes)
    call.lies.extend(lie.to_json() for lie in answer.lies)
    call.input_tokens, call.output_tokens = answer.input_tokens, answer.output_tokens
    return answer, state.prompts.cached_tokens(ask.model, "\n".join(ask.texts))


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
