from typing import Any

import httpx2
import pytest

SCHEMA = {
    "type": "object",
    "properties": {
        "title": {"type": "string"},
        "company": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "location": {"type": ["string", "null"]},
        "description": {"type": "string"},
        "salary": {
            "type": "object",
            "properties": {
                "min": {"type": ["number", "null"]},
                "max": {"type": ["number", "null"]},
                "currency": {"type": ["string", "null"]},
            },
        },
        "remote": {"type": "boolean"},
        "requirements": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["title"],
}
TITLE = "Senior Backend Engineer, Fleet Platform"


async def scrape(
    http: httpx2.AsyncClient, url: str, path: str = "/firecrawl/v2/scrape", **more: Any
) -> httpx2.Response:
    body = {"url": url, "formats": ["markdown", {"type": "json", "schema": SCHEMA}], **more}
    return await http.post(path, json=body, headers={"authorization": "Bearer fc-x"})


async def put_fault(http: httpx2.AsyncClient, **step: Any) -> None:
    script = {"route": "firecrawl.scrape", "script": [step]}
    (await http.put("/_sandbox/faults", json=script)).raise_for_status()


@pytest.mark.parametrize("path", ["/firecrawl/v2/scrape", "/v2/scrape"])
async def test_posting_is_scraped(http: httpx2.AsyncClient, url: str, path: str) -> None:
    page = f"{url}/careers/northwind-robotics/senior-backend-engineer"

    answer = await scrape(http, page, path)

    data = answer.json()["data"]
    assert data["markdown"].startswith(f"# {TITLE}\n\n")
    assert "\n\n- Docker and Kubernetes in daily work\n\n" in data["markdown"]
    assert data["json"]["title"] == TITLE
    assert data["json"]["company"] == "Northwind Robotics"
    assert data["json"]["location"] == "Berlin"
    assert data["json"]["salary"] == {"min": 78000, "max": 92000, "currency": "EUR"}
    assert "REST API design" in data["json"]["requirements"]
    metadata = data["metadata"]
    assert (metadata["statusCode"], metadata["sourceURL"]) == (200, page)
    assert metadata["creditsUsed"] == 5


@pytest.mark.parametrize("name", ["posting", "late", "private", "websocket", "download", "dialog"])
async def test_page_is_scraped_after_its_script(
    http: httpx2.AsyncClient, url: str, name: str
) -> None:
    data = (await scrape(http, f"{url}/careers/scripted/{name}")).json()["data"]

    assert data["json"]["title"] == TITLE
    assert "Docker and Kubernetes" in data["markdown"]
    assert data["json"]["location"] is None, "it is told by JSON-LD only"


@pytest.mark.parametrize("path", ["scripted/loop", "trouble/slow"])
async def test_page_without_end_times_out(http: httpx2.AsyncClient, url: str, path: str) -> None:
    answer = await scrape(http, f"{url}/careers/{path}", timeout=1000)

    assert (answer.status_code, answer.json()["code"]) == (408, "SCRAPE_TIMEOUT")


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("trouble/endless", "SCRAPE_ALL_ENGINES_FAILED"),
        ("trouble/loop", "SCRAPE_SITE_ERROR"),
        ("trouble/inward", "SCRAPE_SITE_ERROR"),
        ("scripted/file.bin", "SCRAPE_UNSUPPORTED_FILE_ERROR"),
    ],
)
async def test_page_that_cannot_be_scraped(
    http: httpx2.AsyncClient, url: str, path: str, code: str
) -> None:
    answer = await scrape(http, f"{url}/careers/{path}")

    assert (answer.status_code, answer.json()["code"]) == (500, code)


async def test_elsewhere_has_no_address(http: httpx2.AsyncClient) -> None:
    answer = await scrape(http, "https://jobs.example.com/careers/1")

    assert answer.json()["code"] == "SCRAPE_DNS_RESOLUTION_ERROR"


@pytest.mark.parametrize(
    ("path", "status"), [("trouble/removed", 404), ("trouble/expired", 410), ("nobody", 404)]
)
async def test_status_of_the_page_is_in_its_metadata(
    http: httpx2.AsyncClient, url: str, path: str, status: int
) -> None:
    answer = await scrape(http, f"{url}/careers/{path}")

    assert answer.status_code == 200
    assert answer.json()["data"]["metadata"]["statusCode"] == status


async def test_login_yields_no_posting(http: httpx2.AsyncClient, url: str) -> None:
    data = (await scrape(http, f"{url}/careers/trouble/login-redirect")).json()["data"]

    assert (data["json"]["title"], data["json"]["company"]) == ("", None)
    assert data["metadata"]["url"].endswith("/careers/trouble/login")


@pytest.mark.parametrize(
    "name", ["japanese", "japanese-shift_jis-meta", "japanese-shift_jis-header", "japanese-utf-16"]
)
async def test_page_is_decoded(http: httpx2.AsyncClient, url: str, name: str) -> None:
    data = (await scrape(http, f"{url}/careers/unusual/{name}")).json()["data"]

    assert data["json"]["title"] == "バックエンドエンジニア(東京)"
    assert data["metadata"]["language"] == "ja"


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://x.example", "formats": ["json"]},
        {"url": "http://x.example", "jsonOptions": {"schema": {}}},
        {"url": "http://x.example", "timeout": 45},
        {"url": "ftp://x.example"},
        {"url": "nonsense"},
        {},
    ],
)
async def test_wrong_request_is_refused(http: httpx2.AsyncClient, body: dict[str, Any]) -> None:
    answer = await http.post(
        "/firecrawl/v2/scrape", json=body, headers={"authorization": "Bearer fc-x"}
    )

    assert answer.status_code == 400
    assert (answer.json()["success"], answer.json()["code"]) == (False, "BAD_REQUEST")
    assert answer.json()["details"]


async def test_missing_key_is_unauthorised(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/firecrawl/v2/scrape", json={})

    assert answer.status_code == 401
    assert answer.json() == {"success": False, "error": "Unauthorized: Invalid token"}


async def test_faults_of_a_scrape(http: httpx2.AsyncClient, url: str) -> None:
    page = f"{url}/careers/northwind-robotics/technical-writer"

    await put_fault(http, kind="target_status", status=404)
    gone = (await scrape(http, page)).json()
    await put_fault(http, kind="no_json")
    bare = (await scrape(http, page)).json()
    await put_fault(http, kind="unsuccessful")
    failed = await scrape(http, page)
    await put_fault(http, kind="wrong_schema")
    wrong = (await scrape(http, page)).json()

    assert gone["data"]["metadata"]["statusCode"] == 404
    assert "json" not in bare["data"]
    assert bare["data"]["warning"]
    assert (failed.status_code, failed.json()["success"]) == (200, False)
    assert "title" not in wrong["data"]["json"]
