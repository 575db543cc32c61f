"""OpenAI's two answer forms. Shapes: OpenAI API reference and the official SDK's types."""

from datetime import datetime
from typing import Any, Final

from resume_sandbox.openai_answers import Answer
from resume_sandbox.openai_requests import Ask

#: `incomplete_details` by the reason for the end.
_INCOMPLETE: Final = {
    "stop": None,
    "length": {"reason": "max_output_tokens"},
    "content_filter": {"reason": "content_filter"},
}


def chat_body(id_: str, now: datetime, ask: Ask, answer: Answer, cached: int) -> dict[str, Any]:
    """A chat completion; `cached` of its prompt's tokens were cached."""
    body: dict[str, Any] = {
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
                "finish_reason": answer.finish,
            }
        ],
        "usage": {
            "prompt_tokens": answer.input_tokens,
            "completion_tokens": answer.output_tokens,
            "total_tokens": answer.input_tokens + answer.output_tokens,
            "prompt_tokens_details": {
                "cached_tokens": cached,
                "cache_write_tokens": 0,
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": answer.reasoning_tokens,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": "fp_sandbox",
    }
    if ask.profile.ignores_format:
        del body["usage"]
    return body


def response_body(id_: str, now: datetime, ask: Ask, answer: Answer, cached: int) -> dict[str, Any]:
    """A response; `cached` of its prompt's tokens were cached."""
    status = "completed" if answer.finish == "stop" else "incomplete"
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
        "incomplete_details": _INCOMPLETE[answer.finish],
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
            "input_tokens_details": {"cached_tokens": cached},
            "output_tokens": answer.output_tokens,
            "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
            "total_tokens": answer.input_tokens + answer.output_tokens,
        },
    }
