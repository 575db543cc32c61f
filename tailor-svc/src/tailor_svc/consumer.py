"""Which stage of which queue is handled by what."""

from collections.abc import Mapping

from resume_contracts.routing import work_key
from resume_contracts.workflows import READ_RESUME, RULES_QUEUE, STAGES
from resume_messaging.core.ports import Handler
from tailor_svc.handlers import TailorHandlers
from tailor_svc.products import ProductHandlers
from tailor_svc.resumes import ReadingHandlers
from tailor_svc.settings import TailorSettings


def stages(
    handlers: TailorHandlers, products: ProductHandlers, reading: ReadingHandlers
) -> Mapping[str, Handler]:
    """Handlers by stage."""
    return {
        "tailor.resume": handlers.tailor_resume,
        "tailor.letter": products.cover_letter,
        "tailor.interview": products.interview_prep,
        "tailor.career": products.career_path,
        "tailor.reading": reading.read_resume,
    }


def prefetch(settings: TailorSettings, slots: int) -> Mapping[str, int]:
    """Deliveries in hand at once, by queue: half as many again as the process has slots."""
    asking = [stage.queue for stage in STAGES.values() if stage.provider]
    by_model = {work_key(q): slots + (slots + 1) // 2 for q in (*asking, READ_RESUME.queue)}
    return by_model | {work_key(RULES_QUEUE): settings.rules_prefetch}
