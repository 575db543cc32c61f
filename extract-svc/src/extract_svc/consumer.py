"""Which stage of which queue is handled by what."""

from collections.abc import Mapping

from extract_svc.handlers import ExtractHandlers
from extract_svc.settings import ExtractSettings
from resume_contracts.routing import work_key
from resume_messaging.core.ports import Handler


def stages(handlers: ExtractHandlers) -> Mapping[str, Handler]:
    """Handlers by stage."""
    return {
        "extract.posting": handlers.extract_posting,
        "extract.resume": handlers.extract_resume,
    }


def prefetch(settings: ExtractSettings) -> Mapping[str, int]:
    """Deliveries in hand at once, by queue."""
    return {
        work_key("extract.posting"): settings.posting_prefetch,
        work_key("extract.resume"): settings.resume_prefetch,
    }
