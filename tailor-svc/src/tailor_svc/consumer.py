"""Which stage of which queue is handled by what."""

from collections.abc import Mapping

from resume_contracts.routing import work_key
from resume_contracts.workflows import RULES_QUEUE, STAGES
from resume_messaging.core.ports import Handler
from tailor_svc.handlers import TailorHandlers
from tailor_svc.products import ProductHandlers
from tailor_svc.settings import TailorSettings


def stages(handlers: TailorHandlers, products: ProductHandlers) -> Mapping[str, Handler]:
    """Handlers by stage."""
    return {
        "tailor.resume": handlers.tailor_resume,
        "tailor.letter": products.cover_letter,
        "tailor.interview": products.interview_prep,
        "tailor.career": products.career_path,
    }


def prefetch(settings: TailorSettings, slots: int) -> Mapping[str, int]:
    """Deliveries in hand at once, by queue: half as many again as the process has slots."""
    by_model = {work_key(s.queue): slots + (slots + 1) // 2 for s in STAGES.values() if s.provider}
    return by_model | {work_key(RULES_QUEUE): settings.rules_prefetch}
