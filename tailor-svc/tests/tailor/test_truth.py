"""What is delivered, from the handler's command to its result, by a model that lies."""

import asyncio
from typing import Any

import pytest

from resume_contracts.facts import TailoredResume
from resume_contracts.workflows import Engine
from resume_core.changes import Change, hidden_ids
from resume_core.facts import texts_of
from resume_core.gate import Gate, blocking
from resume_core.model import Resume
from resume_core.tailoring import PostingView
from resume_messaging.core.outcome import Done
from tailor_svc.computing import Computing
from tailor_svc.engines import Engines
from tailor_svc.handlers import TailorHandlers

from .people import POSTINGS, resumes
from .world import CATALOG, Context, ModelWorld, command

RUNS = [
    (resume, posting, language)
    for resume in resumes()
    for posting in POSTINGS
    for language in (None, "en", "de", "fr")
]


async def tailor(
    world: ModelWorld, resume: Resume, posting: PostingView, language: str | None
) -> dict[str, Any]:
    handlers = TailorHandlers(Engines(world.model, Computing()), CATALOG)
    asked = command(Engine.MODEL, resume=resume, posting=posting, language=language)
    context = Context(deadline=world.time.monotonic() + 400)
    outcome = await world.wait(handlers.tailor_resume(asked, context))
    assert isinstance(outcome, Done)
    assert isinstance(outcome.fact, TailoredResume)
    return outcome.fact.document


def violations(base: Resume, posting: PostingView, result: dict[str, Any]) -> list[str]:
    changes = [Change.model_validate(change) for change in result["changes"]]
    tailored = Resume.model_validate(result["resume"])
    found = Gate(base, posting, CATALOG).check(tailored, hidden_ids(changes))
    return [violation.code for violation in blocking(found)]


@pytest.mark.parametrize("posting", POSTINGS, ids=lambda posting: posting.title)
async def test_result_passes_the_truth_gate(world: ModelWorld, posting: PostingView) -> None:
    for base in resumes():
        result = await tailor(world, base, posting, None)
        assert violations(base, posting, result) == []


async def test_honest_model_is_listened_to(world: ModelWorld) -> None:
    result = await tailor(world, resumes()[0], POSTINGS[0], None)
    assert [c for c in result["changes"] if c["origin"] == "model" and c["status"] == "applied"]


@pytest.mark.timeout(120)
async def test_lying_model_delivers_no_lie(world: ModelWorld) -> None:
    """Every lie is in the sandbox's ledger; none is in a delivered resume."""
    await world.lie()
    results = [await tailor(world, *run) for run in RUNS]
    calls = await world.ledger()

    assert len(calls) == len(RUNS) >= 50
    told = 0
    for (base, posting, _), result, call in zip(RUNS, results, calls, strict=True):
        delivered = set(texts_of(result["resume"])) - set(texts_of(base.model_dump()))
        lies = {lie["after"] for lie in call["lies"]}
        told += len(lies)
        assert not lies & delivered
        assert violations(base, posting, result) == []
        await asyncio.sleep(0)
    assert told >= 3 * len(RUNS)
