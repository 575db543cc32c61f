"""What the running system tells of itself: the metrics there are, what was paid, and no secrets."""

import asyncio
import io
import json
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families
from reportlab.pdfgen.canvas import Canvas

from .conftest import SAMPLES, NewPerson, Person, Sandbox, Stack

pytestmark = [pytest.mark.system, pytest.mark.timeout(180)]

#: The playbook's catalogue (6.1), by its exact names.
CATALOGUE = {
    "http_requests_total": "counter",
    "http_request_duration_seconds": "histogram",
    "http_errors_total": "counter",
    "ai_call_duration_seconds": "histogram",
    "ai_call_errors_total": "counter",
    "ai_call_active": "gauge",
    "circuit_breaker_state": "gauge",
    "circuit_breaker_trips_total": "counter",
    "job_queue_depth": "gauge",
    "job_processing_duration_seconds": "histogram",
    "job_failures_total": "counter",
    "db_pool_active": "gauge",
    "db_pool_overflow": "gauge",
    "db_query_duration_seconds": "histogram",
    "auth_failures_total": "counter",
}
#: What the bills and the cache of answers add to it.
COSTS = {
    "ai_tokens_total": "counter",
    "ai_cost_usd_total": "counter",
    "ai_saved_usd_total": "counter",
    "ai_saved_tokens_total": "counter",
    "ai_cached_answers_total": "counter",
    "ai_cache_reads_total": "counter",
}
#: Series of one metric in one process; labels that users could choose would pass it soon.
MOST_SERIES = 1500


async def scraped(stack: Stack) -> dict[str, str]:
    """What each process tells, by its name."""
    async with httpx2.AsyncClient(timeout=20) as http:
        return {
            process["name"]: (await http.get(process["metricsUrl"])).raise_for_status().text
            for process in stack.processes
            if process["metricsUrl"]
        }


def types_of(text: str) -> dict[str, str]:
    """The type of each metric, by the name that Prometheus is told."""
    words = (line.split() for line in text.splitlines() if line.startswith("# TYPE "))
    return {name: kind for _, _, name, kind in words}


