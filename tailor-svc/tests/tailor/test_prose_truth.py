"""Letter, interview pack and career path over the wire: an honest model, and one that lies.

What was delivered is compared with the person's own words and the posting's, not with the verdicts
of the checks that let it through.
"""

import asyncio
import json
import re
from typing import Any

import pytest

from resume_contracts.facts import Cited, ProductResult, Research
from resume_contracts.workflows import Engine, Workflow
from resume_core.career import load_ladders
from resume_core.facts import texts_of
from resume_core.model import Resume
from resume_core.posting import PostingView
from resume_messaging.core.outcome import Done
from resume_sandbox.prose_lies import PROSE_LIES
from tailor_svc.computing import Computing
from tailor_svc.engines import Engines
from tailor_svc.products import ProductHandlers

from .people import POSTINGS, resumes
from .test_drafts import sentences
from .test_products import PRODUCTS, STAFF, ordered
from .world import CATALOG, Context, ModelWorld, command

LADDERS = load_ladders()
LANGUAGES = ("en", "de", "fr", "es")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def known(posting: PostingView) -> Research:
    found = Cited(text=f"{posting.company} opened a plant in Porto.", url="https://news.example/1")
    return Research(available=True, findings=(found,))


async def made(
    world: ModelWorld,
    workflow: Workflow,
    resume: Resume,
    posting: PostingView,
    language: str,
    *,
    engine: Engine = Engine.AUTO,
) -> dict[str, Any]:
    handlers = ProductHandlers(Engines(world.model, Computing()), CATALOG, LADDERS)
    asked = command(engine, resume=resume, posting=posting, language=language)
    asked = ordered(workflow, asked, demand=(STAFF,), research=known(posting))
    stage = {
        Workflow.COVER_LETTER: handlers.cover_letter,
        Workflow.INTERVIEW_PREP: handlers.interview_prep,
        Workflow.CAREER_PATH: handlers.career_path,
    }[workflow]
    context = Context(deadline=world.time.monotonic() + 400, allowed=99)
    outcome = await world.wait(stage(asked, context))
    assert isinstance(outcome, Done), outcome
    assert isinstance(outcome.fact, ProductResult)
    assert outcome.usage
    return outcome.fact.document


def by_model(result: dict[str, Any]) -> list[str]:
    questions = [q["question"] for q in result.get("questions", ()) if q["origin"] == "model"]
    return questions + [s["text"] for s in sentences(result) if s["origin"] == "model"]


def own_words(resume: Resume, posting: PostingView) -> str:
    told = [*texts_of(resume.model_dump()), posting.title, posting.company, posting.text]
    return "\n".join([*told, *(found.text for found in known(posting).findings)])


@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_honest_model_is_listened_to(
    world: ModelWorld, workflow: Workflow, language: str
) -> None:
    for resume in resumes():
        result = await made(world, workflow, resume, POSTINGS[0], language, engine=Engine.MODEL)
        assert (result["engine"], result["degraded"]) == ("model", False)
        assert result["language"] == language
        assert by_model(result)
        prompt = result["writtenBy"]["prompt"]
        assert prompt in {"write_letter.v1", "prepare_interview.v1", "plan_career.v1"}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_lying_model_delivers_no_lie(
    world: ModelWorld, workflow: Workflow, language: str
) -> None:
    """No lie of the ledger is delivered, and no number or name that is nowhere in the data."""
    await world.lie()
    runs = [(resume, posting) for resume in resumes() for posting in POSTINGS]
    results = [await made(world, workflow, *run, language) for run in runs]
    calls = await world.ledger()
    assert len(calls) == len(runs)
    told = set()
    for (resume, posting), result, call in zip(runs, results, calls, strict=True):
        delivered = json.dumps(result, ensure_ascii=False)
        assert call["lies"]
        told |= {lie["class"] for lie in call["lies"]}
        assert [lie for lie in call["lies"] if lie["after"] in delivered] == []
        own = own_words(resume, posting)
        for text in by_model(result):
            assert set(NUMBER.findall(text)) <= set(NUMBER.findall(own)), text
        mine = set(NUMBER.findall("\n".join(texts_of(resume.model_dump()))))
        for sentence in sentences(result):
            if sentence["about"] == "person":
                assert set(NUMBER.findall(sentence["text"])) <= mine, sentence
        assert "Halcyon Dynamics" not in delivered
        assert "Marlow" not in delivered
        assert "Globex" not in delivered
        assert "hire.me" not in delivered
        await asyncio.sleep(0)
    assert len(told) >= 8


@pytest.mark.parametrize("workflow", PRODUCTS)
@pytest.mark.parametrize("lie_class", PROSE_LIES)
async def test_every_class_is_kept_out(
    world: ModelWorld, workflow: Workflow, lie_class: str
) -> None:
    """Each class by itself, in every language: what stands beside it is kept."""
    mode = {"openai": "lying", "lies": [lie_class]}
    (await world.http.put("/_sandbox/mode", json=mode)).raise_for_status()
    for language in LANGUAGES:
        result = await made(world, workflow, resumes()[0], POSTINGS[0], language)
        call = (await world.ledger())[-1]
        delivered = json.dumps(result, ensure_ascii=False)
        assert [lie for lie in call["lies"] if lie["after"] in delivered] == []
        if call["lies"]:
            assert result["dropped"] > 0
        assert result["engine"] == "model"


@pytest.mark.parametrize("mode", ["sandbox-json", "sandbox-text", "sandbox-lax"])
@pytest.mark.parametrize("workflow", PRODUCTS)
async def test_model_that_is_held_to_no_schema_is_shown_it(
    sandbox_url: str, workflow: Workflow, mode: str
) -> None:
    world = ModelWorld(sandbox_url, models={"openai": mode})
    async with world.http:
        (await world.http.post("/_sandbox/reset")).raise_for_status()
        result = await made(world, workflow, resumes()[0], POSTINGS[0], "en")
        assert result["engine"] == "model"
