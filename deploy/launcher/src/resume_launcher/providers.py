"""The providers with a key in the environment: what each process is told, and who gets what.

A process without one of its own is pointed at the sandbox and told of no provider at all.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from resume_launcher.errors import LauncherError

OPENAI_URL = "https://api.openai.com/v1"
PERPLEXITY_URL = "https://api.perplexity.ai"
FIRECRAWL_URL = "https://api.firecrawl.dev"
DEFAULT_MODEL = "gpt-4.1-mini"
_PREFIXES = ("OPENAI_", "PERPLEXITY_", "FIRECRAWL_", "MODEL_ENDPOINTS")
_OPENAI = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL")
_PERPLEXITY = (
    "PERPLEXITY_API_KEY",
    "PERPLEXITY_BASE_URL",
    "PERPLEXITY_MODEL",
    "PERPLEXITY_CALL_USD",
)
_FIRECRAWL = ("FIRECRAWL_API_KEY", "FIRECRAWL_BASE_URL", "FIRECRAWL_CREDIT_USD")


class _Endpoint(BaseModel):
    """What the launcher reads of an entry of `MODEL_ENDPOINTS`; tailor-svc checks the rest."""

    model_config = ConfigDict(extra="ignore")

    base_url: str = OPENAI_URL
    key_variable: str | None = None
    model: str


_ENDPOINTS: TypeAdapter[list[_Endpoint]] = TypeAdapter(
    Annotated[list[_Endpoint], Field(min_length=1)]
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets something of a job: a host, and what it is sent there."""

    host: str
    what: str


@dataclass(frozen=True, slots=True)
class Providers:
    """The user's own providers.

    Attributes:
        variables: what the process of a name is told; a process that is not here has none.
        recipients: who gets what, in the order of what matters most.
        secret: variables that no other process may see, beside those of the known prefixes.
    """

    variables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recipients: tuple[Recipient, ...] = ()
    secret: frozenset[str] = frozenset()

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """What the environment names.

        Raises:
            LauncherError: MODEL_ENDPOINTS is no list of endpoints.
        """
        variables: dict[str, dict[str, str]] = {}
        recipients: list[Recipient] = []
        endpoints = _endpoints(environ)
        keys = frozenset(one.key_variable for one in endpoints if one.key_variable)
        if environ.get("MODEL_ENDPOINTS"):
            variables["tailor"] = _chosen(environ, ("MODEL_ENDPOINTS", *sorted(keys)))
        elif endpoints:
            variables["tailor"] = _chosen(environ, _OPENAI)
        for one in endpoints:
            what = f"the resume and the posting (model {one.model})"
            recipients.append(Recipient(_host(one.base_url), what))
        if environ.get("PERPLEXITY_API_KEY"):
            variables["research"] = _chosen(environ, _PERPLEXITY)
            host = _host(environ.get("PERPLEXITY_BASE_URL") or PERPLEXITY_URL)
            what = "the company's name; for a career path the occupation and the place"
            recipients.append(Recipient(host, what))
        if environ.get("FIRECRAWL_API_KEY"):
            variables["extract"] = _chosen(environ, _FIRECRAWL)
            host = _host(environ.get("FIRECRAWL_BASE_URL") or FIRECRAWL_URL)
            recipients.append(Recipient(host, "the posting's address"))
        return cls(variables, tuple(recipients), keys)

    def of(self, process: str) -> dict[str, str]:
        """What a process is told of providers: its own, or to use the sandbox."""
        own = self.variables.get(process)
        return {"TEST_MODE": "true"} if own is None else {"TEST_MODE": "false", **own}

    def others(self, environ: Mapping[str, str]) -> dict[str, str]:
        """An environment without anything of a provider."""
        return {
            name: value
            for name, value in environ.items()
            if not name.startswith(_PREFIXES) and name not in self.secret
        }

    def summary(self) -> str:
        """What tells two choices apart, without any key."""
        if not self.variables:
            return "sandbox"
        parts = (
            f"{process} {name}={value}"
            for process, own in sorted(self.variables.items())
            for name, value in sorted(own.items())
        )
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return f"{', '.join(one.host for one in self.recipients)} {digest}"


def _endpoints(environ: Mapping[str, str]) -> list[_Endpoint]:
    """Where models are asked, in order: MODEL_ENDPOINTS, or else OPENAI_*; none without a key."""
    stated = environ.get("MODEL_ENDPOINTS")
    if stated:
        try:
            return _ENDPOINTS.validate_json(stated)
        except ValidationError:
            raise LauncherError(
                'MODEL_ENDPOINTS is no JSON list like [{"name": "local", "base_url": '
                '"http://localhost:11434/v1", "model": "llama3.3"}]'
            ) from None
    if not environ.get("OPENAI_API_KEY"):
        return []
    base_url = environ.get("OPENAI_BASE_URL") or OPENAI_URL
    return [_Endpoint(base_url=base_url, model=environ.get("OPENAI_MODEL") or DEFAULT_MODEL)]


def _chosen(environ: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {name: environ[name] for name in names if environ.get(name)}


def _host(url: str) -> str:
    """Host and port of an address; never a log-in that is in it."""
    try:
        host = urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    return host or "an address that is none"
