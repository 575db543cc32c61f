"""Kinds of pages of the sandbox, and what each route makes of them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A page below `/careers/`, or a board's public address; the outcomes by column."""

    page: str
    expected: tuple[str, str, str]
    title: str

    def address(self, sandbox: str) -> str:
        return self.page if "://" in self.page else f"{sandbox}/careers/{self.page}"


_SENIOR = "Senior Backend Engineer, Fleet Platform"
#: Outcomes with our own fetch, with Firecrawl, with Chromium; then the pages that have them.
_TABLE = {
    ("json_ld", "json_ld", "json_ld"): """
        northwind-robotics/senior-backend-engineer northwind-robotics/site-reliability-engineer
        unusual/graph unusual/string-fields unusual/list-fields unusual/several-scripts unusual/past
        unusual/escaped unusual/commented unusual/trailing-comma
        unusual/german unusual/french unusual/japanese trouble/moved""",
    ("page_text", "firecrawl", "rendered"): """
        northwind-robotics/technical-writer
        unusual/german-text unusual/german-windows-1252-meta unusual/german-windows-1252-header
        unusual/german-utf-16 unusual/french-text unusual/french-windows-1252-meta
        unusual/french-windows-1252-header unusual/french-utf-16
        unusual/japanese-text unusual/japanese-shift_jis-meta unusual/japanese-shift_jis-header
        unusual/japanese-utf-16 trouble/raw-newlines trouble/hidden-by-link""",
    ("page_text", "page_text", "rendered"): "trouble/hidden-orders trouble/hidden-by-class",
    ("posting_empty", "firecrawl", "rendered"): """
        scripted/posting scripted/late scripted/private scripted/websocket scripted/download
        scripted/service-worker scripted/dialog scripted/windows""",
    ("posting_empty", "posting_empty", "rendered"): "unusual/framed scripted/json-ld",
    ("posting_empty", "posting_empty", "url_not_allowed"): "scripted/inward",
    ("posting_empty",) * 3: """
        scripted/loop scripted/memory scripted/requests scripted/reload trouble/nothing""",
    ("posting_not_found",) * 3: "unusual/past-text trouble/removed trouble/expired",
    ("posting_forbidden",) * 3: "trouble/login trouble/login-redirect trouble/forbidden",
    ("posting_ambiguous",) * 3: "unusual/item-list unusual/several-text trouble/several",
    ("posting_server_error",) * 3: "trouble/broken",
    ("posting_not_html",) * 3: "trouble/brochure.pdf",
    ("posting_too_large",) * 3: "trouble/endless trouble/huge trouble/too-long",
    ("posting_unreachable",) * 3: "trouble/slow",
    ("too_many_redirects", "firecrawl", "rendered"): "trouble/moved-often",
    ("too_many_redirects",) * 3: "trouble/loop",
    ("url_not_allowed",) * 3: "trouble/inward",
    ("board", "board", "board"): """
        https://boards.greenhouse.io/northwind-robotics/jobs/4443561136
        https://jobs.lever.co/northwind-robotics/aba4317f-aa02-52e4-8c6c-f1fbd7d02d60
        https://jobs.ashbyhq.com/northwind-robotics/19240bab-3ca5-5da6-9b1f-c297e21633c2""",
}
_TITLES = {
    "northwind-robotics/site-reliability-engineer": "Site Reliability Engineer",
    "northwind-robotics/technical-writer": "Technical Writer",
    "trouble/hidden-orders": "Technical Writer",
    "trouble/hidden-by-class": "Technical Writer",
    "trouble/hidden-by-link": "Technical Writer",
}


_LANGUAGES = {
    "unusual/german": "Softwareentwickler (m/w/d) Logistikplattform",
    "unusual/french": "Responsable e-commerce (H/F)",
    "unusual/japanese": "バックエンドエンジニア(東京)",
}


def _title(page: str) -> str:
    for prefix, title in _LANGUAGES.items():
        if page.startswith(prefix):
            return title
    return _TITLES.get(page, _SENIOR)


KINDS = tuple(
    Kind(page, expected, _title(page))
    for expected, pages in _TABLE.items()
    for page in pages.split()
)
