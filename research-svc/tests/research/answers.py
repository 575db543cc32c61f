"""Runs as Perplexity tells of them."""

import json
from typing import Any

from research_svc.perplexity_wire import Run, read_run

URL = "https://northwind.example/about"


def message(told: Any) -> dict[str, Any]:
    text = told if isinstance(told, str) else json.dumps(told)
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


def results(*urls: Any) -> dict[str, Any]:
    return {"type": "search_results", "results": [{"url": url, "title": "?"} for url in urls]}


def shown(**texts: str) -> dict[str, Any]:
    """Search results with what the search shows of each page."""
    return {
        "type": "search_results",
        "results": [
            {"url": f"https://{host}.example/", "snippet": text} for host, text in texts.items()
        ],
    }


def run(*output: Any, **others: Any) -> Run:
    document = {"status": "completed", "output": list(output), **others}
    return read_run(json.dumps(document).encode())
