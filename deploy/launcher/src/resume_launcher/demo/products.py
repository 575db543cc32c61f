"""What `make demo PRODUCT=` can make: one row a product."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from resume_launcher.demo.render import capture, career, interview, letter, parse, tailor
from resume_launcher.demo.render.base import Known, Status
from resume_launcher.errors import LauncherError

DEFAULT = "tailor"
ALL = "all"

Render = Callable[[Status, Known], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Product:
    """How one product is ordered, followed and shown.

    Attributes:
        name: in PRODUCT=, and of its files.
        prefix: of its addresses in the API, behind `/api/`.
        order: the address it is ordered at, behind the prefix.
        stage: the stage that makes it.
        resume: it is made from a resume.
        posting: it is made for a posting.
        counts_postings: it is made over all postings that the person has kept.
        goes_with_tailored: it speaks of the tailored resume that was made before it, if one was.
        render: its outcome for people.
        file: the name of its documents; None: there are none.
        text: the document as plain text, where the API offers none.
    """

    name: str
    prefix: str
    order: str
    stage: str
    render: Render
    resume: bool = True
    posting: bool = True
    counts_postings: bool = False
    goes_with_tailored: bool = False
    file: str | None = None
    text: Callable[[Status], str] | None = None


_ROWS = (
    Product("parse", "resumes", "upload", "extract.resume", parse.lines, posting=False),
    Product("capture", "jobs", "", "extract.posting", capture.lines, resume=False),
    Product("tailor", "tailor", "tailor-async", "tailor.resume", tailor.lines, file="tailored"),
    Product(
        "cover-letters",
        "cover-letters",
        "generate-async",
        "tailor.letter",
        letter.lines,
        file="cover-letter",
        text=letter.text,
        goes_with_tailored=True,
    ),
    Product(
        "interview-prep",
        "interview-prep",
        "generate-async",
        "tailor.interview",
        interview.lines,
        goes_with_tailored=True,
    ),
    Product(
        "career-path",
        "career-path",
        "generate-async",
        "tailor.career",
        career.lines,
        posting=False,
        counts_postings=True,
    ),
)
#: In the order in which `all` makes them.
PRODUCTS: Mapping[str, Product] = MappingProxyType({product.name: product for product in _ROWS})


def choose(given: str | None) -> tuple[Product, ...]:
    """What PRODUCT asks for.

    Raises:
        LauncherError: there is no such product.
    """
    if given == ALL:
        return tuple(PRODUCTS.values())
    found = PRODUCTS.get(given or DEFAULT)
    if found is None:
        raise LauncherError(f"PRODUCT: {', '.join(PRODUCTS)} or {ALL}, not {given!r}")
    return (found,)
