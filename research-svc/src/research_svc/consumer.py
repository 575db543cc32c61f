"""Which stage of which queue is handled by what."""

from collections.abc import Mapping

from research_svc.handlers import ResearchHandlers
from research_svc.settings import ResearchSettings
from resume_contracts.routing import work_key
from resume_messaging.core.ports import Handler


def stages(handlers: ResearchHandlers) -> Mapping[str, Handler]:
    """Handlers by stage."""
    return {
        "research.company": handlers.research_company,
        "research.market": handlers.research_market,
    }


def prefetch(settings: ResearchSettings) -> Mapping[str, int]:
    """Deliveries in hand at once, by queue."""
    return {
        work_key("research.company"): settings.research_prefetch,
        work_key("research.market"): settings.research_prefetch,
    }
