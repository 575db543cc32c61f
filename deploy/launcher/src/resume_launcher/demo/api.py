"""The demo's client of the edge API: it knows what any client may know, and nothing more."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx2

from resume_launcher.errors import LauncherError
from resume_launcher.files import secret_file

EMAIL = "demo@example.com"
TIMEOUT_S = 60.0
#: How long one poll may be held open by the server; short, so that the clock in the bar is alive.
WAIT_S = 10
DONE = frozenset({"completed", "failed", "cancelled"})

Json = dict[str, Any]


class RefusedError(LauncherError):
    """The edge refused a request.

    Attributes:
        code: the problem's stable code, when it had one.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Edge:
    """A signed-in client of the gateway."""

    def __init__(self, client: httpx2.Client) -> None:
        self._client = client

    @classmethod
    def sign_in(cls, base_url: str, password_file: Path) -> Self:
        """Sign the demo's user in, or up the first time; the password is random and kept.

        Raises:
            RefusedError: the identity service refused.
        """
        client = _client(base_url)
        credentials = {"email": EMAIL, "password": secret_file(password_file)}
        answer = client.post("/auth/v1/token", params={"grant_type": "password"}, json=credentials)
        if answer.status_code in {400, 401}:
            answer = client.post("/auth/v1/signup", json=credentials)
        return cls._with_token(client, answer)

    @classmethod
    def sign_up(cls, base_url: str) -> Self:
        """Sign somebody new up, for whom no earlier answer of a model is kept.

        Raises:
            RefusedError: the identity service refused.
        """
        client = _client(base_url)
        name = secrets.token_hex(8)
        credentials = {"email": f"{name}@example.com", "password": secrets.token_urlsafe(24)}
        return cls._with_token(client, client.post("/auth/v1/signup", json=credentials))

    @classmethod
    def _with_token(cls, client: httpx2.Client, answer: httpx2.Response) -> Self:
        token = _checked(answer)["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        return cls(client)

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def add_resume(self, document: Json) -> str:
        """Store a JSON Resume; its id."""
        created = _checked(self._client.post("/api/resumes/", json=document))
        return str(created["id"])

    def upload_resume(self, path: Path) -> str:
        """Upload a resume file to be read; the id of the job that reads it."""
        with path.open("rb") as file:
            answer = self._client.post(
                "/api/resumes/upload",
                files={"file": (path.name, file)},
                headers={"Idempotency-Key": secrets.token_hex(16)},
            )
        return str(_checked(answer)["jobId"])

    def resume(self, resume_id: str) -> Json:
        """A stored resume with its document."""
        return _checked(self._client.get(f"/api/resumes/{resume_id}"))

    def posting(self, posting_id: str) -> Json:
        """A stored posting, what it asks for and what was made for it."""
        return _checked(self._client.get(f"/api/jobs/{posting_id}"))

    def order(self, prefix: str, path: str, body: Json) -> str:
        """Order a product; the job's id."""
        answer = self._client.post(
            f"/api/{prefix}/{path}",
            json=body,
            headers={"Idempotency-Key": secrets.token_hex(16)},
        )
        return str(_checked(answer)["jobId"])

    def follow(self, kind: str, job_id: str) -> Iterator[Json]:
        """Every status of a job until it is over; `kind` is the prefix of its product.

        A connection that breaks is tried again: the job does not depend on it.
        """
        version: str | None = None
        failures = 0
        while True:
            headers = {"If-None-Match": version} if version else {}
            try:
                answer = self._client.get(
                    f"/api/{kind}/job/{job_id}", params={"wait": WAIT_S}, headers=headers
                )
            except httpx2.TransportError:
                failures += 1
                if failures > 30:
                    raise LauncherError("the gateway does not answer any more") from None
                continue
            if answer.status_code in {304, 502, 503, 504}:
                continue
            failures = 0
            status = _checked(answer)
            version = answer.headers.get("ETag")
            yield status
            if status["status"] in DONE:
                return

    def usage(self) -> Json:
        """What the account spent, and may still."""
        return _checked(self._client.get("/api/account/usage"))

    def archive(self) -> bytes:
        """Everything that is held of the account, as a ZIP archive.

        Raises:
            RefusedError: no archive is made now.
        """
        answer = self._client.get("/api/account/export")
        if not answer.is_success:
            _checked(answer)
        return answer.content

    def export(self, prefix: str, result_id: str, file_format: str) -> bytes | None:
        """A stored result as a file; None when the product is not offered as one.

        Raises:
            RefusedError: the file could not be made.
        """
        answer = self._client.get(
            f"/api/{prefix}/results/{result_id}/export", params={"format": file_format}
        )
        if answer.status_code == 404:
            return None
        if answer.status_code != 200:
            _checked(answer)
        return answer.content


def _client(base_url: str) -> httpx2.Client:
    return httpx2.Client(base_url=base_url, timeout=TIMEOUT_S, trust_env=False)


def _checked(answer: httpx2.Response) -> Json:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if answer.is_success and isinstance(body, dict):
        return body
    problem = body if isinstance(body, dict) else {}
    code = str(problem.get("code") or problem.get("error_code") or answer.status_code)
    said = problem.get("detail") or problem.get("title") or problem.get("msg")
    path = answer.request.url.path
    raise RefusedError(code, f"{path} was refused ({code}): {said or 'no reason given'}")
