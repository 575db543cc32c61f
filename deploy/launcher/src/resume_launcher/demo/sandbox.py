"""The sandbox's control interface, as the demo uses it."""

from typing import Any, Self

import httpx2

TIMEOUT_S = 10.0
SAMPLE_POSTING = "careers/northwind-robotics/senior-backend-engineer"
MODEL_ROUTES = ("openai.chat", "openai.responses")


class Sandbox:
    """Slows the stand-in model down, breaks it, and reads what it was asked."""

    def __init__(self, url: str) -> None:
        self._client = httpx2.Client(base_url=url, timeout=TIMEOUT_S, trust_env=False)

    def __enter__(self) -> Self:
        """Use it as a context manager."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close its connections."""
        self._client.close()

    def slow_down(self, milliseconds: int) -> None:
        """Let every answer of the model take this long."""
        body = dict.fromkeys(MODEL_ROUTES, milliseconds)
        self._client.put("/_sandbox/latency", json=body).raise_for_status()

    def break_model(self, seconds: float) -> None:
        """Let the model answer 500 for a while."""
        for route in MODEL_ROUTES:
            fault = {
                "route": route,
                "script": [{"kind": "status", "status": 500, "times": 1000}],
                "forSeconds": seconds,
            }
            self._client.put("/_sandbox/faults", json=fault).raise_for_status()

    def mend(self) -> None:
        """End all faults and delays."""
        self._client.delete("/_sandbox/faults").raise_for_status()
        self.slow_down(0)

    def postings(self) -> list[dict[str, str]]:
        """Every posting it stands in for: `group`, `url` (often a path of its own), `what`."""
        answer = self._client.get("/_sandbox/postings")
        answer.raise_for_status()
        return [dict(row) for row in answer.json()]

    def calls(self, job_id: str) -> list[dict[str, Any]]:
        """The model calls made for a job, oldest first."""
        wanted = {"provider": "openai", "prefix": job_id}
        answer = self._client.get("/_sandbox/ledger", params=wanted)
        answer.raise_for_status()
        return list(answer.json()["calls"])
