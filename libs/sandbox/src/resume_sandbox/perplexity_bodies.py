"""The bodies of Perplexity's Agent API. Shapes: the official SDK's types."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from resume_sandbox.tokens import count_tokens

RunStatus = Literal["completed", "failed", "in_progress", "queued", "cancelled", "requires_action"]


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the agent, as far as every body tells of it."""

    id: str
    model: str
    question: str
    at: datetime
    store: bool
    background: bool


def unfinished(run: Run, status: RunStatus) -> dict[str, Any]:
    """A run that has not come to an answer; a failed one is told with HTTP 200 as well."""
    body = _base(run, status)
    if status == "failed":
        error = {"message": "The run failed.", "type": "server_error", "code": "internal_error"}
        body["error"] = error
    if status == "requires_action":
        body["output"] = [
            {
                "type": "function_call",
                "id": f"fc_{run.id}",
                "call_id": f"call_{run.id}",
                "name": "lookup",
                "arguments": "{}",
                "status": "completed",
            }
        ]
    return body


def completed(
    run: Run,
    text: str,
    results: Sequence[dict[str, Any]],
    *,
    searches: int,
    unknown_items: bool,
) -> dict[str, Any]:
    """A finished run; without `results` there is no item for them."""
    output: list[dict[str, Any]] = []
    if unknown_items:
        output.append({"type": "reasoning_trace", "id": f"rt_{run.id}", "steps": []})
    if results:
        output.append({"type": "search_results", "queries": [run.question], "results": results})
    output.append(
        {
            "type": "message",
            "id": f"msg_{run.id}",
            "role": "assistant",
            "status": "completed",
            "content": [
                {"type": "output_text", "text": text, "annotations": _cited(text, results)}
            ],
        }
    )
    if unknown_items:
        output.append({"type": "unknown", "item_name": "novelty", "payload": {}})
    usage = _usage(count_tokens(run.question), count_tokens(text), searches)
    return _base(run, "completed") | {"output": output, "usage": usage}


def _base(run: Run, status: RunStatus) -> dict[str, Any]:
    return {
        "id": f"resp_{run.id}",
        "object": "response",
        "created_at": int(run.at.timestamp()),
        "status": status,
        "model": run.model,
        "output": [],
        "error": None,
        "background": run.background,
        "store": run.store,
    }


def _cited(text: str, results: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "type": "url_citation",
            "start_index": 0,
            "end_index": len(text),
            "title": result["title"],
            "url": result["url"],
        }
        for result in results[:1]
    ]


def _usage(tokens_in: int, tokens_out: int, searches: int) -> dict[str, Any]:
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
