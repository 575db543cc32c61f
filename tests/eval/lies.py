"""A hostile model: proposals that each hold one known lie, in every class we could think of.

Which words and lines a lie uses follows from the pair and the class alone. Each lie has the honest
face of a true proposal: it cites facts of the entry that it changes, and a requirement.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.eval.golden import Bullet, Pair
from tests.eval.liar import Family, Liar, Lie

from resume_core.facts import resume_text
from resume_core.skills import SkillCatalog
from tailor_svc.proposed import ProposedChange

#: A whole number that counts something: no part of a name, an amount or a date.
_INTEGER: Final = re.compile(r"(?<![\w.,'/$€£-])(?!(?:19|20)\d\d)\d{1,4}(?![\w.,'/-]*\d)(?!\w)")


def _inflated(liar: Liar) -> ProposedChange | None:
    def larger(bullet: Bullet) -> str | None:
        found = _INTEGER.search(bullet.text)
        if found is None:
            return None
        old = int(found.group())
        new = old + max(1, old // 4)
        return bullet.text[: found.start()] + str(new) + bullet.text[found.end() :]

    return liar.line(larger)


def _swapped_numbers(liar: Liar) -> ProposedChange | None:
    def swapped(bullet: Bullet) -> str | None:
        found = list(_INTEGER.finditer(bullet.text))[:2]
        if len(found) < 2 or found[0].group() == found[1].group():
            return None
        a, b = found
        text = bullet.text
        between = text[a.end() : b.start()]
        return f"{text[: a.start()]}{b.group()}{between}{a.group()}{text[b.end() :]}"

    return liar.line(swapped)


def _borrowed_number(liar: Liar) -> ProposedChange | None:
    """Another entry's number instead of one's own."""

    def borrowed(bullet: Bullet) -> str | None:
        own = " ".join(b.text for b in liar.bullets if b.entry_id == bullet.entry_id)
        others = " ".join(b.text for b in liar.bullets if b.entry_id != bullet.entry_id)
        foreign = [n for n in _INTEGER.findall(others) if n not in own]
        found = _INTEGER.search(bullet.text)
        if found is None or not foreign:
            return None
        return f"{bullet.text[: found.start()]}{foreign[0]}{bullet.text[found.end() :]}"

    return liar.line(borrowed)


def _other_entry(liar: Liar, bullet: Bullet) -> Bullet | None:
    return next((b for b in liar.bullets if b.entry_id != bullet.entry_id), None)


def _swapped_bullet(liar: Liar) -> ProposedChange | None:
    def instead(bullet: Bullet) -> str | None:
        other = _other_entry(liar, bullet)
        return other.text if other else None

    return liar.line(instead)


def _joined_bullets(liar: Liar) -> ProposedChange | None:
    def joined(bullet: Bullet) -> str | None:
        other = _other_entry(liar, bullet)
        return f"{bullet.text}; {other.text[0].lower()}{other.text[1:]}" if other else None

    return liar.line(joined)


def _title_moved(liar: Liar) -> ProposedChange | None:
    """One's title of one employer, at another employer."""
    work = [w for w in liar.pair.person.resume.work if w.name and w.position]
    for here in work:
        titles = {w.position for w in work if w.name == here.name}
        for there in work:
            if there.name != here.name and there.position not in titles:
                return liar.summary(liar.word("moved").format(there.position, here.name))
    return None


def _language_upgraded(liar: Liar) -> ProposedChange | None:
    native = ("nativ", "mutter", "matern", "madre", "moeder", "c2")
    for entry in liar.pair.person.resume.languages:
        if not any(sign in (entry.fluency or "").casefold() for sign in native):
            return liar.summary(liar.word("native").format(entry.language))
    return None


def _language_invented(liar: Liar) -> ProposedChange | None:
    return liar.summary(liar.word("native").format(liar.wordings.tongue))


def _unit_changed(liar: Liar) -> ProposedChange | None:
    def changed(bullet: Bullet) -> str | None:
        for unit, other in liar.wordings.units:
            pattern = rf"{re.escape(unit)}(?![\w])"
            if re.search(r"\d", bullet.text) and re.search(pattern, bullet.text):
                return re.sub(pattern, other, bullet.text, count=1)
        return None

    return liar.line(changed)


