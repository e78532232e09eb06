"""Writes of persons: one real identity per phone number, full text shown only as a recorded act."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel import masking
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import queries, rules
from huakai.registry.models import Person, Unit
from huakai.registry.queries import sealed
from huakai.registry.types import Actor

Field = Literal["name", "phone", "idno", "address"]
FIELDS: tuple[Field, ...] = ("name", "phone", "idno", "address")
SYNTHETIC_PHONES = "1990000"
"""Numbers of demonstration persons begin like this; no operator has assigned them."""


@dataclass(frozen=True)
class PersonChange:
    """What of a person is to change; None leaves a field as it is, empty clears it."""

    name: str | None = None
    honorific: str | None = None
    idno: str | None = None
    address: str | None = None
    home_code: str | None = None
    language: str | None = None
    lon: float | None = None
    lat: float | None = None


def plain_phone(phone: str) -> str:
    """The number as it is stored; refused when it cannot be one."""
    plain = rules.plain_phone(phone)
    if not rules.is_mainland_phone(plain):
        raise RuleBroken("phone_wrong", N_("手机号不对：应为 11 位数字，例如 13812345678"), field="phone")
    return plain


def unit_of(code: str, field: str = "unit_code") -> Unit:
    """The unit with this code; refused in words when there is none."""
    unit = Unit.objects.filter(code=code).first()
    if unit is None:
        raise RuleBroken("unit_unknown", N_("没有编码为 {key} 的单位"), field=field, key=code)
    return unit


def new_person(*, name: str, phone: str, honorific: str, home: Unit | None, now: datetime) -> Person:
    """A row that is not saved yet: ciphertext, keyed hashes, masks."""
    cipher = sealed.cipher()
    return Person(
        id=new_id(now),
        name_enc=cipher.encrypt(name, context=sealed.NAME),
        name_masked=masking.mask_name(name, honorific),
        name_hash=sealed.hash_of(name, sealed.NAME),
        phone_enc=cipher.encrypt(phone, context=sealed.PHONE) if phone else None,
        phone_masked=masking.mask_phone(phone) if phone else "",
        phone_hash=sealed.hash_of(phone, sealed.PHONE) if phone else None,
        honorific=honorific,
        home_unit=home,
        is_synthetic=phone.startswith(SYNTHETIC_PHONES),
        created_at=now,
    )


@transaction.atomic
def find_or_make_person(
    *, name: str, phone: str, honorific: str = "", home_code: str = "", by: Actor, now: datetime
) -> UUID:
    """The person with this phone number, made when unknown. Two at once get the same person."""
    plain = plain_phone(phone) if phone else ""
    if plain:
        known = queries.person_by_phone(plain)
        if known:
            return known
    home = unit_of(home_code, "home_code") if home_code else None
    person = new_person(name=name.strip(), phone=plain, honorific=honorific, home=home, now=now)
    Person.objects.bulk_create([person], ignore_conflicts=True)
    if plain:
        winner: UUID = Person.objects.filter(phone_hash=person.phone_hash).values_list("pk", flat=True).get()
        if winner != person.pk:
            return winner
    record_of_person("person.registered", person.pk, by=by, now=now, area_code=home_code)
    return person.pk


def record_of_person(
    name: str,
    person_id: UUID,
    *,
    by: Actor,
    now: datetime,
    area_code: str = "",
    after: dict[str, object] | None = None,
) -> None:
    """One line in the record about a person; never with a personal field in it."""
    audit.record(
        Fact(
            name=name,
            subject=Subject("person", str(person_id)),
            at=now,
            actor_id=by.person_id,
            after=after or {},
            area_code=area_code,
            request_id=by.request_id,
        )
    )


def person_row(person_id: UUID, *, lock: bool = False) -> Person:
    """The row; refused in words when there is none."""
    rows = Person.objects.select_for_update(of=("self",)) if lock else Person.objects
    person = rows.select_related("home_unit").filter(pk=person_id).first()
    if person is None:
        raise NotFound("person_unknown", N_("没有找到这个人"))
    return person


def _require_for_person(by: Actor, action: str, person_id: UUID) -> str:
    """The area of the person, when the actor may do `action` there."""
    area = queries.area_of_person(person_id)
    if not any(area.startswith(prefix) for prefix in by.prefixes(action)):
        raise NotAllowed("not_allowed", N_("您的岗位没有这项权限，请联系本单位管理员开通"))
    return area


@transaction.atomic
def reveal(*, person_id: UUID, field: Field, reason: str, by: Actor, now: datetime) -> str:
    """One personal field in full. It needs a right and a reason, and stands in the record for the person to see."""
    person = person_row(person_id)
    area = ""
    if person_id != by.person_id:
        area = _require_for_person(by, "person.reveal", person_id)
        if len(reason.strip()) < 4:
            message = N_("请写明查看原因，至少 4 个字，例如：电话核实上门时间")
            raise RuleBroken("reason_missing", message, field="reason")
    if field not in FIELDS:
        raise RuleBroken("field_unknown", N_("没有这一项信息"), field="field")
    text = sealed.clear(getattr(person, f"{field}_enc"), f"person.{field}")
    after: dict[str, object] = {"field": field, "reason": reason.strip()[:200]}
    record_of_person("person.revealed", person_id, by=by, now=now, area_code=area, after=after)
    return text


@transaction.atomic
def update_person(*, person_id: UUID, change: PersonChange, by: Actor, now: datetime) -> None:
    """Change a person: oneself, or somebody under one's units. The record names the fields, not their text."""
    person = person_row(person_id, lock=True)
    area = "" if person_id == by.person_id else _require_for_person(by, "person.edit", person_id)
    fields = _apply(person, change)
    if not fields:
        return
    person.save(update_fields=sorted(fields))
    after: dict[str, object] = {"fields": sorted(f.removesuffix("_enc") for f in fields)}
    record_of_person("person.updated", person_id, by=by, now=now, area_code=area, after=after)


