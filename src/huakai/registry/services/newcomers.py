"""Many persons at once, as an office's file names them: the same outcome as one by one, in a few statements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.models import Person, Unit
from huakai.registry.queries import sealed
from huakai.registry.services.people import new_person, plain_phone
from huakai.registry.types import Actor

BATCH = 2000


@dataclass(frozen=True)
class Newcomer:
    """Somebody a file names; the phone says who it is."""

    name: str
    phone: str
    honorific: str = ""
    home_code: str = ""


@transaction.atomic
def find_or_make_people(*, people: Iterable[Newcomer], by: Actor, now: datetime) -> dict[str, UUID]:
    """Phone → person; unknown ones are made, each with its record. Of two lines with one phone the first names it."""
    by_hash: dict[str, Newcomer] = {}
    for one in people:
        by_hash.setdefault(sealed.hash_of(plain_phone(one.phone), sealed.PHONE), one)
    known = _known(by_hash)
    missing = {hashed: one for hashed, one in by_hash.items() if hashed not in known}
    homes = Unit.objects.in_bulk({one.home_code for one in missing.values()} - {""}, field_name="code")
    waiting = iter(missing.values())
    while batch := list(islice(waiting, BATCH)):
        known |= _make(batch, homes, by, now)
    return {one.phone: known[hashed] for hashed, one in by_hash.items()}


def _known(hashes: Iterable[str]) -> dict[str, UUID]:
    found: dict[str, UUID] = {}
    waiting = iter(hashes)
    while batch := list(islice(waiting, BATCH)):
        rows = Person.objects.filter(phone_hash__in=batch).values_list("phone_hash", "pk")
        found |= {hashed or "": pk for hashed, pk in rows}
    return found


def _make(batch: list[Newcomer], homes: Mapping[str, Unit], by: Actor, now: datetime) -> dict[str, UUID]:
    """Insert; where another connection was faster, its person counts and has been recorded already."""
    made = [
        new_person(
            name=one.name.strip(),
            phone=plain_phone(one.phone),
            honorific=one.honorific,
            home=_home(one, homes),
            now=now,
        )
        for one in batch
    ]
    Person.objects.bulk_create(made, ignore_conflicts=True)
    found = _known([person.phone_hash or "" for person in made])
    ours = [(p, one) for p, one in zip(made, batch, strict=True) if found[p.phone_hash or ""] == p.pk]
    audit.record_all(
        [
            Fact(
                name="person.registered",
                subject=Subject("person", str(person.pk)),
                at=now,
                actor_id=by.person_id,
                area_code=one.home_code,
                request_id=by.request_id,
            )
            for person, one in ours
        ]
    )
    return found


def _home(one: Newcomer, homes: Mapping[str, Unit]) -> Unit | None:
    if one.home_code and one.home_code not in homes:
        raise RuleBroken("unit_unknown", N_("没有编码为 {key} 的单位"), field="home_code", key=one.home_code)
    return homes.get(one.home_code)
