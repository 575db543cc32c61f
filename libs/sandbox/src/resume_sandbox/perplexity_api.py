"""Perplexity's Agent API, which knows nothing but the sandbox's own companies.

Wire format: docs.perplexity.ai, Agent API; shapes as in the official SDK's types.
"""

import json
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from resume_sandbox.companies import Companies, Company
from resume_sandbox.company_research import as_source, search_results
from resume_sandbox.error_answers import error_answer
from resume_sandbox.filling import Empty, fill
from resume_sandbox.observe import call_of
from resume_sandbox.state import SandboxState
from resume_sandbox.tokens import count_tokens

_UNKNOWN = "Unknown: nothing was found about this company."


class _Wire(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Tool(_Wire):
    type: str


class _Schema(_Wire):
    name: str
    json_schema: dict[str, Any] = Field(alias="schema")


class _Format(_Wire):
    type: Literal["json_schema"]
    json_schema: _Schema


class _AgentRequest(_Wire):
    model: str | None = None
    preset: str | None = None
    input: str
    tools: list[_Tool] = []
    response_format: _Format | None = None


def perplexity_router(state: SandboxState, companies: Companies) -> APIRouter:
    """The routes under `/perplexity/v1`."""
    router = APIRouter(prefix="/perplexity/v1", tags=["perplexity"])

    @router.post("/responses")
    @router.post("/agent")
    async def respond(request: Request) -> Response:
        """One run of the agent."""
        if not request.headers.get("authorization", "").lower().startswith("bearer "):
            return error_answer("perplexity", 401)
        try:
            asked = _AgentRequest.model_validate_json(await request.body())
        except ValidationError:
            return error_answer("perplexity", 400)
        if asked.model is None and asked.preset is None:
            return error_answer("perplexity", 400, message="model or preset is required")
        fault = call_of(request).fault
        kind = fault.kind if fault else None
        if kind == "run_failed":
            return JSONResponse(_failed(state, asked))
        site = str(request.base_url).rstrip("/")
        company = companies.mentioned_in(asked.input)
        text = _text(asked, company, site)
        if kind == "wrong_json":
            text = text[: len(text) // 2] + "…"
        if kind == "wrong_schema":
            text = json.dumps({"unexpected": company is not None})
        searched = any(tool.type == "web_search" for tool in asked.tools)
        results = search_results(company, site) if searched and company else []
        return JSONResponse(_completed(state, asked, text, results, searched=searched))

    return router


def _text(asked: _AgentRequest, company: Company | None, site: str) -> str:
    if asked.response_format is None:
        return company.summary if company else _UNKNOWN
    schema = asked.response_format.json_schema.json_schema
    source = as_source(company, site) if company else Empty()
    return json.dumps(fill(schema, source), ensure_ascii=False)


def _base(state: SandboxState, asked: _AgentRequest, status: str) -> dict[str, Any]:
    return {
        "id": f"resp_{state.new_id().hex}",
        "object": "response",
        "created_at": int(state.clock.now().timestamp()),
        "status": status,
        "model": asked.model or "perplexity/sonar",
        "output": [],
        "error": None,
    }


def _failed(state: SandboxState, asked: _AgentRequest) -> dict[str, Any]:
    """A failed run is HTTP 200."""
    error = {"message": "The run failed.", "type": "server_error", "code": "internal_error"}
    return _base(state, asked, "failed") | {"error": error}


def _completed(
    state: SandboxState,
    asked: _AgentRequest,
    text: str,
    results: list[dict[str, Any]],
    *,
    searched: bool,
) -> dict[str, Any]:
    output: list[dict[str, Any]] = []
    if results:
        output.append({"type": "search_results", "queries": [asked.input], "results": results})
    cited = [
        {
            "type": "url_citation",
            "start_index": 0,
            "end_index": len(text),
            "title": result["title"],
            "url": result["url"],
        }
        for result in results[:1]
    ]
    output.append(
        {
            "type": "message",
            "id": f"msg_{state.new_id().hex}",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": text, "annotations": cited}],
        }
    )
    return _base(state, asked, "completed") | {
        "output": output,
        "usage": _usage(count_tokens(asked.input), count_tokens(text), searches=int(searched)),
    }


def _usage(tokens_in: int, tokens_out: int, *, searches: int) -> dict[str, Any]:
    """USD at sonar's list price: 1 per million tokens, 5 per thousand searches."""
    cost_in, cost_out, cost_tools = tokens_in / 1e6, tokens_out / 1e6, searches * 0.005
    return {
        "input_tokens": tokens_in,
        "output_tokens": tokens_out,
        "total_tokens": tokens_in + tokens_out,
        "tool_calls_details": {"web_search": {"invocation": searches}},
        "cost": {
            "currency": "USD",
            "input_cost": cost_in,
            "output_cost": cost_out,
            "tool_calls_cost": cost_tools,
            "total_cost": cost_in + cost_out + cost_tools,
        },
    }
