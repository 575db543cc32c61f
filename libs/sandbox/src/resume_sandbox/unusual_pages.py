"""Honest postings in forms that readers of postings stumble over."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from starlette.responses import HTMLResponse, Response

from resume_sandbox.career_pages import description, job_posting, json_ld, page, posting_page
from resume_sandbox.companies import Companies, Company, ForeignPosting, Posting

_BASE: Final = "/careers/unusual"


class UnusualPages:
    """Other JSON-LD, other encodings, other languages."""

    title: Final = "Postings in unusual forms"

    def __init__(self, companies: Companies, foreign: Iterable[ForeignPosting]) -> None:
        self._company = companies.all[0]
        self._posting = self._company.postings[0]
        self._pages: dict[str, tuple[str, Callable[[], Response]]] = {
            "graph": ("JSON-LD in a @graph", self._graph),
            "string-fields": ("JSON-LD with strings for objects", self._string_fields),
            "list-fields": ("JSON-LD with lists for single values", self._list_fields),
            "several-scripts": ("two JSON-LD elements, the first no posting", self._scripts),
            "item-list": ("JSON-LD list of all positions", self._item_list),
            "several-text": ("several positions, no JSON-LD", self._several_text),
            "past": ("JSON-LD whose validThrough has passed", self._past),
            "past-text": ("200 that says the position is filled", self._past_text),
            "escaped": ("JSON-LD with entity-escaped HTML", self._escaped),
            "commented": ("JSON-LD in an HTML comment", self._commented),
            "trailing-comma": ("JSON-LD with a trailing comma, readable text", self._comma),
            "framed": ("the posting is in an iframe", self._framed),
        }
        for one in foreign:
            company = companies.get(one.company)
            assert company is not None  # noqa: S101  the package's own data
            self._add_language(one, company)

    def list(self) -> list[tuple[str, str, str]]:
        """(address, name, what it is) of each page."""
        return [(f"{_BASE}/{name}", name, what) for name, (what, _) in self._pages.items()]

    def answer(self, name: str) -> Response | None:
        """The answer of a page; None when there is no such page."""
        found = self._pages.get(name)
        return found[1]() if found else None

    def _add_language(self, one: ForeignPosting, company: Company) -> None:
        def show(charset: str, *, header: bool, meta: bool, text: bool = True) -> Response:
            posting = one.posting.model_copy(update={"form": "text"}) if text else one.posting
            html = posting_page(
                company, posting, language=one.language, charset=charset if meta else None
            )
            value = f"text/html; charset={charset}" if header else "text/html"
            # Python's `utf-16` writes a byte order mark, which is all the page says.
            return Response(html.encode(charset), headers={"content-type": value})

        name = one.name
        told = {"header": True, "meta": True}
        self._pages[name] = (f"{name}, JSON-LD", lambda: show("utf-8", **told, text=False))
        self._pages[f"{name}-text"] = (f"{name}, text only", lambda: show("utf-8", **told))
        own = "shift_jis" if one.language == "ja" else "windows-1252"
        self._pages[f"{name}-{own}-meta"] = (
            f"{own}, said by the page only",
            lambda: show(own, header=False, meta=True),
        )
        self._pages[f"{name}-{own}-header"] = (
            f"{own}, said by the header only",
            lambda: show(own, header=True, meta=False),
        )
        self._pages[f"{name}-utf-16"] = (
            "UTF-16, said by its byte order mark only",
            lambda: show("utf-16", header=False, meta=False),
        )

    def _show(self, *heads: str, posting: Posting | None = None, text: str = "") -> Response:
        posting = posting or self._posting
        body = text or f"<main><h1>{posting.title}</h1>{description(posting)}</main>"
        title = posting.title
        return HTMLResponse(page(title, body, site=self._company.name, head="".join(heads)))

    def _item(self, **changes: Any) -> dict[str, Any]:
        return job_posting(self._company, self._posting) | changes

    def _graph(self) -> Response:
        items = [
            {"@type": "Organization", "@id": "#us", "name": self._company.name},
            {"@type": "BreadcrumbList", "itemListElement": []},
            {k: v for k, v in self._item().items() if k != "@context"},
        ]
        return self._show(json_ld({"@context": "https://schema.org", "@graph": items}))

    def _string_fields(self) -> Response:
        salary = self._posting.salary
        pay = f"{salary.low}-{salary.high} {salary.currency}" if salary else ""
        changes = {
            "hiringOrganization": self._company.name,
            "jobLocation": f"{self._posting.city}, Germany",
            "employmentType": "FULL_TIME",
            "baseSalary": pay,
            "identifier": self._posting.slug,
        }
        return self._show(json_ld(self._item(**changes)))

    def _list_fields(self) -> Response:
        item = self._item()
        parts = [description(self._posting)]
        changes = {
            "@type": ["JobPosting"],
            "title": [item["title"]],
            "description": parts,
            "hiringOrganization": [item["hiringOrganization"]],
            "employmentType": ["FULL_TIME", "CONTRACTOR"],
        }
        return self._show(json_ld(item | changes))

    def _scripts(self) -> Response:
        site = {"@context": "https://schema.org", "@type": "WebSite", "name": self._company.name}
        return self._show(json_ld(site), json_ld(self._item()))

    def _item_list(self) -> Response:
        elements = [
            {"@type": "ListItem", "position": n, "item": job_posting(self._company, posting)}
            for n, posting in enumerate(self._company.postings, start=1)
        ]
        found = {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": elements}
        return self._show(json_ld(found), text="<h1>Open positions</h1>")

    def _several_text(self) -> Response:
        parts = (f"<h2>{p.title}</h2>{description(p)}" for p in self._company.postings)
        return self._show(text=f"<main><h1>Open positions</h1>{''.join(parts)}</main>")

    def _past(self) -> Response:
        item = self._item(datePosted="2024-03-01", validThrough="2024-04-30T23:59:59+02:00")
        return self._show(json_ld(item))

    def _past_text(self) -> Response:
        notice = "<p>This position has been filled and is no longer accepting applications.</p>"
        return self._show(text=f"<main><h1>{self._posting.title}</h1>{notice}</main>")

    def _escaped(self) -> Response:
        posting = self._posting.model_copy(update={"form": "escaped"})
        return self._show(json_ld(job_posting(self._company, posting)))

    def _commented(self) -> Response:
        text = json.dumps(self._item()).replace("<", "\\u003c")
        return self._show(f'<script type="application/ld+json"><!-- {text} --></script>')

    def _comma(self) -> Response:
        text = json.dumps(self._item()).replace("<", "\\u003c").removesuffix("}")
        return self._show(f'<script type="application/ld+json">{text},}}</script>')

    def _framed(self) -> Response:
        inner = f"/careers/{self._company.slug}/{self._posting.slug}"
        text = f'<h1>Join us</h1><iframe src="{inner}" title="Position"></iframe>'
        return self._show(text=text)
