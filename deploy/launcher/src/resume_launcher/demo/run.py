"""`make demo`, step by step."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from resume_core.facts import collect_facts
from resume_core.model import Resume
from resume_launcher import overview
from resume_launcher.demo import mischief
from resume_launcher.demo.api import Edge, RefusedError
from resume_launcher.demo.inputs import Inputs, read_inputs
from resume_launcher.demo.products import PRODUCTS, Product, choose
from resume_launcher.demo.render import account
from resume_launcher.demo.render.base import Known
from resume_launcher.demo.render.parse import Parsed, doubts
from resume_launcher.demo.sandbox import SAMPLE_POSTING, Sandbox
from resume_launcher.demo.screen import Screen
from resume_launcher.demo.session import Session, Status, completed
from resume_launcher.demo.written import write, write_archive
from resume_launcher.errors import LauncherError
from resume_launcher.folders import Folders
from resume_launcher.settings import StackSettings
from resume_launcher.stack import Stack
from resume_launcher.stacks import down, up
from resume_launcher.terminal import agreed

OUTPUT = "demo-output"
#: How many of a kind are shown; the files have all.
SHOWN = 6
#: Why there may be no archive, which is no failure: three an hour for each user.
NO_ARCHIVE_NOW = frozenset({"rate_limited", "export_busy"})
NAMES = {
    "tailor_resume": "tailored resume",
    "cover_letter": "cover letter",
    "interview_prep": "interview pack",
}


def demo(folders: Folders, environ: Mapping[str, str]) -> int:
    """Have the stack running, make what PRODUCT asks for, print what came of it; the exit code.

    Raises:
        LauncherError: the stack did not start, or an input is not usable.
        KeyboardInterrupt: what this call started has been stopped again.
    """
    began = time.monotonic()
    console = Console(highlight=False, markup=False, soft_wrap=True)
    products = choose(environ.get("PRODUCT"))
    settings = StackSettings.read(environ)
    inputs = read_inputs(environ, folders.repository)
    mischief.check(environ, settings.providers)
    consent(settings)
    running = up(folders, settings, console.print)
    try:
        with Sandbox(running.stack.sandbox_url) as sandbox:
            stages = [product.stage for product in products]
            trouble = mischief.choose(environ, stages, sandbox, folders, console.print)
            made = Demo(console, folders, running.stack, trouble).run(products, inputs)
            overview.print_addresses(running.stack, environ, console.print)
            console.print(f"\nTook {time.monotonic() - began:.1f} s.")
            if environ.get("KILL") or environ.get("BREAK"):
                calls = [sandbox.calls(str(status["jobId"])) for status in made]
                console.print(mischief.verdict(calls, completed=all(map(completed, made))))
    except KeyboardInterrupt:
        if running.started:
            down(folders, console.print)
        raise
    return 0 if all(map(completed, made)) else 1


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


@dataclass(slots=True)
class _Progress:
    """What orders say, by the order's field, with what the products so far added; statuses."""

    ids: dict[str, Any]
    made: list[Status] = field(default_factory=list)