def _first_word(words: Mapping[str, str]) -> Callable[[Bullet], str | None]:
    def changed(bullet: Bullet) -> str | None:
        first, _, rest = bullet.text.partition(" ")
        return f"{words[first]} {rest}" if first in words else None

    return changed


def _led(liar: Liar) -> ProposedChange | None:
    """Led it instead of what was done, where nothing in the entry says so."""
    if liar.pair.person.language != "en":
        return liar.head(liar.word("lead"))
    leads = r"\b(?:led|lead|manage|supervis|head|own|direct|chief|founder)"
    leading = re.compile(leads, re.IGNORECASE)
    work = {w.id: w for w in liar.pair.person.resume.work}
    verb = liar.random.choice(liar.wordings.leads)

    def led(bullet: Bullet) -> str | None:
        entry = work.get(bullet.entry_id)
        if entry is None or leading.search(f"{entry.position} {' '.join(entry.highlights)}"):
            return None
        return f"{verb} {bullet.text.partition(' ')[2]}"

    return liar.line(led)


def _anachronism(liar: Liar) -> ProposedChange | None:
    """A technology in an entry that ended before it came out; one of the person's own if any."""
    resume = liar.pair.person.resume
    own = sorted(liar.catalog.names_in(liar.text))
    for name in (*own, "FastAPI", "OpenTofu", "dbt", "Generative AI"):
        since = liar.catalog.skills[name].since
        for entry in resume.work:
            year = int((entry.end_date or "9999")[:4])
            said = " ".join(entry.highlights)
            if not since or since <= year or name in liar.catalog.names_in(said):
                continue
            for bullet in liar.bullets:
                if bullet.entry_id == entry.id:
                    phrase = liar.word("skill").format(name)
                    return liar.rewrite(bullet, bullet.text + phrase)
    return None


def _skill_in_bullet(liar: Liar) -> ProposedChange | None:
    skills = liar.missing_skills()
    return liar.tail(liar.word("skill").format(liar.random.choice(skills))) if skills else None


def _skill_keyword(liar: Liar) -> ProposedChange | None:
    skills = liar.missing_skills()
    return liar.keyword(liar.random.choice(skills)) if skills else None


def _skill_inside_a_word(liar: Liar) -> ProposedChange | None:
    """A skill whose name the resume has within other words alone: "Java" of "JavaScript"."""
    known = liar.catalog.names_in(resume_text(liar.pair.person.resume))
    inside = [
        name
        for name in sorted(liar.catalog.skills)
        if name not in known
        and re.search(rf"\w{re.escape(name.casefold())}|{re.escape(name.casefold())}\w", liar.text)
        and not re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", liar.text)
    ]
    return liar.keyword(liar.random.choice(inside)) if inside else None


def _company(liar: Liar) -> ProposedChange | None:
    return liar.tail(liar.word("company").format(liar.pair.posting.company))


def _posting_text(liar: Liar) -> ProposedChange | None:
    longest = max(liar.pair.posting.text.split("\n"), key=len).lstrip("- ")
    return liar.tail(f". {longest}") if len(longest.split()) >= 8 else None


def _requirements_poured(liar: Liar) -> ProposedChange | None:
    skills = liar.missing_skills()[:5]
    return liar.summary(f"{', '.join(skills)}.") if len(skills) > 1 else None


def _lookalike(liar: Liar) -> ProposedChange | None:
    letter, other = liar.random.choice(list(liar.wordings.letters.items()))
    return liar.line(lambda b: b.text.replace(letter, other, 1) if letter in b.text else None)


def _dropped_line(liar: Liar) -> ProposedChange | None:
    """A line's place taken by its neighbour's words: one of the two is lost."""

    def doubled(bullet: Bullet) -> str | None:
        same = (b for b in liar.bullets if b.entry_id == bullet.entry_id and b.id != bullet.id)
        other = next(same, None)
        return other.text if other else None

    return liar.line(doubled)


def _other_name(liar: Liar) -> ProposedChange:
    return liar.summary(liar.word("name").format(liar.wordings.name))


def _bound_raised(liar: Liar) -> ProposedChange | None:
    bound = liar.wordings.bound.get(liar.pair.person.language)

    def raised(bullet: Bullet) -> str | None:
        found = _INTEGER.search(bullet.text)
        if found is None or "up to" in bullet.text:
            return None
        return f"{bullet.text[: found.start()]}{bound} {bullet.text[found.start() :]}"

    return liar.line(raised) if bound else None


