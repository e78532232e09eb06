"""Reads of persons, always masked; full text comes only from `services.reveal`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.registry import rules
from huakai.registry.models import Account, ApiToken, Appointment, Membership, Person, Volunteer
from huakai.registry.queries import sealed
from huakai.registry.queries.scope import scope_q
from huakai.registry.types import AccountCard, Actor, AppointmentCard, Look, PersonCard, TokenCard


def _people() -> QuerySet[Person]:
    return Person.objects.select_related("home_unit").annotate(
        volunteers=Exists(Volunteer.objects.filter(person=OuterRef("pk"), state="active"))
    )


def card_of(person: Person) -> PersonCard:
    """The person as the neighbours know it; wants `home_unit` and `volunteers`."""
    home = person.home_unit
    return PersonCard(
        id=person.pk,
        name=person.name_masked,
        phone=person.phone_masked,
        idno=person.idno_masked,
        honorific=person.honorific,
        language=person.language,
        home_code=home.code if home else "",
        home_name=home.name if home else "",
        is_volunteer=person.volunteers,  # type: ignore[attr-defined]
        lon=person.lon,
        lat=person.lat,
        is_synthetic=person.is_synthetic,
    )


def person_card(person_id: UUID) -> PersonCard | None:
    """One person, masked."""
    person = _people().filter(pk=person_id).first()
    return card_of(person) if person else None


def masked_names(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Person → masked name, for lists and histories."""
    wanted = {p for p in person_ids if p is not None}
    return dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name_masked")) if wanted else {}


