"""Resumes of any shape, in the scripts we print."""

from typing import Any

from hypothesis import strategies as st

from resume_core.model import Resume

LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüßÄÖÜéèçñøåŁłşğİıŠžőű0123456789"
SCRIPTS = (
    LATIN,
    LATIN + "#*_`$@<>[]{}()\\/|&%+=~^\"'!?.,;:-–—•…„“”«»",
    "αβγδεζηθικλμνξοπρστυφχψωάέήίόύώΑΒΓΔ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяёїєґ",
    "中文工程师软件公司大学管理日本語学",
)
RIGHT_TO_LEFT = {"he": "אבגדהוזחטיכלמנסעפצקרשתםןץףך", "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإةى"}


def words(*alphabets: str) -> st.SearchStrategy[str]:
    """A word of one script; a line of one glyph is no line to a reader of PDF."""
    return st.one_of([st.text(alphabet, min_size=2, max_size=12) for alphabet in alphabets])


def texts(*alphabets: str, most: int = 12) -> st.SearchStrategy[str]:
    """Words with a space between."""
    return st.lists(words(*alphabets), min_size=1, max_size=most).map(" ".join)


def resumes(*alphabets: str) -> st.SearchStrategy[Resume]:
    """A resume with a name and some entries."""
    short, long = texts(*alphabets, most=4), texts(*alphabets, most=16)
    date = st.sampled_from(("2011", "2015-03", "2020-11-05"))

    def entries(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
        return st.lists(st.fixed_dictionaries({}, optional=fields), max_size=2)

    lines = st.lists(long, max_size=4)
    dated = {"startDate": date, "endDate": date, "highlights": lines, "summary": long}
    document = st.fixed_dictionaries(
        {
            "basics": st.fixed_dictionaries(
                {"name": short},
                optional={
                    "label": short,
                    "email": st.just("ada@example.org"),
                    "phone": st.just("+49 40 123 456"),
                    "summary": long,
                    "location": st.fixed_dictionaries({"city": short, "countryCode": short}),
                    "profiles": st.just([{"network": "GitHub", "username": "ada"}]),
                },
            )
        },
        optional={
            "work": entries(name=short, position=short, location=short, description=long, **dated),
            "volunteer": entries(organization=short, position=short, **dated),
            "projects": entries(name=short, roles=st.lists(short, max_size=2), **dated),
            "education": entries(
                institution=short, area=short, studyType=short, endDate=date, score=short
            ),
            "skills": entries(name=short, level=short, keywords=st.lists(short, max_size=5)),
            "certificates": entries(name=short, issuer=short, date=date),
            "awards": entries(title=short, awarder=short, date=date, summary=long),
            "publications": entries(name=short, publisher=short, releaseDate=date, summary=long),
            "languages": entries(language=short, fluency=short),
            "interests": entries(name=short, keywords=st.lists(short, max_size=3)),
            "references": entries(name=short, reference=long),
        },
    )
    return document.map(Resume.model_validate)
