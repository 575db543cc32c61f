"""The names by which faults, latencies and the ledger speak of the sandbox's routes."""

from typing import Final, Literal, get_args

RouteName = Literal[
    "openai.chat", "openai.responses", "openai.models", "perplexity.responses", "careers.page"
]
Provider = Literal["openai", "perplexity", "careers"]

ROUTE_NAMES: Final[tuple[RouteName, ...]] = get_args(RouteName)
#: The routes behind which a model would work; the initial latency is theirs.
MODEL_ROUTES: Final[tuple[RouteName, ...]] = (
    "openai.chat",
    "openai.responses",
    "perplexity.responses",
)
_BY_PATH: Final[dict[str, RouteName]] = {
    "/openai/v1/chat/completions": "openai.chat",
    "/openai/v1/responses": "openai.responses",
    "/openai/v1/models": "openai.models",
    "/perplexity/v1/responses": "perplexity.responses",
    "/perplexity/v1/agent": "perplexity.responses",
}
_PROVIDERS: Final[dict[RouteName, Provider]] = {
    "openai.chat": "openai",
    "openai.responses": "openai",
    "openai.models": "openai",
    "perplexity.responses": "perplexity",
    "careers.page": "careers",
}


def route_of(path: str) -> RouteName | None:
    """The route of a path; None for the sandbox's own (control, health)."""
    if path.startswith("/careers"):
        return "careers.page"
    if path.startswith("/openai/v1/models/"):
        return "openai.models"
    return _BY_PATH.get(path)


def provider_of(route: RouteName) -> Provider:
    """Whose stand-in a route belongs to."""
    return _PROVIDERS[route]
