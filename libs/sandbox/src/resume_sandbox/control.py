"""The control interface: mode, latency, faults, ledger, reset."""

from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import Field, field_validator

from resume_runtime.schemas import ApiModel
from resume_sandbox.faults import FaultScript
from resume_sandbox.lies import LIE_CLASSES as RESUME_LIES
from resume_sandbox.pointing_lies import MISREADINGS
from resume_sandbox.prose_lies import PROSE_LIES
from resume_sandbox.routes import LatencyName, Provider
from resume_sandbox.settings import Mode
from resume_sandbox.state import SandboxState

#: Of a tailoring, of prose and of a reading; some are told in several.
LIE_CLASSES: Final = tuple(dict.fromkeys((*RESUME_LIES, *PROSE_LIES, *MISREADINGS)))

Milliseconds = Annotated[int, Field(ge=0, le=600_000)]


class ModeChange(ApiModel):
    """How the model's stand-in behaves; `lies` names the only classes to tell, empty: all."""

    openai: Mode
    lies: tuple[str, ...] = ()

    @field_validator("lies")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not set(value) <= set(LIE_CLASSES):
            raise ValueError(f"must be among {', '.join(LIE_CLASSES)}")
        return value


def control_router(state: SandboxState) -> APIRouter:
    """The routes under `/_sandbox`."""
    router = APIRouter(prefix="/_sandbox", tags=["control"])

    @router.get("")
    async def read_settings() -> dict[str, Any]:
        """What is in force."""
        return {
            "mode": {"openai": state.mode, "lies": state.lie_classes},
            "latency": {route: ms for route, ms in state.latency_ms.items() if ms},
            "faults": state.faults.routes(),
            "lieClasses": LIE_CLASSES,
        }

    @router.put("/mode", status_code=204)
    async def set_mode(change: ModeChange) -> Response:
        """Let the model tell the truth, or lie."""
        state.mode, state.lie_classes = change.openai, change.lies
        return Response(status_code=204)

    @router.put("/latency", status_code=204)
    async def set_latency(latency: dict[LatencyName, Milliseconds]) -> Response:
        """How long the named routes take to answer (ms); others stay as they are."""
        state.latency_ms |= latency
        return Response(status_code=204)

    @router.put("/faults", status_code=204)
    async def set_faults(script: FaultScript) -> Response:
        """Start a route's fault script, in place of its former one."""
        state.faults.put(script)
        return Response(status_code=204)

    @router.delete("/faults", status_code=204)
    async def clear_faults() -> Response:
        """End all fault scripts."""
        state.faults.clear()
        return Response(status_code=204)

    @router.get("/ledger")
    async def read_ledger(
        provider: Provider | None = None,
        prefix: Annotated[str, Query(max_length=200)] = "",
    ) -> Response:
        """The calls so far, oldest first; `prefix` begins their client request id."""
        # Tens of thousands of calls: past any model, straight to bytes.
        body = orjson.dumps(state.ledger.to_json(provider, prefix))
        return Response(body, media_type="application/json")

    @router.post("/reset", status_code=204)
    async def reset() -> Response:
        """Everything as it was at the start, with an empty ledger."""
        state.reset()
        return Response(status_code=204)

    return router
