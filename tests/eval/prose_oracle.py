"""What delivered prose says that its resume, posting and pages do not: told by reading them.

Uses nothing of the grounding, the gate or the pack check. It reads the delivered JSON and compares
strings: numbers, names, the entries that grounds point at, who worked where as what.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.eval.golden import Pair

from resume_core.facts import collect_facts
from resume_core.grounding import Citation
from resume_core.jsonresume import to_json_resume
from resume_core.posting import PostingView


class Page(NamedTuple):
    """A delivered letter, interview pack or career path, and what it was made from."""

    product: str
    made: dict[str, Any]
    posting: PostingView
    cited: tuple[Citation, ...]


def says(page: Page, claim: str) -> bool:
    """Whether the page says this, in any of its texts."""
    wanted = _plain(claim).rstrip(".")
    return any(wanted in _plain(text) for text in _texts(page.made))


def inspect(page: Page, pair: Pair) -> Counter[str]:
    """Everything counted in a page: sentences, those without a ground, contradictions."""
    found: Counter[str] = Counter(pages=1)
    resume = to_json_resume(pair.person.resume)
    facts = {f.id: f.text for f in collect_facts(pair.person.resume)}
    numbers = {"person": _numbers(" ".join(_texts(resume)))}
    numbers["posting"] = numbers["person"] | _numbers(" ".join(page.posting.model_dump().values()))
    numbers["intent"] = numbers["posting"]
    numbers["research"] = numbers["posting"] | _numbers(" ".join(c.text for c in page.cited))
    for sentence in _sentences(page.made):
        about = sentence["about"]
        if about == "phrase":
            continue
        found["sentences"] += 1
        resolved = [_resolves(g, facts, page) for g in sentence["grounds"]]
        found["sentences without ground"] += not (all(resolved) and (resolved or about == "intent"))
        found["strange numbers"] += bool(_numbers(sentence["text"]) - numbers[about])
        if about == "person":
            found["contradictions"] += not _is_of_one_entry(sentence["text"], resume)
    found["contradictions"] += sum(_CONTRADICTIONS[page.product](page, pair, facts))
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _sentences(value: object) -> Iterator[dict[str, Any]]:
    """Every delivered sentence, wherever it stands."""
    if isinstance(value, dict):
        if {"text", "about", "grounds"} <= value.keys():
            yield value
        for each in value.values():
            yield from _sentences(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _sentences(each)


def _resolves(ground: dict[str, Any], facts: dict[str, str], page: Page) -> bool:
    """Whether a ground points at something: a fact, a span of the posting, a cited page."""
    kind, ref = str(ground["kind"]), ground["ref"]
    if kind == "fact":
        return ref in facts
    if kind == "url":
        return ref in {c.url for c in page.cited}
    if ref != "text":
        return bool(getattr(page.posting, ref))
    return bool(page.posting.text[ground["start"] : ground["end"]].strip())


def _is_of_one_entry(text: str, resume: dict[str, Any]) -> bool:
    """Whether an employer and a title that a sentence names stand in one entry."""
    work = resume.get("work", [])
    employers = {w.get("name", "") for w in work if _named(w.get("name", ""), text)}
    titles = {w.get("position", "") for w in work if _named(w.get("position", ""), text)}
    # A shorter title is part of a longer one's words.
    titles = {t for t in titles if not any(t != o and t in o for o in (*titles, *employers))}
    if not (employers and titles):
        return True
    return any(w.get("name") in employers and w.get("position") in titles for w in work)


def _named(name: str, text: str) -> bool:
    """Whether a name stands in a text, letter by letter and not within a word."""
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _target(page: Page) -> Iterator[bool]:
    yield page.made["company"] != page.posting.company
    yield page.made["role"] != page.posting.title


def _of_letter(page: Page, pair: Pair, facts: dict[str, str]) -> Iterator[bool]:
    yield from _target(page)
    yield page.made["signature"] != (pair.person.resume.basics.name or "")


def _of_interview(page: Page, pair: Pair, facts: dict[str, str]) -> Iterator[bool]:
    yield from _target(page)
    heads = {_head(w) for w in to_json_resume(pair.person.resume).get("work", [])}
    others = {b.entry_id for b in pair.person.bullets if b.section != "work"}
    for question in page.made["questions"]:
        yield any(fact not in facts for fact in question["evidence"])
        yield bool(question["claim"]) and question["claim"] not in facts.values()
        star = question["star"]
        if star:
            line = facts.get(star["factId"], "")
            yield star["action"] not in line or star["result"] not in line
            is_work = not others & set(question["evidence"])
            head = star["situation"].partition(" (")[0]
            yield is_work and not any(head in known for known in heads) and not others
    for asked in page.made["companyQuestions"]:
        yield asked["url"] not in {c.url for c in page.cited}


def _head(entry: dict[str, Any]) -> str:
    return ", ".join(entry[k] for k in ("position", "name") if entry.get(k))


def _of_career(page: Page, pair: Pair, facts: dict[str, str]) -> Iterator[bool]:
    made, work = page.made, to_json_resume(pair.person.resume).get("work", [])
    latest = max(work, key=lambda w: (w.get("endDate", "9999"), w["startDate"]), default=None)
    title = latest.get("position", "") if latest else pair.person.resume.basics.label
    yield made["current"]["title"] != title
    yield made["current"]["months"] != len(_months(work, made["current"]["asOf"]))
    # The only figure on pay that is given has neither source nor region nor sample size.
    yield bool(made["pay"]) or any(role["pay"] for role in made["roles"])
    for counted in (*made["missing"], *made["present"]):
        yield counted["count"] != len(counted["postingIds"]) or counted["of"] != 1
        yield any(fact not in facts for fact in counted["factIds"])


def _months(work: list[dict[str, Any]], as_of: str) -> set[tuple[int, int]]:
    """Every month in which there was work, as (year, month); the last one is not counted."""
    found = set()
    for entry in work:
        year, month = _date(entry["startDate"])
        last = _date(entry.get("endDate") or as_of)
        while (year, month) < last:
            found.add((year, month))
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return found


def _date(text: str) -> tuple[int, int]:
    year, _, month = text.partition("-")
    return int(year), int(month[:2] or 1)


def _numbers(text: str) -> set[str]:
    """The numbers of a text in plain digits, without separators of thousands."""
    plain = unicodedata.normalize("NFKC", text)
    joined = re.sub(r"(?<=\d)[.,' \u202f](?=\d{3}(?!\d))", "", plain)
    return {n.lstrip("0") or "0" for n in re.findall(r"\d+", joined)} | set(
        re.findall(r"\d+", plain)
    )


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


_CONTRADICTIONS = {"letter": _of_letter, "interview": _of_interview, "career": _of_career}
