"""JSON Resume 1.x as frozen pydantic models, each list entry with a stable `id`.

Nothing is required by the schema and unknown fields are kept, so that a document survives a
round trip. Source: https://github.com/jsonresume/resume-schema, schema 1.3.1.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class Part(BaseModel):
    """A piece of a resume: frozen, camelCase on the wire, unknown fields kept."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        populate_by_name=True,
        coerce_numbers_to_str=True,  # people write `"score": 1.3` and `"postalCode": 10115`
    )


class Location(Part):
    """Where the person lives; every field as written."""

    address: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country_code: str | None = None
    region: str | None = None


class Profile(Part):
    """A profile on another site."""

    network: str | None = None
    username: str | None = None
    url: str | None = None


class Basics(Part):
    """Who the person is and how to reach them."""

    name: str | None = None
    label: str | None = None
    image: str | None = None
    email: str | None = None
    phone: str | None = None
    url: str | None = None
    summary: str | None = None
    location: Location | None = None
    profiles: tuple[Profile, ...] = ()


class Entry(Part):
    """One item of a section. `id` is empty until `ids.assign_ids` gives it one."""

    id: str = ""


class Dated(Entry):
    """An entry with a span. Dates keep the written precision; no `end_date` means ongoing."""

    start_date: str | None = None
    end_date: str | None = None
    url: str | None = None
    summary: str | None = None
    highlights: tuple[str, ...] = ()


class Work(Dated):
    """One position at one employer."""

    name: str | None = None
    position: str | None = None
    location: str | None = None
    description: str | None = None


class Volunteer(Dated):
    """One volunteer role."""

    organization: str | None = None
    position: str | None = None


class Project(Dated):
    """One project."""

    name: str | None = None
    description: str | None = None
    keywords: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    entity: str | None = None
    type: str | None = None


class Education(Entry):
    """One course of study."""

    institution: str | None = None
    area: str | None = None
    study_type: str | None = None
    url: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    score: str | None = None
    courses: tuple[str, ...] = ()


class Award(Entry):
    """One award."""

    title: str | None = None
    date: str | None = None
    awarder: str | None = None
    summary: str | None = None


class Certificate(Entry):
    """One certificate."""

    name: str | None = None
    date: str | None = None
    url: str | None = None
    issuer: str | None = None


class Publication(Entry):
    """One publication."""

    name: str | None = None
    publisher: str | None = None
    release_date: str | None = None
    url: str | None = None
    summary: str | None = None


class Skill(Entry):
    """A named group of skills; `keywords` are the single ones."""

    name: str | None = None
    level: str | None = None
    keywords: tuple[str, ...] = ()


class Language(Entry):
    """A spoken language."""

    language: str | None = None
    fluency: str | None = None


class Interest(Entry):
    """An interest."""

    name: str | None = None
    keywords: tuple[str, ...] = ()


class Reference(Entry):
    """What somebody says of the person."""

    name: str | None = None
    reference: str | None = None


class Resume(Part):
    """A whole document."""

    basics: Basics = Field(default_factory=Basics)
    work: tuple[Work, ...] = ()
    volunteer: tuple[Volunteer, ...] = ()
    education: tuple[Education, ...] = ()
    awards: tuple[Award, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    publications: tuple[Publication, ...] = ()
    skills: tuple[Skill, ...] = ()
    languages: tuple[Language, ...] = ()
    interests: tuple[Interest, ...] = ()
    references: tuple[Reference, ...] = ()
    projects: tuple[Project, ...] = ()
    meta: dict[str, Any] = Field(default_factory=dict)


#: Section names in document order; each is a tuple of entries with ids.
SECTIONS: tuple[str, ...] = (
    "work",
    "volunteer",
    "education",
    "awards",
    "certificates",
    "publications",
    "skills",
    "languages",
    "interests",
    "references",
    "projects",
)
