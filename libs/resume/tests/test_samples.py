"""The sample files of the demo: current, and read back to the very same person."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

from resume_core.importing import import_resume
from resume_core.jsonresume import parse_json_resume, to_json_resume
from resume_core.model import Resume
from resume_core.render import to_text

from .scoring import FIELDS, f1

SAMPLES = Path(__file__).parents[3] / "deploy" / "samples"


def source() -> Resume:
    return parse_json_resume(json.loads((SAMPLES / "resume.json").read_text(encoding="utf-8")))


def make() -> ModuleType:
    """The script that writes the samples, loaded from where it lies."""
    spec = importlib.util.spec_from_file_location("make_samples", SAMPLES / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["resume.pdf", "resume.docx", "resume.txt"])
def test_sample_reads_back(name: str) -> None:
    label = source()
    imported = import_resume((SAMPLES / name).read_bytes(), name).resume
    assert {field: f1([(label, imported)], field) for field in FIELDS} == dict.fromkeys(FIELDS, 1.0)
    fields = to_json_resume(label)["basics"]
    assert to_json_resume(imported)["basics"] == fields
    assert [entry.name for entry in imported.projects] == ["Balkonkraft", "queue-lens"]
    assert [entry.issuer for entry in imported.certificates] == ["Amazon Web Services"]
    assert [entry.language for entry in imported.languages] == ["Swedish", "German", "English"]


def test_sample_is_as_its_script_writes_it() -> None:
    script, resume = make(), source()
    assert (SAMPLES / "resume.txt").read_text(encoding="utf-8") == to_text(resume)
    assert (SAMPLES / "resume.pdf").read_bytes() == script.to_pdf(resume)
    drawn = import_resume(script.to_docx(resume), "cv.docx").resume
    assert drawn == import_resume((SAMPLES / "resume.docx").read_bytes(), "cv.docx").resume


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("Postgres", "PostgreSQL"), ("k8s", "Kubernetes"), ("RabbitMQ", "RabbitMQ")],
)
def test_posting_asks_in_its_own_words_for_what_the_resume_has(ours: str, theirs: str) -> None:
    posting = (SAMPLES / "posting.txt").read_text(encoding="utf-8")
    resume = json.dumps(to_json_resume(source()))
    assert theirs in posting
    assert ours in resume
    assert ours == theirs or theirs not in resume


@pytest.mark.parametrize("gap", ["Terraform", "gRPC", "ROS 2", "Kafka"])
def test_posting_asks_for_what_the_resume_does_not_have(gap: str) -> None:
    assert gap in (SAMPLES / "posting.txt").read_text(encoding="utf-8")
    assert gap not in json.dumps(to_json_resume(source()))
