"""Accepting an uploaded file: stored first, then resume, job and first command at once."""

from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from gateway_svc.database import Connection
from gateway_svc.edge import Edge
from gateway_svc.idempotency import IdempotentRequest
from gateway_svc.jobs.accept import Order
from gateway_svc.jobs.submit import submit
from gateway_svc.origin import Origin
from gateway_svc.resumes.store import UploadedFile, insert_upload
from resume_contracts.facts import Facts, Options, Submission, Upload
from resume_contracts.workflows import Engine, Workflow
from resume_runtime.errors import ProblemError

UPLOAD_LIMIT = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """What a client sent; with `engine` rules no model is asked how it reads the file."""

    name: str
    data: bytes
    engine: Engine = Engine.AUTO


async def accept_upload(
    edge: Edge,
    user_id: UUID,
    file: ReceivedFile,
    *,
    keyed: IdempotentRequest | None,
    origin: Origin,
) -> tuple[UUID, bool]:
    """Store a file and accept the job that reads it: its id, and whether it was there before.

    A file that is refused, or was sent before, is deleted again. After any other failure nobody
    knows whether the job was accepted; the look for orphans finds a file that has no row.

    Raises:
        ProblemError: the deadline cannot be met (503), the idempotency key is taken (409, 422),
            or the user was erased (403).
    """
    resume_id = edge.new_id()
    stored = UploadedFile(edge.files.key(user_id, resume_id), file.name, len(file.data))
    await edge.files.put(stored.key, file.data)
    facts = Facts(
        submission=Submission(options=Options(engine=file.engine)),
        upload=Upload(resume_id=resume_id, key=stored.key, filename=stored.name, size=stored.size),
    )

    async def prepare(connection: Connection) -> Order:
        await insert_upload(connection, resume_id, user_id, stored, now=edge.clock.now())
        return Order(user_id, Workflow.PARSE_RESUME, resume_id, facts)

    try:
        job_id, replayed = await submit(edge, prepare, keyed, origin, is_writing=True)
    except ProblemError:
        await edge.files.delete(stored.key)
        raise
    if replayed:
        await edge.files.delete(stored.key)
    return job_id, replayed


def file_name(given: str | None) -> str:
    """The last part of the name the client gave, without anything unprintable."""
    name = PurePath((given or "").replace("\\", "/")).name
    printable = "".join(character for character in name if character.isprintable())
    return printable[-200:] or "resume"
