"""The products that are ordered like one another, by workflow."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gateway_svc.jobs.schemas import PackRequest, PostingRequest, ProductRequest
from gateway_svc.ratelimit import Kind
from resume_contracts.workflows import TABLE, Workflow


@dataclass(frozen=True, slots=True)
class Product:
    """How a product is asked for.

    Attributes:
        workflow: what is ordered.
        prefix: where its endpoints are.
        verb: the last part of the address it is ordered at.
        kind: how its orders are counted.
        request: what an order says.
    """

    workflow: Workflow
    prefix: str
    verb: str
    kind: Kind
    request: type[ProductRequest]

    @property
    def wants_demand(self) -> bool:
        """Whether it is about what all the user's postings ask for, instead of one of them."""
        return self.workflow is Workflow.CAREER_PATH


_ALL = (
    Product(Workflow.TAILOR_RESUME, "/api/tailor", "tailor", Kind.TAILOR, PostingRequest),
    Product(
        Workflow.COVER_LETTER,
        "/api/cover-letters",
        "generate",
        Kind.COVER_LETTERS,
        PackRequest,
    ),
    Product(
        Workflow.INTERVIEW_PREP,
        "/api/interview-prep",
        "generate",
        Kind.INTERVIEW_PREP,
        PackRequest,
    ),
    Product(Workflow.CAREER_PATH, "/api/career-path", "generate", Kind.CAREER_PATH, ProductRequest),
)

#: Those that are offered: whose stages are in the workflows' table.
PRODUCTS: Mapping[Workflow, Product] = MappingProxyType(
    {product.workflow: product for product in _ALL if product.workflow in TABLE}
)

#: How each workflow's orders are counted.
KINDS: Mapping[Workflow, Kind] = MappingProxyType(
    {
        Workflow.PARSE_RESUME: Kind.UPLOADS,
        Workflow.CAPTURE_POSTING: Kind.POSTINGS,
        **{product.workflow: product.kind for product in PRODUCTS.values()},
    }
)

#: Where each workflow's jobs are asked about.
PREFIXES: Mapping[Workflow, str] = MappingProxyType(
    {
        Workflow.PARSE_RESUME: "/api/resumes",
        Workflow.CAPTURE_POSTING: "/api/jobs",
        **{product.workflow: product.prefix for product in PRODUCTS.values()},
    }
)