class Demo:
    """The chosen products, one after another, on a running stack."""

    def __init__(
        self, console: Console, folders: Folders, stack: Stack, trouble: mischief.Mischief
    ) -> None:
        """Files are written below the repository of `folders`."""
        self._console = console
        self._screen = Screen(console)
        self._folders = folders
        self._stack = stack
        self._trouble = trouble

    def run(self, products: Sequence[Product], inputs: Inputs) -> list[Status]:
        """Make them and print what came of each; the last status of each job."""
        edge = self._sign_in()
        session = Session(edge, self._console, self._folders, self._stack, self._trouble)
        posting: dict[str, Any] = inputs.posting or {
            "jobUrl": f"{self._stack.careers_url}/{SAMPLE_POSTING}"
        }
        progress = _Progress({**posting})
        if inputs.engine:
            progress.ids["options"] = {"engine": inputs.engine}
        self._console.print()
        if any(product.resume for product in products):
            self._console.print(f"Resume: {inputs.resume}")
        if any(product.posting or product.counts_postings for product in products):
            self._console.print(f"Posting: {posting.get('jobUrl', 'pasted text')}")
        try:
            if products[0].resume and products[0].name != "parse":
                progress.ids["baseResumeId"] = self._add_resume(edge, session, inputs)
            if products[0].counts_postings:
                self._add_posting(session, inputs, progress)
            self._make(edge, session, products, inputs, progress)
            if len(products) > 1:
                self._told_of_posting(edge, inputs, progress)
                self._told_of_account(edge)
        finally:
            edge.close()
        return progress.made

    def _sign_in(self) -> Edge:
        """As the demo's user; what is broken needs a call, and so somebody without kept answers."""
        if isinstance(self._trouble, mischief.Peace):
            return Edge.sign_in(self._stack.base_url, self._folders.secret("demo-user"))
        return Edge.sign_up(self._stack.base_url)

    def _add_resume(self, edge: Edge, session: Session, inputs: Inputs) -> str:
        document = inputs.document
        if document is not None:
            return edge.add_resume(document)
        status = session.read_resume(inputs.resume)
        if not completed(status):
            session.explain(status, by_address=False)
            raise LauncherError("The resume could not be read.")
        found = Parsed.model_validate(status["result"]).doubts
        if found:
            self._screen.show(doubts(found))
        return str(status["result"]["resumeId"])

    def _add_posting(self, session: Session, inputs: Inputs, progress: _Progress) -> None:
        """Have the posting kept, so that there is one to count."""
        capture = PRODUCTS["capture"]
        status = session.make(capture, inputs, _body(capture, progress.ids))
        if not completed(status):
            session.explain(status, by_address="jobUrl" in progress.ids)
            raise LauncherError("The posting could not be read.")

    def _make(
        self,
        edge: Edge,
        session: Session,
        products: Sequence[Product],
        inputs: Inputs,
        progress: _Progress,
    ) -> None:
        self._trouble.prepare()
        try:
            for product in products:
                if len(products) > 1:
                    self._console.print(f"\n── {product.name} ──")
                status = session.make(product, inputs, _body(product, progress.ids))
                progress.made.append(status)
                if not completed(status):
                    session.explain(status, by_address="jobUrl" in progress.ids)
                    if product.name in {"parse", "capture"}:
                        return  # the others are made of these
                    continue
                _keep(product, status, progress.ids, alone=len(products) == 1)
                self._show(edge, product, status, progress)
        finally:
            self._trouble.finish()

    def _show(self, edge: Edge, product: Product, status: Status, progress: _Progress) -> None:
        known = _known(edge, progress.ids)
        self._console.print()
        self._screen.show(product.render(status, known))
        names = write(self._folders.repository / OUTPUT, product, status, known, edge)
        self._screen.show(["", f"Written to {OUTPUT}/: {', '.join(names)}"])

    def _told_of_posting(self, edge: Edge, inputs: Inputs, progress: _Progress) -> None:
        """Which resume and which letter went to the posting, as the posting itself tells it."""
        if "postingId" not in progress.ids:
            return
        posting = edge.posting(progress.ids["postingId"])
        jobs = {str(status["jobId"]): status for status in progress.made}
        name = " at ".join(filter(None, (posting.get("title"), posting.get("company"))))
        self._screen.show(["", f"What went to {name or posting['id']}:"])
        for result in reversed(posting["results"]):
            if result["jobId"] in jobs:
                made = NAMES.get(result["product"], result["product"])
                base = f"from version {result['resumeVersion']} of {inputs.resume.name}"
                beside = result.get("tailoredId")
                goes = f", goes with {beside}" if beside else ""
                self._screen.show([f"  * {made} {result['id']}, {base}{goes}"])

    def _told_of_account(self, edge: Edge) -> None:
        """What all of it cost, and everything that is held of the person as one archive."""
        self._screen.show(["", *account.lines(edge.usage())])
        try:
            archive = edge.archive()
        except RefusedError as refused:
            if refused.code not in NO_ARCHIVE_NOW:
                raise
            self._screen.show(["", f"No archive of the account this time: {refused}"])
            return
        name = write_archive(self._folders.repository / OUTPUT, archive)
        self._screen.show(["", f"Everything that is held of you: {OUTPUT}/{name}"])


def _body(product: Product, ids: Mapping[str, Any]) -> dict[str, Any]:
    """What a product's order says: the resume, and the stored posting rather than its address."""
    names = ["baseResumeId", "options"] if product.resume else []
    if product.posting:
        names += ["postingId"] if "postingId" in ids else ["jobUrl", "jobText"]
    names += ["tailoredId"] if product.goes_with_tailored else []
    return {name: ids[name] for name in names if name in ids}


def _keep(product: Product, status: Status, ids: dict[str, Any], *, alone: bool) -> None:
    """Remember what the next products are made of."""
    if product.name == "parse":
        ids["baseResumeId"] = str(status["result"]["resumeId"])
    if product.name == "tailor" and not alone:
        ids["tailoredId"] = str(status["resultId"])
    if status.get("postingId") and (product.name == "capture" or alone):
        ids["postingId"] = str(status["postingId"])


def _known(edge: Edge, ids: Mapping[str, Any]) -> Known:
    """What the result refers to: the resume's statements and the posting."""
    facts: dict[str, str] = {}
    if "baseResumeId" in ids:
        document = edge.resume(ids["baseResumeId"])["document"]
        facts = {fact.id: fact.text for fact in collect_facts(Resume.model_validate(document))}
    posting = edge.posting(ids["postingId"]) if "postingId" in ids else {}
    return Known(facts, posting, SHOWN)
