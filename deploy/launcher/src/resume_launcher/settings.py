"""What the person at the terminal chose for the stack, by environment variables."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

DEFAULT_DEADLINE_S = 420
DEFAULT_GRACE_S = 120
DEFAULT_MODEL = "gpt-4.1-mini"
OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class RealModel:
    """An OpenAI-compatible provider of the user's own."""

    api_key: str
    base_url: str
    model: str


@dataclass(frozen=True, slots=True)
class StackSettings:
    """How to run the stack.

    Attributes:
        model: the user's provider; None: the sandbox stands in for it.
        deadline_s: how long a job may take.
        grace_s: how long a stopping process may finish what is paid for.
        log_level: of every process.
    """

    model: RealModel | None
    deadline_s: int
    grace_s: int
    log_level: str

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """Read them; what is not set has the system's defaults."""
        key = environ.get("OPENAI_API_KEY", "")
        model = RealModel(
            api_key=key,
            base_url=environ.get("OPENAI_BASE_URL") or OPENAI_URL,
            model=environ.get("OPENAI_MODEL") or DEFAULT_MODEL,
        )
        return cls(
            model=model if key else None,
            deadline_s=int(environ.get("JOB_DEADLINE_S") or DEFAULT_DEADLINE_S),
            grace_s=int(environ.get("GRACE_S") or DEFAULT_GRACE_S),
            log_level=environ.get("LOG_LEVEL") or "INFO",
        )

    def summary(self) -> dict[str, str]:
        """What tells two settings apart, without the key itself."""
        model = self.model
        key = hashlib.sha256(model.api_key.encode()).hexdigest() if model else ""
        return {
            "provider": f"{model.base_url} {model.model} {key}" if model else "sandbox",
            "deadline": str(self.deadline_s),
            "grace": str(self.grace_s),
            "log level": self.log_level,
        }
