"""The demo's jobs on a running stack: ordered, followed with a bar, explained when they fail."""

from pathlib import Path
from typing import Any

from rich.console import Console

from resume_launcher.demo import mischief
from resume_launcher.demo.api import Edge
from resume_launcher.demo.inputs import Inputs
from resume_launcher.demo.products import Product
from resume_launcher.demo.progress import display
from resume_launcher.files import tail
from resume_launcher.folders import Folders
from resume_launcher.stack import Stack

FAILURE_LINES = 20
#: Failures that one of our own processes is to blame for, so that its log helps.
OURS = frozenset({"internal_error", "worker_killed"})
PASTE = "Save its text in a file and run:  make demo POSTING=that-file.txt"
ADVICE = {
    "posting_forbidden": PASTE,
    "posting_unreachable": f"Check the address. {PASTE}",
    "posting_ambiguous": "Open the one you mean and run:  make demo POSTING=its-address",
    "posting_empty": PASTE,
    "posting_not_html": PASTE,
    "posting_too_large": PASTE,
    "url_not_allowed": PASTE,
    "posting_not_found": "Check the address; a posting that was taken down cannot be read.",
}

Status = dict[str, Any]


class Session:
    """A signed-in user's jobs, one after another."""

    def __init__(
        self,
        edge: Edge,
        console: Console,
        folders: Folders,
        stack: Stack,
        trouble: mischief.Mischief,
    ) -> None:
        self._edge = edge
        self._console = console
        self._folders = folders
        self._stack = stack
        self._trouble = trouble

    def read_resume(self, path: Path) -> Status:
        """Upload a resume file and have it read."""
        return self._follow("resumes", self._edge.upload_resume(path))

    def make(self, product: Product, inputs: Inputs, body: dict[str, Any]) -> Status:
        """Order a product and wait for the end of its job."""
        if product.prefix == "resumes":
            return self.read_resume(inputs.resume)
        return self._follow(product.prefix, self._edge.order(product.prefix, product.order, body))

    def explain(self, status: Status, *, by_address: bool) -> None:
        """Say why a job came to nothing."""
        error = status.get("error") or {}
        code = str(error.get("code", status["status"]))
        self._console.print(f"\nNo result: {error.get('message') or status['message']} ({code})")
        if by_address and code in ADVICE:
            self._console.print(ADVICE[code])
        if code in OURS:
            name = str(status.get("stage") or "gateway").split(".")[0]
            if self._stack.kind == "compose":
                self._console.print(f"See:  make logs S={name}")
                return
            self._console.print(f"The end of the log of {name}:")
            for line in tail(self._folders.logs / f"{name}.log", FAILURE_LINES):
                self._console.print(f"  {line}")

    def _follow(self, kind: str, job_id: str) -> Status:
        status: Status = {}
        with display(self._console) as shown:
            for status in self._edge.follow(kind, job_id):
                shown.show(int(status["progress"]), str(status["message"]))
                self._trouble.notice(status)
        return status


def completed(status: Status) -> bool:
    """Whether a job came to its result."""
    return bool(status["status"] == "completed")
