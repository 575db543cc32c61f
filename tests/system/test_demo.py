"""`make demo PRODUCT=all` over the running stack: what a person sees, and the files they get."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from resume_launcher.demo.inputs import Inputs
from resume_launcher.demo.products import choose
from resume_launcher.demo.run import OUTPUT, Demo
from resume_launcher.demo.session import completed
from resume_launcher.folders import Folders
from resume_launcher.stack import Stack

from .conftest import SAMPLES, Sandbox
from .conftest import Stack as Described

pytestmark = [pytest.mark.system, pytest.mark.timeout(240)]

WIDTH = 90
DOCUMENTS = {"tailored.pdf", "tailored.docx", "tailored.md", "tailored.json", "cover-letter.txt"}


class Untroubled:
    """Breaks nothing; unlike `Peace` it is somebody new each time."""

    def prepare(self) -> None:
        """Nothing to do."""

    def notice(self, status: object) -> None:
        """Nothing to do."""

    def finish(self) -> None:
        """Nothing to do."""


def run(stack: Described, folder: Path, product: str, posting: dict[str, str] | None) -> str:
    """What the demo prints of a product that it makes."""
    out = io.StringIO()
    console = Console(file=out, width=WIDTH, highlight=False, markup=False, soft_wrap=True)
    folders = Folders(folder, folder / "state", folder / "build" / "stack.json")
    demo = Demo(console, folders, Stack.model_validate(stack.document), Untroubled())
    products = choose(product)
    made = demo.run(products, Inputs(SAMPLES / "resume.pdf", posting))
    assert len(made) == len(products)
    assert all(map(completed, made)), out.getvalue()
    return out.getvalue()


def tailored_id(ended: str) -> str:
    """The tailored resume that went to the posting."""
    found = re.search(r"tailored resume (\S+), from version 1 of resume.pdf", ended)
    assert found
    return found[1]


async def test_all_products_are_made_of_one_resume_and_posting(
    stack: Described, sandbox: Sandbox, tmp_path: Path
) -> None:
    text = run(stack, tmp_path, "all", None)
    for product in choose("all"):
        assert f"── {product.name} ──" in text
    assert text.count("Receipt: ") == len(choose("all"))
    assert "Resume of Mara Lindqvist, read from pdf" in text
    assert "Posting: Senior Backend Engineer, Fleet Platform at Northwind Robotics" in text
    assert re.search(r"Match: \d+ → \d+ tailored, honest ceiling \d+", text)
    assert "What proves it:" in text
    assert "Be ready to defend this" in text
    assert re.search(r"\(1 of 1\)", text)
    folder = tmp_path / OUTPUT
    assert {file.name for file in folder.iterdir()} >= DOCUMENTS
    assert (folder / "tailored.pdf").read_bytes().startswith(b"%PDF")
    ended = " ".join(text[text.index("What went to ") :].split())
    assert re.search(r"Spent: [1-6] jobs, \d+ calls, \d+ tokens, 0\.\d{4} USD", ended)
    assert "Budget: no limit is set." in ended
    with zipfile.ZipFile(folder / "account.zip") as archive:
        assert archive.testzip() is None
        assert f"account.zip ({len(archive.namelist())} files)" in ended
        assert any(f"{tailored_id(ended)}/document.md" in name for name in archive.namelist())
    results = [f"{p}-result.json" for p in ("tailor", "cover-letters", "interview-prep")]
    assert all(json.loads((folder / name).read_text()) for name in results)
    assert f"goes with {tailored_id(ended)}" in ended[ended.index("cover letter") :]
    assert all(len(line) <= WIDTH for line in text.splitlines() if "://" not in line)


@pytest.mark.parametrize("product", ["tailor", "cover-letters", "interview-prep", "career-path"])
async def test_each_product_stands_alone(
    stack: Described, sandbox: Sandbox, tmp_path: Path, product: str
) -> None:
    posting = {"jobUrl": sandbox.posting("unusual/german")}
    text = run(stack, tmp_path, product, posting)
    assert f"Posting: {posting['jobUrl']}" in text
    assert f"{product}-outcome.txt" in {file.name for file in (tmp_path / OUTPUT).iterdir()}
    assert "What went to" not in text