def _apply(person: Person, change: PersonChange) -> set[str]:
    fields: set[str] = set()
    if change.name is not None or change.honorific is not None:
        fields |= _apply_name(person, change)
    if change.idno is not None:
        fields |= _apply_idno(person, change.idno.strip().upper())
    if change.address is not None:
        text = change.address.strip()
        person.address_enc = sealed.cipher().encrypt(text, context=sealed.ADDRESS) if text else None
        fields.add("address_enc")
    if change.home_code is not None:
        person.home_unit = unit_of(change.home_code, "home_code") if change.home_code else None
        fields.add("home_unit")
    if change.language is not None:
        person.language = change.language
        fields.add("language")
    if change.lon is not None and change.lat is not None:
        person.lon, person.lat = change.lon, change.lat
        fields |= {"lon", "lat"}
    return fields


def _apply_name(person: Person, change: PersonChange) -> set[str]:
    name = sealed.clear(person.name_enc, sealed.NAME) if change.name is None else change.name.strip()
    if not name or len(name) > 30:
        raise RuleBroken("name_wrong", N_("请填写姓名，不超过 30 个字"), field="name")
    person.honorific = person.honorific if change.honorific is None else change.honorific.strip()[:8]
    person.name_enc = sealed.cipher().encrypt(name, context=sealed.NAME)
    person.name_hash = sealed.hash_of(name, sealed.NAME)
    person.name_masked = masking.mask_name(name, person.honorific)
    return {"name_enc", "name_hash", "name_masked", "honorific"}


def _apply_idno(person: Person, idno: str) -> set[str]:
    if idno and not rules.is_idno(idno):
        raise RuleBroken("idno_wrong", N_("身份证号不对：应为 18 位，最后一位是校验码"), field="idno")
    hashed = sealed.hash_of(idno, sealed.IDNO) if idno else None
    if hashed and Person.objects.filter(idno_hash=hashed).exclude(pk=person.pk).exists():
        raise RuleBroken("idno_taken", N_("这个身份证号已经登记在另一个人名下"), field="idno")
    person.idno_enc = sealed.cipher().encrypt(idno, context=sealed.IDNO) if idno else None
    person.idno_hash, person.idno_masked = hashed, masking.mask_idno(idno)
    return {"idno_enc", "idno_hash", "idno_masked"}


def clear_contact(person_id: UUID) -> tuple[str, str]:
    """Name and phone in full, for a caller that has checked the right and writes the record itself."""
    person = person_row(person_id)
    return sealed.clear(person.name_enc, sealed.NAME), sealed.clear(person.phone_enc, sealed.PHONE)
