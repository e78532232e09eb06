"""The words of the registry: actor, grants, unit and person cards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

ANY_AREA = ""
"""The empty prefix: every unit code starts with it."""


@dataclass(frozen=True)
class Actor:
    """Who acts, with what is allowed now. Built once per request; services take it as `by`.

    `permissions` maps an action (`case.dispatch`) to the unit-code prefixes it holds under; `own` holds
    actions allowed only on one's own records (a resident's `case.view`).
    """

    person_id: UUID | None = None
    account_id: int | None = None
    display: str = ""
    permissions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    roles: tuple[str, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    """Teams the person leads or belongs to now."""
    led_team_ids: tuple[UUID, ...] = ()
    home_code: str = ""
    """Unit code the person lives or serves in; empty when unknown."""
    pack_code: str = ""
    """The place whose pack governs what this actor sees."""
    is_volunteer: bool = False
    language: str = "zh-hans"
    scopes: frozenset[str] | None = None
    """Scopes of the bearer token; None for a browser session."""
    request_id: str = ""

    @property
    def signed_in(self) -> bool:
        return self.person_id is not None

    def may(self, action: str, area_code: str | None = None) -> bool:
        """Does a grant cover this area? Without an area: is there any grant or own-record right at all?"""
        prefixes = self.permissions.get(action, ())
        if area_code is None:
            return bool(prefixes) or action in self.own
        return any(area_code.startswith(prefix) for prefix in prefixes)

    def prefixes(self, action: str) -> tuple[str, ...]:
        """Unit-code prefixes the action holds under; empty when only own records or nothing."""
        return self.permissions.get(action, ())


class _Everything(Mapping[str, tuple[str, ...]]):
    """Grants of the platform itself: every action everywhere."""

    def __getitem__(self, action: str) -> tuple[str, ...]:
        return (ANY_AREA,)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(())

    def __len__(self) -> int:
        return 1


SYSTEM = Actor(display="平台", permissions=_Everything())
ANONYMOUS = Actor()


@dataclass(frozen=True)
class UnitCard:
    """A unit as lists and boards show it."""

    id: UUID
    code: str
    name: str
    short_name: str
    kind: str
    group: str
    parent_code: str
    print_order: int