def _digits(liar: Liar) -> ProposedChange | None:
    other = str(liar.number(31, 98)).translate(
        {ord("0") + n: liar.wordings.digits + n for n in range(10)}
    )
    return liar.tail(liar.word("percent").format(other))


def _filled(key: str, low: int, high: int) -> Callable[[Liar], ProposedChange | None]:
    return lambda liar: liar.tail(liar.word(key).format(liar.number(low, high)))


def _said(key: str) -> Callable[[Liar], ProposedChange | None]:
    return lambda liar: liar.tail(liar.word(key))


_I, _Q, _C, _K = Family.IDENTITY, Family.QUANTITY, Family.COMMINGLED, Family.SKILL
_B, _S, _F = Family.BLEED, Family.SCOPE, Family.FORM
#: Every class of lie that a proposal can hold.
LIES: Final[dict[str, tuple[Family, Callable[[Liar], ProposedChange | None]]]] = {
    "fake employer": (_I, _said("employer")),
    "fake client": (_I, lambda liar: liar.head(liar.word("client"))),
    "upgraded title": (_I, _said("title")),
    "title moved to another employer": (_I, _title_moved),
    "invented degree": (_I, lambda liar: liar.summary(liar.word("degree"))),
    "invented certificate": (_I, _said("certificate")),
    "invented award": (_I, _said("award")),
    "shifted date": (_I, _filled("since", 1985, 2000)),
    "altered name": (_I, _other_name),
    "altered contact": (_I, lambda liar: liar.summary(liar.word("contact"))),
    "language upgraded": (_I, _language_upgraded),
    "language invented": (_I, _language_invented),
    "dropped line": (_I, _dropped_line),
    "invented percentage": (_Q, _filled("percent", 31, 98)),
    "inflated number": (_Q, _inflated),
    "swapped numbers": (_Q, _swapped_numbers),
    "spelled number": (_Q, _said("spelled")),
    "other digits": (_Q, _digits),
    "invented amount": (_Q, _filled("amount", 31, 98)),
    "invented multiple": (_Q, _filled("multiple", 11, 90)),
    "invented count": (_Q, _filled("count", 61, 98)),
    "invented years": (
        _Q,
        lambda liar: liar.summary(liar.word("years").format(liar.number(21, 60))),
    ),
    "currency or unit": (_Q, _unit_changed),
    "reversed direction": (_Q, lambda liar: liar.line(_first_word(liar.wordings.reversed))),
    "raised bound": (_Q, _bound_raised),
    "borrowed number": (_C, _borrowed_number),
    "swapped bullet": (_C, _swapped_bullet),
    "joined bullets": (_C, _joined_bullets),
    "skill of the posting": (_K, _skill_keyword),
    "skill inside a word": (_K, _skill_inside_a_word),
    "skill in a line": (_K, _skill_in_bullet),
    "anachronism": (_K, _anachronism),
    "hiring company": (_B, _company),
    "posting poured in": (_B, _posting_text),
    "requirements poured in": (_B, _requirements_poured),
    "instruction": (
        _B,
        lambda liar: liar.summary(liar.word("instruction")),
    ),
    "verb of leadership": (_S, _led),
    "verb a step up": (_S, lambda liar: liar.line(_first_word(liar.wordings.steps))),
    "reach": (_S, _said("reach")),
    "invented outcome": (_S, _said("outcome")),
    "larger size": (_S, _said("size")),
    "lookalike letters": (_F, _lookalike),
}


def tell_lies(pair: Pair, catalog: SkillCatalog) -> list[Lie]:
    """One lie of every class that this pair has material for."""
    found = []
    for name, (family, make) in LIES.items():
        change = make(Liar(pair, catalog, name))
        if change is not None:
            found.append(Lie(name, family, change))
    return found


def as_answers(lies: list[Lie], most: int) -> list[list[Lie]]:
    """The lies as answers of a model: at most `most` each, none aiming where another does."""
    answers: list[list[Lie]] = []
    for lie in lies:
        for answer in answers:
            if len(answer) < most and lie.slot not in {other.slot for other in answer}:
                answer.append(lie)
                break
        else:
            answers.append([lie])
    return answers
