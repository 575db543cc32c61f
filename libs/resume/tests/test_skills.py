import pytest

from resume_core.text import visible

from .truth_samples import CATALOG


def found(text: str) -> list[str]:
    return [m.skill for m in CATALOG.mentions(text)]


def test_catalog_is_large_versioned_and_consistent() -> None:
    assert CATALOG.version == "2026.11"
    assert len(CATALOG.skills) >= 350
    assert len({s.field for s in CATALOG.skills.values()}) >= 10
    for skill in CATALOG.skills.values():
        assert set(skill.broader) <= CATALOG.skills.keys()
        assert skill.since is None or 1940 <= skill.since <= 2026


def test_catalog_gives_each_wording_to_one_skill() -> None:
    for skill in CATALOG.skills.values():
        for wording in (skill.name, *skill.aliases):
            assert CATALOG.resolve(wording) == skill.name, wording


@pytest.mark.parametrize(
    ("text", "skills"),
    [
        ("C++, C#, .NET and Node.js", ["C++", "C#", ".NET", "Node.js"]),
        ("Python (primary)", ["Python"]),
        ("services in Go, Rust and C", ["Go", "Rust", "C"]),
        ("Go services on AWS", ["Go", "AWS"]),
        ("- Go for services close to the carts", ["Go"]),
        ("k8s (EKS) via CI/CD", ["Kubernetes", "Amazon EKS", "CI/CD"]),
        ("ASP.NET Core and VB.NET", ["ASP.NET", "Visual Basic"]),
        ("end-to-end testing and machine-learning", ["End-to-end testing", "Machine learning"]),
        ("a warehouse management system", ["Warehouse management systems"]),
        ("Wound care on the ICU", ["Wound care", "ICU"]),
        ("SQL\nr\ngo", ["SQL", "R", "Go"]),
    ],
)
def test_mentions_finds(text: str, skills: list[str]) -> None:
    assert found(text) == skills


@pytest.mark.parametrize(
    "text",
    [
        "Go to market strategy",
        "Go the extra mile, go above and beyond",
        "R&D at C-level",
        "Vitamin C",
        "Express your ideas",
        "Excel in a team",
        "the rest of the day",
        "cargo, javanese, digital sunrise",
        "https://python.org/x mail@java.example www.docker.com",
        "github.com/someone",
    ],
)
def test_mentions_leaves_everyday_words_alone(text: str) -> None:
    assert found(text) == []


def test_mentions_gives_places() -> None:
    text = "We run Postgres 15"
    mention = CATALOG.mentions(text)[0]
    assert (mention.skill, mention.alias) == ("PostgreSQL", "Postgres")
    assert text[mention.start : mention.end] == "Postgres"


def test_narrower_skills_prove_broader_ones() -> None:
    assert CATALOG.names_in("Amazon EKS") >= {"Kubernetes", "AWS", "Containerization"}
    assert "Amazon EKS" not in CATALOG.names_in("Kubernetes")


def test_resolve_takes_whole_texts_only() -> None:
    assert CATALOG.resolve("postgres") == "PostgreSQL"
    assert CATALOG.resolve("Python expert") is None


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "a@", "Go ", "(", "1 ", "\n-"])
def test_mentions_of_a_hostile_text_stay_quick(unit: str) -> None:
    """A cost of the square of the length would pass the suite's own limit of 30 s."""
    text = unit * (100_000 // len(unit))
    assert len(CATALOG.mentions(visible(text))) <= len(text)
