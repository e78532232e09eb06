"""Pure decisions of the registry: rights from roles, codes under codes, terms of sign-in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from huakai.kernel.errors import N_
from huakai.packs.types import PackView, Problem
from huakai.registry.definitions import RegistryBook, Role, RoleBook, UnitKind


@dataclass(frozen=True)
class Holds:
    """What a person holds now: appointments (role, unit code), registration as volunteer, a team to lead."""

    appointments: tuple[tuple[str, str], ...] = ()
    volunteer: bool = False
    leads: bool = False


@dataclass(frozen=True)
class Grants:
    """Rights now: action → unit-code prefixes, actions on own records, and the roles they come from."""

    permissions: Mapping[str, tuple[str, ...]]
    own: frozenset[str]
    roles: tuple[str, ...]


NO_GRANTS = Grants({}, frozenset(), ())


def grants_of(book: RoleBook, holds: Holds) -> Grants:
    """Add up the rights of every role held; an unknown role gives nothing."""
    prefixes: dict[str, set[str]] = {}
    own: set[str] = set()
    names: list[str] = []
    for role in book.roles:
        codes = _codes_held(role, holds)
        if codes is None:
            continue
        names.append(role.code)
        for permission in role.permissions:
            if permission.scope == "own":
                own.add(permission.action)
            else:
                prefixes.setdefault(permission.action, set()).update(codes)
    shortest = {action: _shortest(codes) for action, codes in prefixes.items()}
    return Grants({a: p for a, p in shortest.items() if p}, frozenset(own), tuple(names))


def _codes_held(role: Role, holds: Holds) -> set[str] | None:
    """Unit codes the role is held at; None when it is not held."""
    if role.held_by == "everyone":
        return set()
    if role.held_by == "volunteer":
        return set() if holds.volunteer else None
    if role.held_by == "team_leader":
        return set() if holds.leads else None
    return {code for name, code in holds.appointments if name == role.code} or None


def _shortest(codes: set[str]) -> tuple[str, ...]:
    """A prefix that another one covers says nothing new."""
    return tuple(sorted(c for c in codes if not any(c != o and c.startswith(o) for o in codes)))


FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=30)


def next_try_at(failures: int, last_failed_at: datetime) -> datetime:
    """When the next sign-in may be tried: five tries are free, then 30 s, doubling, at most 30 minutes."""
    if failures < FREE_TRIES:
        return last_failed_at
    doublings = min(failures - FREE_TRIES, 10)
    return last_failed_at + min(timedelta(seconds=30 * (1 << doublings)), LONGEST_WAIT)


def is_mainland_phone(phone: str) -> bool:
    """A mobile (1 and ten digits) or a landline with area code (0 and 9 to 11 digits)."""
    digits = phone.isascii() and phone.isdigit()
    mobile = len(phone) == 11 and phone[0] == "1"
    landline = 10 <= len(phone) <= 12 and phone[:1] == "0"
    return digits and (mobile or landline)


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_idno(idno: str) -> bool:
    """An 18-digit citizen number whose check digit holds (GB 11643, ISO 7064 MOD 11-2)."""
    if len(idno) != 18 or not (idno[:17].isascii() and idno[:17].isdigit()):
        return False
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, idno, strict=False))
    return "10X98765432"[total % 11] == idno[17].upper()


def plain_phone(text: str) -> str:
    """`+86 139-1234-5678` → `13912345678`: what is stored, hashed and compared."""
    kept = "".join(c for c in text if c.isdigit())
    if kept.startswith("86") and len(kept) == 13:
        kept = kept[2:]
    return kept


def role_problems(book: RoleBook, view: PackView) -> list[Problem]:
    """Roles that could not be held, or say a right twice."""
    problems = _doubles("roles", (r.code for r in book.roles))
    for at, role in enumerate(book.roles):
        if role.held_by != "appointment" and any(p.scope == "subtree" for p in role.permissions):
            message = N_("角色 {code} 不经任命取得，权限范围只能是 own")
            problems.append(Problem(f"roles.{at}.permissions", message, params={"code": role.code}))
        problems += _doubles(f"roles.{at}.permissions", (p.action for p in role.permissions))
    if not any(r.held_by == "everyone" for r in book.roles):
        problems.append(Problem("roles", N_("没有人人都有的角色，群众登录后什么也做不了")))
    return problems


def registry_problems(book: RegistryBook, view: PackView) -> list[Problem]:
    """Words said twice, and kinds that name kinds nobody defines."""
    books = [b for b in view.all("registry").values() if isinstance(b, RegistryBook)]
    units = {k.code for b in books for k in b.unit_kinds}
    places = {k.code for b in books for k in b.place_kinds}
    problems: list[Problem] = []
    for part in ("unit_kinds", "groups", "place_kinds", "post_kinds", "skills", "taxonomies", "team_levels"):
        problems += _doubles(part, (t.code for t in getattr(book, part)))
    for at, kind in enumerate(book.unit_kinds):
        problems += _unknown(f"unit_kinds.{at}.under", kind.under, units)
        problems += _unknown(f"unit_kinds.{at}.due", kind.due, places)
    for at, place in enumerate(book.place_kinds):
        problems += _unknown(f"place_kinds.{at}.at", place.at, units)
    for at, level in enumerate(book.team_levels):
        problems += _unknown(
            f"team_levels.{at}.place_kind", [level.place_kind] if level.place_kind else [], places
        )
        if (level.due_per_place is None) != (level.place_kind is None):
            problems.append(Problem(f"team_levels.{at}", N_("due_per_place 和 place_kind 要一起写")))
    for at, taxonomy in enumerate(book.taxonomies):
        problems += _doubles(f"taxonomies.{at}.terms", (t.code for t in taxonomy.terms))
    return problems


def _doubles(path: str, codes: Iterable[str]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for at, code in enumerate(codes):
        if code in seen:
            problems.append(Problem(f"{path}.{at}", N_("{code} 写了两次"), params={"code": code}))
        seen.add(code)
    return problems


def _unknown(path: str, codes: Iterable[str], known: set[str]) -> list[Problem]:
    message = N_("没有名为 {code} 的类型")
    return [Problem(path, message, params={"code": code}) for code in codes if code not in known]


def whole_seconds(wait: timedelta) -> int:
    """Rounded up, at least one."""
    return max(1, -(-wait // timedelta(seconds=1)))


@dataclass(frozen=True)
class UnitFacts:
    """A unit that is to be, and the one it stands under."""

    code: str
    kind: str
    starts_on: date
    ends_on: date | None
    parent_code: str = ""
    parent_kind: str = ""
    parent_starts_on: date | None = None
    parent_ends_on: date | None = None


def unit_problem(facts: UnitFacts, kinds: Mapping[str, UnitKind]) -> tuple[str, str] | None:
    """Why the unit cannot stand there: the field and a source sentence; None when it can."""
    if not _CODE_FORM.fullmatch(facts.code):
        return "code", N_("编码只能用数字和大写字母，2 到 24 位")
    kind = kinds.get(facts.kind)
    if kind is None:
        return "kind", N_("没有这种单位类型")
    if facts.ends_on is not None and facts.ends_on <= facts.starts_on:
        return "ends_on", N_("终止日期要晚于起始日期")
    if not facts.parent_code:
        return None
    if not facts.code.startswith(facts.parent_code) or facts.code == facts.parent_code:
        return "code", N_("编码要以上级单位的编码开头")
    if facts.parent_kind not in kind.under:
        return "kind", N_("这种单位不能设在该上级单位之下")
    return _period_problem(facts)


def _period_problem(facts: UnitFacts) -> tuple[str, str] | None:
    if facts.parent_starts_on is not None and facts.starts_on < facts.parent_starts_on:
        return "starts_on", N_("起始日期早于上级单位的起始日期")
    end = facts.parent_ends_on
    if end is not None and (facts.ends_on is None or facts.ends_on > end):
        return "ends_on", N_("上级单位有终止日期，下级要在它之前或同日终止")
    return None


_CODE_FORM = re.compile(r"[0-9A-Z]{2,24}")
