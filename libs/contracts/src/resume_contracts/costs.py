"""What jobs are reckoned to cost: the one table behind budgets, and money in whole micro-USD.

A reservation is a ceiling, not a guess at the mean: a job spends no more than was set aside for it,
and the receipt gives back what it did not need.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import ceil
from types import MappingProxyType
from typing import Final

from resume_contracts.messages import Usage
from resume_contracts.workflows import (
    EXTRACT_POSTING,
    READ_RESUME,
    RESEARCH_COMPANY,
    RESEARCH_MARKET,
    Engine,
    provider_of,
)

#: Changes with every figure below; documented in `docs/architecture/costs.md`.
VERSION: Final = "2026-11.2"

MICRO: Final = 1_000_000

#: Micro-USD that one call is reckoned with: by a reservation, and by a bill that names no price.
CALL: Final[Mapping[str, int]] = MappingProxyType(
    {
        # 10,000 tokens of prompt and a full answer at the price of gpt-4.1-mini, and some more.
        "openai": 20_000,
        # Three searches and their tokens.
        "perplexity": 20_000,
        # A scrape with fields, 9 credits at most, under the smallest plan.
        "firecrawl": 50_000,
    }
)
#: Of whom the table does not know: an endpoint that the operator named.
OTHER_CALL: Final = 20_000

#: Calls of a stage to the provider it cannot do without: an answer may have to be asked for again.
_MODEL_CALLS: Final = 2
#: Stages that call a provider without being bound to one, by that provider: once.
_ASKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        EXTRACT_POSTING.name: "firecrawl",
        RESEARCH_COMPANY.name: "perplexity",
        RESEARCH_MARKET.name: "perplexity",
        READ_RESUME.name: "openai",
    }
)


def micro_usd(usd: float) -> int:
    """An amount in whole micro-USD, rounded up; less than a thousandth of one is noise of sums."""
    return ceil(round(Decimal(str(usd)) * MICRO, 3))


def estimate(slip: Sequence[str], engine: Engine, *, has_address: bool) -> int:
    """Micro-USD to set aside for a job; 0: it pays nobody.

    Args:
        slip: its stages.
        engine: the one the user chose.
        has_address: the posting is behind an address. Pasted text is not scraped.
    """
    return sum(_stage(stage, engine, has_address=has_address) for stage in slip)


def charged(lines: Iterable[Usage]) -> int:
    """Micro-USD of a bill. A call of unknown price counts as `CALL` has it."""
    return sum(_line(line) for line in lines)


def _stage(stage: str, engine: Engine, *, has_address: bool) -> int:
    provider, calls = provider_of(stage, engine), _MODEL_CALLS
    if provider is None:
        provider, calls = _ASKS.get(stage), 1
    if provider is None or (provider == "firecrawl" and not has_address):
        return 0
    return calls * CALL.get(provider, OTHER_CALL)


def _line(line: Usage) -> int:
    if line.cost_usd is None:
        return line.calls * CALL.get(line.provider, OTHER_CALL)
    return micro_usd(line.cost_usd)
