"""A career path as a sheet: roles, what is missing and there, and pay with its source."""

from collections.abc import Iterator, Sequence

from resume_core.career.model import CareerPath, Counted, NextRole, PayFigure
from resume_core.handouts.sheets import handout
from resume_core.handouts.words import WORDS, Words
from resume_core.sheet import Block, Item, Section, Sheet
from resume_core.wording import DASH


def career_handout(path: CareerPath) -> Sheet:
    """The path in the language it was made in."""
    words = WORDS[path.language]
    return handout(
        words.career,
        path.current.title,
        Section(words.roles, blocks=tuple(_role(role, words) for role in path.roles)),
        Section(words.missing, items=tuple(_counted(path.missing, words))),
        Section(words.present, items=tuple(_counted(path.present, words))),
        Section(words.pay, items=tuple(_pay(path.pay, words))),
        Section(words.notes, items=tuple(Item("", note) for note in _unknown(path, words))),
    )


def _unknown(path: CareerPath, words: Words) -> Iterator[str]:
    """What could not be told, in the handout's language; `notes` are for the person's screen."""
    if not path.postings:
        yield words.no_postings
    if not path.pay:
        yield words.no_pay
    if path.current.level is None:
        yield words.no_title


def _role(role: NextRole, words: Words) -> Block:
    reasons = " ".join(sentence.text for sentence in role.reasons)
    return Block(
        title=role.title,
        details=(words.kinds[role.kind],),
        prose=(reasons,) if reasons else (),
        bullets=tuple(_bullets(role, words)),
    )


def _bullets(role: NextRole, words: Words) -> Iterator[str]:
    for name, counted in ((words.missing, role.missing), (words.present, role.present)):
        if counted:
            yield f"{name}: {', '.join(f'{c.skill} ({c.count}/{c.of})' for c in counted)}"
    yield from (f"{item.label}: {item.text}" for item in _pay(role.pay, words))


def _counted(counted: Sequence[Counted], words: Words) -> Iterator[Item]:
    yield from (Item(c.skill, words.asked.format(count=c.count, of=c.of)) for c in counted)


def _pay(figures: Sequence[PayFigure], words: Words) -> Iterator[Item]:
    """Each figure with everything that is needed to judge it."""
    for pay in figures:
        span = f"{_amount(pay.low)} {DASH} {_amount(pay.high)} {pay.currency}"
        where = words.published.format(region=pay.region, date=pay.date, count=pay.sample_size)
        yield Item(pay.role, f"{span} / {words.periods[pay.period]}; {where}; {pay.url}")


def _amount(value: float) -> str:
    return f"{value:.0f}" if value.is_integer() else f"{value:.2f}"
