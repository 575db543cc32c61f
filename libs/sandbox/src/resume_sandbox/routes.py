"""The names by which faults, latencies and the ledger speak of the sandbox's routes."""

from typing import Final, Literal, get_args

RouteName = Literal[
    "openai.chat",
    "openai.responses",
    "openai.models",
    "openai-b.chat",
    "openai-b.responses",
    "openai-b.models",
    "perplexity.responses",
    "perplexity.search",
    "firecrawl.scrape",
    "boards.greenhouse",
    "boards.lever",
    "boards.ashby",
    "careers.page",
]
Provider = Literal[
    "openai", "openai-b", "perplexity", "firecrawl", "greenhouse", "lever", "ashby", "careers"
]
#: What latencies can be set of: routes, and the first use of a schema at Perplexity.
LatencyName = RouteName | Literal["perplexity.schema"]

ROUTE_NAMES: Final[tuple[RouteName, ...]] = get_args(RouteName)
#: The two that speak OpenAI's wire format.
OPENAI_LIKE: Final[frozenset[Provider]] = frozenset({"openai", "openai-b"})
#: The routes behind which a model would work; the initial latency is theirs.
MODEL_ROUTES: Final[tuple[RouteName, ...]] = (
    "openai.chat",
    "openai.responses",
    "openai-b.chat",
    "openai-b.responses",
    "perplexity.responses",
)
#: The routes whose answers cost money.
BILLED_ROUTES: Final[frozenset[RouteName]] = frozenset(
    {*MODEL_ROUTES, "perplexity.search", "firecrawl.scrape"}
)
#: By the beginning of the path; the first that fits.
_BY_PREFIX: Final[tuple[tuple[str, RouteName], ...]] = (
    ("/openai/v1/chat/completions", "openai.chat"),
    ("/openai/v1/responses", "openai.responses"),
    ("/openai/v1/models", "openai.models"),
    ("/openai-b/v1/chat/completions", "openai-b.chat"),
    ("/openai-b/v1/responses", "openai-b.responses"),
    ("/openai-b/v1/models", "openai-b.models"),
    ("/perplexity/v1/responses", "perplexity.responses"),
    ("/perplexity/v1/agent", "perplexity.responses"),
    ("/perplexity/chat/completions", "perplexity.responses"),
    ("/perplexity/search", "perplexity.search"),
    ("/firecrawl/v2/scrape", "firecrawl.scrape"),
    ("/v2/scrape", "firecrawl.scrape"),
    ("/boards/greenhouse", "boards.greenhouse"),
    ("/boards/lever", "boards.lever"),
    ("/boards/ashby", "boards.ashby"),
    ("/careers", "careers.page"),
)
_PROVIDERS: Final[dict[str, Provider]] = {
    "openai": "openai",
    "openai-b": "openai-b",
    "perplexity": "perplexity",
    "firecrawl": "firecrawl",
    "boards.greenhouse": "greenhouse",
    "boards.lever": "lever",
    "boards.ashby": "ashby",
    "careers": "careers",
}


def route_of(path: str) -> RouteName | None:
    """The route of a path; None for the sandbox's own (control, health)."""
    for prefix, route in _BY_PREFIX:
        if path == prefix or path.startswith(f"{prefix}/"):
            return route
    return None


def provider_of(route: RouteName) -> Provider:
    """Whose stand-in a route belongs to."""
    return _PROVIDERS.get(route) or _PROVIDERS[route.partition(".")[0]]