def value(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's series that have these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


async def test_every_metric_of_the_catalogue_is_exported(stack: Stack) -> None:
    """Under its exact name and type, by some process of the stack."""
    exported: dict[str, set[str]] = {}
    for text in (await scraped(stack)).values():
        for name, kind in types_of(text).items():
            exported.setdefault(name, set()).add(kind)
    wanted = CATALOGUE | COSTS
    assert {name: exported.get(name) for name in wanted} == {
        name: {kind} for name, kind in wanted.items()
    }


async def test_series_are_few(stack: Stack, person: Person, posting_text: str) -> None:
    """No label has a job, a user or an address in it."""
    await person.tailored(jobText=posting_text)
    for name, text in (await scraped(stack)).items():
        for family in text_string_to_metric_families(text):
            assert len(family.samples) <= MOST_SERIES, (name, family.name)
            labels = {value for sample in family.samples for value in sample.labels.values()}
            assert not [label for label in labels if len(label) > 80], (name, family.name)
            for label in labels:
                with pytest.raises(ValueError, match=r"badly formed|invalid literal"):
                    uuid.UUID(label)


async def test_same_job_again_is_paid_for_once(
    stack: Stack, person: Person, sandbox: Sandbox, posting_text: str
) -> None:
    """The second one says so, costs nothing, passes the gate, and the account shows both."""
    before = (await scraped(stack))["tailor"]
    body = {"jobText": posting_text, "options": {"engine": "model"}}
    first, second = [await person.tailored(**body) for _ in range(2)]
    assert len(await sandbox.calls("openai", first["jobId"])) == 1
    assert await sandbox.calls("openai", second["jobId"]) == []
    assert any("asked before" in note for note in second["result"]["notes"])
    assert first["result"]["resume"] == second["result"]["resume"]
    assert second["result"]["coverage"] == first["result"]["coverage"]

    paid = line_of(first, "openai")
    spared = line_of(second, "openai")
    assert paid["calls"] == 1
    assert paid["costUsd"] > 0
    assert (spared["calls"], spared["costUsd"], spared["cachedAnswers"]) == (0, 0, 1)
    assert spared["savedUsd"] == paid["costUsd"]

    told = (await person.http.get("/api/account/usage")).raise_for_status().json()
    (openai,) = [each for each in told["byProvider"] if each["provider"] == "openai"]
    assert (openai["jobs"], openai["calls"], openai["cachedAnswers"]) == (2, 1, 1)
    assert openai["costUsd"] == openai["savedUsd"] == paid["costUsd"]
    (product,) = told["byProduct"]
    assert (product["product"], product["jobs"]) == ("tailor_resume", 2)

    after = (await scraped(stack))["tailor"]
    for name, labels in (
        ("ai_cache_reads_total", {"provider": "openai", "result": "hit"}),
        ("ai_cached_answers_total", {"provider": "openai"}),
        ("ai_saved_usd_total", {"provider": "openai"}),
        ("ai_cost_usd_total", {"provider": "openai"}),
        ("ai_tokens_total", {"provider": "openai", "kind": "input"}),
    ):
        assert value(after, name, **labels) > value(before, name, **labels), name


def line_of(status: dict[str, Any], provider: str) -> dict[str, Any]:
    """A receipt's line of one provider."""
    (line,) = [each for each in status["receipt"]["lines"] if each["provider"] == provider]
    found: dict[str, Any] = line
    return found


class Canaries:
    """Words that nobody else writes, one for each place where a person's text can stand."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def new(self, place: str) -> str:
        """A word for a place; letters alone, so that it can be a name."""
        tail = "".join(chr(ord("a") + int(digit, 16)) for digit in uuid.uuid4().hex[:12])
        self.words.append(f"Canary{place}{tail}")
        return self.words[-1]

    def resume(self) -> dict[str, Any]:
        """The sample resume with a canary in every kind of field."""
        document: dict[str, Any] = json.loads((SAMPLES / "resume.json").read_text())
        basics = document["basics"]
        basics["name"] = f"Ada {self.new('Name')}"
        basics["email"] = f"{self.new('Mail').lower()}@example.org"
        basics["summary"] = f"{basics.get('summary', '')} {self.new('Summary')}."
        work = document["work"][0]
        work["name"] = f"{work['name']} {self.new('Employer')}"
        work["highlights"] = [*work["highlights"], f"Built {self.new('Line')} in Python."]
        document["skills"][0]["keywords"].append(self.new("Skill"))
        return document

    @staticmethod
    def written(folder: Path) -> bytes:
        """All logs of a folder."""
        return b"".join(path.read_bytes() for path in folder.glob("*.log"))

    def found(self, folder: Path) -> list[tuple[str, str]]:
        """Where one of them stands in the logs, whatever its case."""
        return [
            (path.name, word)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
            for text in [path.read_bytes().lower()]
            for word in self.words
            if word.lower().encode() in text
        ]


TROUBLES: tuple[dict[str, Any], ...] = (
    {"kind": "wrong_json", "times": 2},
    {"kind": "not_json", "times": 2},
    {"kind": "status", "status": 400},
    {"kind": "status", "status": 500},
)


def pdf(*lines: str) -> bytes:
    """A page with these lines."""
    file = io.BytesIO()
    canvas = Canvas(file)
    for n, line in enumerate(lines):
        canvas.drawString(72, 760 - 16 * n, line)
    canvas.save()
    return file.getvalue()


async def logs_of(stack: Stack, folder: Path) -> Path:
    """Everything that the processes of the stack have written, one file each.

    Natively that is a folder already; containers' logs are the engine's, found by the edge's port.
    """
    if stack.kind != "compose":
        return Path(stack.logsDir)
    label = "com.docker.compose.project"
    edge = await docker("ps", "--quiet", "--filter", f"publish={urlsplit(stack.baseUrl).port}")
    project = await docker(
        "inspect", "--format", f'{{{{index .Config.Labels "{label}"}}}}', *edge.split()
    )
    names = await docker(
        "ps", "--all", "--format", "{{.Names}}", "--filter", f"label={label}={project.strip()}"
    )
    await asyncio.to_thread(folder.mkdir)
    for name in names.split():
        (folder / f"{name}.log").write_text(await docker("logs", name))
    return folder


async def docker(*arguments: str) -> str:
    """What the engine's command line answers; a container's stderr belongs to its log."""
    process = await asyncio.create_subprocess_exec(
        "docker", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output
    return output.decode(errors="replace")


async def test_no_log_has_a_word_of_a_resume_or_posting(
    new_person: NewPerson, stack: Stack, sandbox: Sandbox, posting_text: str, tmp_path: Path
) -> None:
    """Uploads, jobs that go well and jobs that go wrong: the logs know of them, not what is said.

    The canaries are looked for in everything that any process of the stack has written, its
    servers included.
    """
    canaries, person = Canaries(), await new_person()
    answer = await person.http.post("/api/resumes/", json=canaries.resume())
    assert answer.status_code == 201, answer.text
    person.resume_id = answer.json()["id"]
    said: list[str] = []

    async def job(engine: str) -> dict[str, Any]:
        word = canaries.new("Posting")
        text = f"{word} {posting_text}\n- Python and {word}\n"
        status = await person.tailored(
            jobText=text, company=canaries.new("Company"), options={"engine": engine}
        )
        said.append(status["jobId"])
        return status

    for engine in ("rules", "model", "auto"):
        assert (await job(engine))["status"] == "completed"
    for fault in TROUBLES:
        await sandbox.put("faults", {"route": "openai.chat", "script": [fault]})
        await job("auto")
    await sandbox.put("mode", {"openai": "lying"})
    await job("model")
    text = json.dumps(canaries.resume()).encode()
    assert (await person.upload("cv.json", text))["status"] == "completed"
    first, *rest = (SAMPLES / "resume.txt").read_text().splitlines()
    ends = [canaries.new("PdfLine") for _ in "123"]
    whole = pdf(f"{first} {canaries.new('PdfName')}", *rest[:40], *(f"- Built {e}." for e in ends))
    read = await person.upload("cv.pdf", whole)
    assert read["status"] == "completed", read
    broken = f"%PDF-1.7 {canaries.new('Broken')}".encode()
    assert (await person.upload("cv.pdf", broken))["status"] == "failed"
    refused = await person.http.post(
        "/api/tailor/tailor-async", json={"baseResumeId": canaries.new("Refused"), "jobText": 1}
    )
    assert refused.status_code == 422

    logs = await logs_of(stack, tmp_path / "stack")
    # The logs are those of this stack, they tell of each job, and a word in them would be found.
    written = canaries.written(logs)
    assert [job_id for job_id in said if job_id.encode() not in written] == []
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "tailor.log").write_text(canaries.words[0].upper())
    assert canaries.found(tmp_path / "control") == [("tailor.log", canaries.words[0])]
    assert len(canaries.words) > 20
    assert canaries.found(logs) == []
