"""`make demo`, step by step."""

import json
import time
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from resume_launcher import overview
from resume_launcher.demo import mischief
from resume_launcher.demo.api import Edge
from resume_launcher.demo.inputs import Inputs, read_inputs
from resume_launcher.demo.outcome import Outcome, lines
from resume_launcher.demo.progress import display
from resume_launcher.demo.sandbox import SAMPLE_POSTING, Sandbox
from resume_launcher.errors import LauncherError
from resume_launcher.files import tail
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_launcher.stack import Stack
from resume_launcher.stacks import down, up
from resume_launcher.terminal import agreed

OUTPUT = "demo-output"
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


def demo(folders: Folders, environ: Mapping[str, str]) -> int:
    """Have the stack running, run one job, print its outcome; the exit code.

    Raises:
        LauncherError: the stack did not start, or an input is not usable.
        KeyboardInterrupt: what this call started has been stopped again.
    """
    began = time.monotonic()
    console = Console(highlight=False, markup=False, soft_wrap=True)
    settings = StackSettings.read(environ)
    inputs = read_inputs(environ, folders.repository)
    mischief.check(environ, settings.providers)
    consent(settings)
    running = up(folders, settings, console.print)
    try:
        with Sandbox(running.stack.sandbox_url) as sandbox:
            trouble = mischief.choose(environ, sandbox, folders, console.print)
            status = _Demo(console, folders, running.stack, trouble).run(inputs)
            overview.print_addresses(running.stack, environ, console.print)
            console.print(f"\nTook {time.monotonic() - began:.1f} s.")
            if environ.get("KILL") or environ.get("BREAK"):
                calls = sandbox.calls(str(status["jobId"]))
                console.print(mischief.verdict(calls, completed=_completed(status)))
    except KeyboardInterrupt:
        if running.started:
            down(folders, console.print)
        raise
    return 0 if _completed(status) else 1


def consent(settings: StackSettings) -> None:
    """Name who would get what, before it leaves this machine.

    Raises:
        LauncherError: nobody agreed.
    """
    recipients = settings.providers.recipients
    if not recipients:
        return
    told = "; ".join(f"{one.what} to {one.host}" for one in recipients)
    if not agreed(f"With the providers you have set, this is sent, at your cost: {told}. Agreed?"):
        raise LauncherError(
            f"With the providers you have set, this would be sent: {told}. Nothing was sent. "
            "YES=1 agrees; without their variables the local stand-ins are used."
        )


class _Demo:
    """One job on a running stack."""

    def __init__(
        self,
        console: Console,
        folders: Folders,
        stack: Stack,
        trouble: mischief.Mischief,
    ) -> None:
        self._console = console
        self._folders = folders
        self._stack = stack
        self._trouble = trouble

    def run(self, inputs: Inputs) -> Status:
        """Run it and print what came of it; the last status of the job."""
        edge = self._sign_in()
        try:
            self._console.print(f"\nResume: {inputs.resume}")
            resume_id = self._add_resume(edge, inputs)
            posting = inputs.posting or {"jobUrl": f"{self._stack.careers_url}/{SAMPLE_POSTING}"}
            self._console.print(f"Posting: {posting.get('jobUrl', 'pasted text')}")
            status = self._tailor(edge, resume_id, posting)
            if _completed(status):
                self._print(edge, status)
            else:
                self._explain(status, by_address="jobUrl" in posting)
        finally:
            edge.close()
        return status

    def _sign_in(self) -> Edge:
        """As the demo's user; what is broken needs a call, and so somebody without kept answers."""
        if isinstance(self._trouble, mischief.Peace):
            return Edge.sign_in(self._stack.base_url, self._folders.secret("demo-user"))
        return Edge.sign_up(self._stack.base_url)

    def _add_resume(self, edge: Edge, inputs: Inputs) -> str:
        document = inputs.document
        if document is not None:
            return edge.add_resume(document)
        status = self._follow(edge, "resumes", edge.upload_resume(inputs.resume))
        if not _completed(status):
            self._explain(status, by_address=False)
            raise LauncherError("The resume could not be read.")
        for doubt in status["result"].get("doubts", ()):
            self._console.print(f"  Please check: {doubt.get('reason') or doubt}")
        return str(status["result"]["resumeId"])

    def _tailor(self, edge: Edge, resume_id: str, posting: dict[str, str]) -> Status:
        self._trouble.prepare()
        try:
            return self._follow(edge, "tailor", edge.tailor(resume_id, posting))
        finally:
            self._trouble.finish()

    def _follow(self, edge: Edge, kind: str, job_id: str) -> Status:
        status: Status = {}
        with display(self._console) as shown:
            for status in edge.follow(kind, job_id):
                shown.show(int(status["progress"]), str(status["message"]))
                self._trouble.notice(status)
        return status

    def _print(self, edge: Edge, status: Status) -> None:
        self._console.print()
        for line in lines(Outcome.of(status)):
            self._console.print(line)
        for note in status.get("notes", ()):
            if note.get("unavailable"):
                self._console.print(f"Not to be had: {note['stage']} ({note['unavailable']})")
        folder = self._folders.repository / OUTPUT
        folder.mkdir(exist_ok=True)
        result = status["result"]
        (folder / "result.json").write_text(_pretty(result), encoding="utf-8")
        (folder / "tailored.json").write_text(_pretty(result["resume"]), encoding="utf-8")
        markdown = edge.export_markdown(str(status["resultId"]))
        (folder / "tailored.md").write_text(markdown, encoding="utf-8")
        self._console.print(f"\nWritten: {OUTPUT}/tailored.md, tailored.json, result.json")

    def _explain(self, status: Status, *, by_address: bool) -> None:
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


def _completed(status: Status) -> bool:
    return bool(status["status"] == "completed")


def _pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
