import json
import re
from typing import Any

import httpx2
import pytest

GERMAN = "für unsere Plattform suchen wir jemanden"
TITLES = {
    "german": "Softwareentwickler (m/w/d) Logistikplattform",
    "french": "Responsable e-commerce (H/F)",
    "japanese": "バックエンドエンジニア(東京)",
}


async def items(http: httpx2.AsyncClient, name: str) -> list[Any]:
    page = (await http.get(f"/careers/unusual/{name}")).text
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.mark.parametrize(
    ("name", "charset", "header"),
    [
        ("german", "utf-8", "text/html; charset=utf-8"),
        ("german-windows-1252-meta", "windows-1252", "text/html"),
        ("german-windows-1252-header", "windows-1252", "text/html; charset=windows-1252"),
        ("german-utf-16", "utf-16", "text/html"),
        ("french", "utf-8", "text/html; charset=utf-8"),
        ("french-windows-1252-meta", "windows-1252", "text/html"),
        ("japanese", "utf-8", "text/html; charset=utf-8"),
        ("japanese-shift_jis-meta", "shift_jis", "text/html"),
        ("japanese-shift_jis-header", "shift_jis", "text/html; charset=shift_jis"),
        ("japanese-utf-16", "utf-16", "text/html"),
    ],
)
async def test_page_is_in_its_encoding(
    http: httpx2.AsyncClient, name: str, charset: str, header: str
) -> None:
    answer = await http.get(f"/careers/unusual/{name}")

    text = answer.content.decode(charset)
    assert TITLES[name.split("-", maxsplit=1)[0]] in text
    assert answer.headers["content-type"] == header
    assert ("<meta charset=" in text) == (name.endswith("-meta") or charset == "utf-8")
    if charset != "utf-8":
        with pytest.raises(UnicodeDecodeError):
            answer.content.decode("utf-8")


async def test_graph_holds_the_posting_among_others(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "graph")

    kinds = [node["@type"] for node in item["@graph"]]
    assert kinds == ["Organization", "BreadcrumbList", "JobPosting"]


async def test_string_fields_are_strings(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "string-fields")

    for key in ("hiringOrganization", "jobLocation", "employmentType", "baseSalary"):
        assert isinstance(item[key], str)


async def test_list_fields_are_lists(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "list-fields")

    for key in ("@type", "title", "description", "hiringOrganization", "employmentType"):
        assert isinstance(item[key], list)


async def test_item_list_holds_all_postings(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "item-list")

    assert [one["item"]["@type"] for one in item["itemListElement"]] == ["JobPosting"] * 3


async def test_past_posting_says_so(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "past")

    assert item["validThrough"] < "2025"


async def test_escaped_description_is_escaped(http: httpx2.AsyncClient) -> None:
    (item,) = await items(http, "escaped")

    assert item["description"].startswith("&lt;p&gt;")


@pytest.mark.parametrize("name", ["commented", "trailing-comma"])
async def test_odd_json_ld_is_no_json(http: httpx2.AsyncClient, name: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        await items(http, name)


async def test_framed_posting_is_a_page_of_its_own(http: httpx2.AsyncClient) -> None:
    page = (await http.get("/careers/unusual/framed")).text

    (source,) = re.findall(r'<iframe src="([^"]+)"', page)
    assert "JobPosting" not in page
    assert "JobPosting" in (await http.get(source)).text


@pytest.mark.parametrize("name", ["posting", "json-ld", "inward", "loop"])
async def test_scripted_page_shows_nothing_by_itself(http: httpx2.AsyncClient, name: str) -> None:
    page = (await http.get(f"/careers/scripted/{name}")).text

    assert re.sub(r"<(script|style|title).*?</\1>|<[^>]+>", "", page).strip() == ""
    assert "Docker" not in page


async def test_scripts_find_what_they_ask_for(http: httpx2.AsyncClient) -> None:
    posting = await http.get("/careers/scripted/posting.json")
    item = await http.get("/careers/scripted/posting.jsonld")
    script = await http.get("/careers/scripted/render.js")
    file = await http.get("/careers/scripted/file.bin")

    assert "Docker and Kubernetes" in posting.json()["descriptionHtml"]
    assert item.json()["@type"] == "JobPosting"
    assert script.headers["content-type"].startswith("text/javascript")
    assert file.headers["content-disposition"].startswith("attachment")
