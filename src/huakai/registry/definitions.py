"""Pack sections of the registry: roles with their rights; vocabularies of units, places and people."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huakai.packs.definitions import PackModel, Part

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Action = Literal[
    "audit.view",
    "board.approve",
    "board.collect",
    "board.freeze",
    "board.view",
    "case.accept",
    "case.account",
    "case.dispatch",
    "case.export",
    "case.move",
    "case.open",
    "case.rate",
    "case.restricted",
    "case.supervise",
    "case.view",
    "import.run",
    "ledger.view",
    "pack.apply",
    "pack.view",
    "panel.view",
    "person.edit",
    "person.reveal",
    "person.view",
    "screen.manage",
    "team.edit",
    "team.view",
    "unit.edit",
    "unit.view",
    "user.manage",
    "webhook.manage",
]
"""The closed list of what can be allowed. A page or endpoint needs one of these."""


class Term(Part):
    """A word of a vocabulary, in both languages."""

    code: Code
    title: str
    title_en: str


class Permission(Part):
    """One right of a role: everywhere under the unit of the appointment, or on one's own records."""

    action: Action
    scope: Literal["subtree", "own"]


class Role(Term):
    """What a role may do, and how one comes to hold it."""

    held_by: Literal["everyone", "volunteer", "team_leader", "appointment"]
    permissions: tuple[Permission, ...]


class RoleBook(PackModel):
    """`roles.yaml`: every role of the place."""

    roles: tuple[Role, ...]


class UnitKind(Term):
    """A kind of unit, the kinds it may stand under, and the kinds of place it is due."""

    under: tuple[Code, ...] = ()
    due: tuple[Code, ...] = ()
    homes: bool = False
    """People live here: offered as home when somebody registers."""


class UnitGroup(Term):
    """A group of units as bulletins print them, in printing order."""

    order: int = Field(ge=0)


class PlaceKind(Term):
    """A kind of place; those with a level are counted (中心/所/站) and stand at units of the named kinds."""

    short: str = ""
    level: int | None = Field(default=None, ge=1)
    at: tuple[Code, ...] = ()


class PostKind(Term):
    """A kind of seat at a unit."""

    order: int = Field(ge=0)
    first_responsible: bool = False
    """第一责任人: answers for the unit's cases while holding the seat (row ZK-03)."""


class TaxonomyTerm(Term):
    """A service target and the name the place gives it."""

    target: str = ""
    target_en: str = ""


class Taxonomy(Term):
    """A set of tags of which a thing carries at most one (the five flowers)."""

    terms: tuple[TaxonomyTerm, ...]


class TeamLevel(Term):
    """A level of volunteer teams: how many are due altogether, or per place of a kind."""

    due: int | None = Field(default=None, ge=0)
    due_per_place: int | None = Field(default=None, ge=1)
    place_kind: Code | None = None


class RegistryBook(PackModel):
    """A file of `registry/`: any of the vocabularies; all files together are the place's vocabulary."""

    unit_kinds: tuple[UnitKind, ...] = ()
    groups: tuple[UnitGroup, ...] = ()
    place_kinds: tuple[PlaceKind, ...] = ()
    post_kinds: tuple[PostKind, ...] = ()
    skills: tuple[Term, ...] = ()
    taxonomies: tuple[Taxonomy, ...] = ()
    team_levels: tuple[TeamLevel, ...] = ()
    team_fields: tuple[Term, ...] = ()
