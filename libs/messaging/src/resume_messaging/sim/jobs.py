"""The jobs of a history, and how well its provider is."""

import random
from datetime import timedelta
from uuid import UUID

from resume_contracts.facts import BaseResume, Facts, Options, Submission
from resume_contracts.messages import Command
from resume_contracts.workflows import Engine, Workflow, slip
from resume_messaging.sim.provider import Provider
from resume_runtime.clock import Clock

#: A job's time, from acceptance (or redrive).
DEADLINE_S = 420.0


def draw_jobs(rng: random.Random, clock: Clock) -> list[Command]:
    """The first commands of one to four jobs."""
    return [first_command(rng, clock) for _ in range(rng.randint(1, 4))]


def first_command(rng: random.Random, clock: Clock) -> Command:
    """A job accepted now."""
    job_id, user_id = (UUID(int=rng.getrandbits(128), version=4) for _ in range(2))
    engine = rng.choice((Engine.AUTO, Engine.MODEL, Engine.MODEL, Engine.RULES))
    return Command(
        job_id=job_id,
        run=1,
        user_id=user_id,
        workflow=Workflow.TAILOR_RESUME,
        slip=slip(Workflow.TAILOR_RESUME),
        stage_index=0,
        accepted_at=clock.now(),
        deadline=clock.now() + timedelta(seconds=DEADLINE_S),
        facts=Facts(
            submission=Submission(job_text="text", options=Options(engine=engine)),
            resume=BaseResume(resume_id=job_id, version=1, document={"basics": {}}),
        ),
    )


def next_run(command: Command, clock: Clock) -> Command:
    """A redrive: the whole job once more, with a fresh deadline."""
    now = clock.now()
    return command.model_copy(
        update={
            "run": command.run + 1,
            "accepted_at": now,
            "deadline": now + timedelta(seconds=DEADLINE_S),
        }
    )


def draw_weather(rng: random.Random, provider: Provider) -> None:
    """Outages, rate limits and bad answers of a provider."""
    provider.unusable = rng.choice((0.0, 0.1, 0.5))
    for _ in range(rng.choice((0, 1, 1, 2))):
        start = rng.uniform(0.0, 100.0)
        provider.outages.append((start, start + rng.uniform(1.0, 150.0)))
    for _ in range(rng.choice((0, 0, 1, 2))):
        start = rng.uniform(0.0, 200.0)
        provider.pauses.append((start, start + rng.uniform(1.0, 30.0)))
