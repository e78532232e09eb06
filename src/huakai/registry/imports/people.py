"""Persons named in an office's file: found by phone in sets, made when unknown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from huakai.registry.imports.cells import in_chunks
from huakai.registry.models import Person
from huakai.registry.queries import sealed
from huakai.registry.services.people import new_person


@dataclass
class People:
    """Who is known, by phone hash; new ones wait to be written together."""

    now: datetime
    known: dict[str, Person] = field(default_factory=dict)
    new: list[Person] = field(default_factory=list)

    def look_up(self, phones: Iterable[str]) -> None:
        """Read everybody whose phone the file names, in sets."""
        for chunk in in_chunks({sealed.hash_of(phone, sealed.PHONE) for phone in phones if phone}):
            rows = Person.objects.filter(phone_hash__in=chunk)
            self.known.update({row.phone_hash or "": row for row in rows})

    def of(self, phone: str) -> Person | None:
        """The person with this phone."""
        return self.known.get(sealed.hash_of(phone, sealed.PHONE))

    def make(self, *, name: str, phone: str, honorific: str = "") -> Person:
        """A new person; not written yet."""
        person = new_person(name=name, phone=phone, honorific=honorific, home=None, now=self.now)
        self.new.append(person)
        if person.phone_hash:
            self.known[person.phone_hash] = person
        return person

    def write(self) -> None:
        """Write the new ones."""
        for chunk in in_chunks(self.new, 2000):
            Person.objects.bulk_create(chunk)