def people_brief(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Person → masked name."""
    return masked_names(ids)


def person_by_phone(phone: str) -> UUID | None:
    """Who has this phone number."""
    wanted = sealed.hash_of(rules.plain_phone(phone), sealed.PHONE)
    return Person.objects.filter(phone_hash=wanted).values_list("pk", flat=True).first()


@dataclass(frozen=True)
class PeoplePage:
    """One page of people and where the next one starts."""

    people: tuple[PersonCard, ...]
    next_after: str


def visible_people(actor: Actor) -> Q:
    """Persons whose home, registration or appointment lies under the actor's units."""
    volunteers = Volunteer.objects.filter(scope_q(actor, "person.view", area_field="unit__code"))
    staff = Appointment.objects.filter(scope_q(actor, "person.view", area_field="unit__code"))
    homes = scope_q(actor, "person.view", area_field="home_unit__code")
    return homes | Q(pk__in=volunteers.values("person_id")) | Q(pk__in=staff.values("person_id"))


def people_page(actor: Actor, words: str = "", *, after: str = "", limit: int = 50) -> PeoplePage:
    """Search by whole phone, whole name, whole id number, or the beginning of the masked name or number."""
    rows = _people().filter(visible_people(actor)).order_by("id")
    words = words.strip()
    if words:
        rows = rows.filter(_matches(words))
    if after:
        rows = rows.filter(pk__gt=UUID(after))
    found = [card_of(p) for p in rows[: limit + 1]]
    return PeoplePage(tuple(found[:limit]), str(found[limit - 1].id) if len(found) > limit else "")


def _matches(words: str) -> Q:
    phone = rules.plain_phone(words)
    found = Q(name_hash=sealed.hash_of(words, sealed.NAME)) | Q(name_masked__startswith=words.rstrip("*"))
    if phone:
        found |= Q(phone_hash=sealed.hash_of(phone, sealed.PHONE)) | Q(phone_masked__startswith=words)
    if rules.is_idno(words):
        found |= Q(idno_hash=sealed.hash_of(words.upper(), sealed.IDNO))
    return found


def may_see(actor: Actor, person_id: UUID) -> bool:
    """May the actor open this person's page?"""
    return person_id == actor.person_id or Person.objects.filter(visible_people(actor), pk=person_id).exists()


def area_of_person(person_id: UUID) -> str:
    """Unit code of the home, else where registered, else where appointed; empty when unknown."""
    row = Person.objects.filter(pk=person_id).values_list("home_unit__code", flat=True).first()
    if row:
        return str(row)
    unit = Volunteer.objects.filter(person=person_id).values_list("unit__code", flat=True).first()
    if unit:
        return str(unit)
    return str(
        Appointment.objects.filter(person=person_id).values_list("unit__code", flat=True).first() or ""
    )


def looks_at(person_id: UUID) -> tuple[Look, ...]:
    """Who saw this person's fields in full, newest first."""
    events = [e for e in audit.history(Subject("person", str(person_id))) if e.name == "person.revealed"]
    names = masked_names(e.actor_id for e in events)
    titles = {"name": _("姓名"), "phone": _("手机"), "idno": _("身份证号"), "address": _("地址")}
    return tuple(
        Look(
            at=e.at,
            by=names.get(e.actor_id, "") if e.actor_id else "",
            field=e.after["field"],
            field_title=titles.get(e.after["field"], e.after["field"]),
            reason=e.after["reason"],
        )
        for e in reversed(events)
    )


def appointments_of(person_id: UUID) -> tuple[AppointmentCard, ...]:
    """Dated roles of a person, newest first."""
    rows = Appointment.objects.filter(person=person_id).select_related("unit").order_by("-starts_at")
    return tuple(
        AppointmentCard(a.pk, a.role, a.unit.code, a.unit.name, a.starts_at, a.ends_at, person_id=a.person_id)
        for a in rows
    )


def accounts_page(actor: Actor, words: str = "", *, limit: int = 100) -> tuple[AccountCard, ...]:
    """Staff accounts under the actor's units, with their open appointments."""
    held = Appointment.objects.filter(scope_q(actor, "user.manage", area_field="unit__code")).values(
        "person_id"
    )
    rows = (
        Account.objects.filter(person__in=held)
        .exclude(username=None)
        .select_related("person")
        .order_by("username")
    )
    if words:
        rows = rows.filter(username__startswith=words.strip())
    accounts = list(rows[:limit])
    roles = _open_roles([a.person_id for a in accounts])
    return tuple(account_card(a, roles.get(a.person_id, ())) for a in accounts)


def account_of(account_id: int) -> AccountCard | None:
    """One staff account."""
    account = Account.objects.select_related("person").filter(pk=account_id).first()
    if account is None:
        return None
    return account_card(account, _open_roles([account.person_id]).get(account.person_id, ()))


def account_card(account: Account, appointments: tuple[AppointmentCard, ...]) -> AccountCard:
    """The account as pages show it."""
    return AccountCard(
        id=account.pk,
        username=account.username or "",
        person_id=account.person_id,
        name=account.person.name_masked,
        is_active=account.is_active,
        appointments=appointments,
    )


def _open_roles(people: list[UUID]) -> Mapping[UUID, tuple[AppointmentCard, ...]]:
    rows = (
        Appointment.objects.filter(person__in=people, ends_at=None)
        .select_related("unit")
        .order_by("starts_at")
    )
    found: dict[UUID, tuple[AppointmentCard, ...]] = {}
    for a in rows:
        card = AppointmentCard(
            a.pk, a.role, a.unit.code, a.unit.name, a.starts_at, a.ends_at, person_id=a.person_id
        )
        found[a.person_id] = (*found.get(a.person_id, ()), card)
    return found


def tokens_of(account_id: int) -> tuple[TokenCard, ...]:
    """Bearer tokens of an account, newest first; the token itself is nowhere."""
    rows = ApiToken.objects.filter(account=account_id).order_by("-created_at")
    return tuple(
        TokenCard(t.pk, t.label, tuple(t.scopes), t.created_at, t.expires_at, t.revoked_at) for t in rows
    )


def teams_of_person(person_id: UUID) -> tuple[str, ...]:
    """Names of the teams a person belongs to now."""
    rows = (
        Membership.objects.filter(person=person_id, ends_on=None)
        .select_related("team")
        .order_by("team__code")
    )
    return tuple(m.team.name for m in rows)
