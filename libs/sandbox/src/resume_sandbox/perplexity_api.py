"""Perplexity's Agent API, which knows nothing but the sandbox's own companies and pay surveys.

Wire format: docs.perplexity.ai, Agent API; shapes as in the official SDK's types.
"""

import hashlib
import json
from collections import OrderedDict
from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from resume_sandbox.companies import Companies, Company
from resume_sandbox.company_research import as_source, search_results
from resume_sandbox.error_answers import error_answer
from resume_sandbox.filling import Empty, fill
from resume_sandbox.observe import call_of, pause_of
from resume_sandbox.pay import question_about_pay
from resume_sandbox.pay_answers import PayAnswers, pay_results, pay_source
from resume_sandbox.perplexity_bodies import Run, RunStatus, completed, unfinished
from resume_sandbox.perplexity_requests import AgentRequest, SearchRequest
from resume_sandbox.state import SandboxState

_UNKNOWN: Final = "Unknown: nothing was found about this company."
#: Runs in the background that can still be asked for.
_KEPT: Final = 1000
_UNFINISHED: Final[dict[str, RunStatus]] = {
    "run_failed": "failed",
    "run_queued": "queued",
    "run_in_progress": "in_progress",
    "run_cancelled": "cancelled",
    "run_requires_action": "requires_action",
}


def perplexity_router(state: SandboxState, companies: Companies, pay: PayAnswers) -> APIRouter:
    """The routes under `/perplexity`."""
    router = APIRouter(prefix="/perplexity", tags=["perplexity"])
    agent = _Agent(state, companies, pay)

    @router.post("/v1/responses")
    @router.post("/v1/agent")
    async def respond(request: Request) -> Response:
        """One run of the agent."""
        return _unauthorized(request) or await agent.run(request)

    @router.get("/v1/responses/{id_}")
    async def retrieve(request: Request, id_: str) -> Response:
        """A run in the background, by now finished."""
        return _unauthorized(request) or agent.look_up(id_)

    @router.post("/v1/responses/{id_}/cancel")
    async def cancel(request: Request, id_: str) -> Response:
        """End a run in the background."""
        return _unauthorized(request) or agent.cancel(id_)

    @router.post("/search")
    async def search(request: Request) -> Response:
        """Sources only."""
        return _unauthorized(request) or await agent.search(request)

    @router.post("/chat/completions")
    async def sonar() -> Response:
        """The API before this one, which has ended; that it ends with 410 is our guess."""
        return error_answer("perplexity", 410, message="Sonar is now the Agent API.")

    return router


class _Agent:
    def __init__(self, state: SandboxState, companies: Companies, pay: PayAnswers) -> None:
        self._state = state
        self._companies = companies
        self._pay = pay
        self._background: OrderedDict[str, tuple[Run, dict[str, Any]]] = OrderedDict()

    async def run(self, request: Request) -> Response:
        try:
            asked = AgentRequest.model_validate_json(await request.body())
        except ValidationError:
            return error_answer("perplexity", 400)
        model = asked.runs_on
        if model is None:
            return error_answer("perplexity", 400, message="model or preset is required")
        fault = call_of(request).fault
        kind = fault.kind if fault else ""
        now = self._state.clock.now()
        id_ = self._state.new_id().hex
        run = Run(id_, model, asked.question, now, asked.store, asked.background)
        if kind in _UNFINISHED:
            return JSONResponse(unfinished(run, _UNFINISHED[kind]))
        await self._compile(asked.output_schema, request)
        body = self._finish(run, asked, kind, _site(request))
        if not asked.background:
            return JSONResponse(body)
        self._background[f"resp_{id_}"] = (run, body)
        if len(self._background) > _KEPT:
            self._background.popitem(last=False)
        return JSONResponse(unfinished(run, "queued"))

    def look_up(self, id_: str) -> Response:
        found = self._background.get(id_)
        return (
            JSONResponse(found[1]) if found else error_answer("perplexity", 404, code="not_found")
        )

    def cancel(self, id_: str) -> Response:
        found = self._background.get(id_)
        if found is None:
            return error_answer("perplexity", 404, code="not_found")
        body = unfinished(found[0], "cancelled")
        self._background[id_] = (found[0], body)
        return JSONResponse(body)

    async def search(self, request: Request) -> Response:
        try:
            asked = SearchRequest.model_validate_json(await request.body())
        except ValidationError:
            return error_answer("perplexity", 400)
        query = asked.query if isinstance(asked.query, str) else " ".join(asked.query)
        company = self._companies.mentioned_in(query)
        found = search_results(company, _site(request)) if company else []
        keys = ("title", "url", "snippet", "date", "last_updated")
        body = {
            "id": self._state.new_id().hex,
            "results": [{key: row[key] for key in keys} for row in found[: asked.max_results]],
            "server_time": self._state.clock.now().isoformat(),
        }
        return JSONResponse(body)

    async def _compile(self, schema: dict[str, Any] | None, request: Request) -> None:
        """Take the time that the first use of a schema costs."""
        if schema is None:
            return
        text = json.dumps(schema, sort_keys=True).encode()
        digest = hashlib.blake2b(text, digest_size=8).digest()
        if digest not in self._state.compiled_schemas:
            await pause_of(request)(self._state.latency_ms.get("perplexity.schema", 0) / 1000)
            self._state.compiled_schemas.add(digest)

    def _finish(self, run: Run, asked: AgentRequest, kind: str, site: str) -> dict[str, Any]:
        text, results = self._answer(run.question, asked.output_schema, kind, site)
        if kind == "wrong_json":
            text = text[: len(text) // 2] + "…"
        if kind == "wrong_schema":
            text = json.dumps({"unexpected": bool(results)})
        searched = any(tool.type == "web_search" for tool in asked.tools)
        shown = results if searched and kind != "no_sources" else []
        unknown = kind == "unknown_items"
        return completed(run, text, shown, searches=int(searched), unknown_items=unknown)

    def _answer(
        self, question: str, schema: dict[str, Any] | None, kind: str, site: str
    ) -> tuple[str, list[dict[str, Any]]]:
        """The text of an answer, and the pages it was found on."""
        if pay := question_about_pay(question):
            claims = self._pay.claims(*pay, kind)
            text = json.dumps(fill(schema or {}, pay_source(claims, site)), ensure_ascii=False)
            return text, pay_results(claims, site)
        company = self._companies.mentioned_in(question)
        return _text(schema, company, site), search_results(company, site) if company else []


def _unauthorized(request: Request) -> Response | None:
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return None
    return error_answer("perplexity", 401)


def _site(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _text(schema: dict[str, Any] | None, company: Company | None, site: str) -> str:
    if schema is None:
        return company.summary if company else _UNKNOWN
    source = as_source(company, site) if company else Empty()
    return json.dumps(fill(schema, source), ensure_ascii=False)
