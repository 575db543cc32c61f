"""Whose resume and which posting: RESUME= and POSTING=, or the samples of the repository."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from resume_launcher.errors import LauncherError

SAMPLE_RESUME = Path("deploy/samples/resume.pdf")
LARGEST_RESUME = 5 * 1024 * 1024
ENGINES = ("auto", "model", "rules")


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the demo's job is made from.

    Attributes:
        resume: a file.
        posting: the request's field that names the posting, and its value; None: the sample.
        engine: who writes; None: the API's default.
    """

    resume: Path
    posting: dict[str, str] | None
    engine: str | None = None

    @property
    def document(self) -> dict[str, Any] | None:
        """The resume as JSON Resume, when the file is one."""
        if self.resume.suffix.lower() != ".json":
            return None
        try:
            document = json.loads(self.resume.read_text(encoding="utf-8"))
        except ValueError:
            raise LauncherError(f"RESUME: {self.resume} is not JSON") from None
        if not isinstance(document, dict):
            raise LauncherError(f"RESUME: {self.resume} is no JSON Resume (it holds no object)")
        return document


def read_inputs(environ: Mapping[str, str], repository: Path) -> Inputs:
    """What RESUME, POSTING and ENGINE name; without RESUME the sample in `repository`.

    Raises:
        LauncherError: a file is missing, empty or too large, or there is no such engine.
    """
    engine = environ.get("ENGINE") or None
    if engine not in {None, *ENGINES}:
        raise LauncherError(f"ENGINE: {', '.join(ENGINES)}, not {engine!r}")
    resume = Path(environ.get("RESUME") or repository / SAMPLE_RESUME).expanduser()
    if not resume.is_file():
        raise LauncherError(f"RESUME: there is no file {resume}")
    if resume.stat().st_size > LARGEST_RESUME:
        raise LauncherError(f"RESUME: {resume} is larger than 5 MiB")
    return Inputs(resume, _posting(environ.get("POSTING", "")), engine)


def _posting(given: str) -> dict[str, str] | None:
    if not given:
        return None
    if given.startswith(("http://", "https://")):
        if not _names_host(given):
            raise LauncherError(f"POSTING: {given} is not a whole web address")
        return {"jobUrl": given}
    if given == "-":
        return {"jobText": _text(sys.stdin.read(), "stdin")}
    path = Path(given).expanduser()
    if not path.is_file():
        raise LauncherError(f"POSTING: {given} is neither an http(s) address nor a file")
    return {"jobText": _text(path.read_text(encoding="utf-8", errors="replace"), given)}


def _names_host(url: str) -> bool:
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def _text(text: str, name: str) -> str:
    if not text.strip():
        raise LauncherError(f"POSTING: {name} is empty")
    return text
