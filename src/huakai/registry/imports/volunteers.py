"""volunteers.xlsx: registered volunteers. Set-wise throughout: a district has eighty thousand of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from huakai.kernel import masking
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry import rules
from huakai.registry.imports.cells import Line, in_chunks, lines_of, refuse_twice, words_of
from huakai.registry.imports.people import People
from huakai.registry.models import Membership, Person, Team, Unit, Volunteer
from huakai.registry.queries import sealed
from huakai.registry.queries.vocabulary import vocabulary_at
from huakai.registry.types import Actor

COLUMNS = (
    Column("name", "姓名", "Name", True),
    Column("honorific", "称谓", "Honorific", hint=N_("先生、女士、老师…")),
    Column("phone", "手机", "Phone", True),
    Column("idno", "身份证号", "ID number", hint=N_("选填；办理保险或时长证明时才需要")),
    Column("unit_code", "单位编码", "Unit code", True),
    Column("team_codes", "服务队编码", "Team codes", hint=N_("多个用、隔开")),
    Column("skills", "技能", "Skills", hint=N_("技能目录里的编码或名称，多个用、隔开")),
    Column("registered_on", "注册日期", "Registered on", True),
    Column("capacity_per_week", "每周可服务次数", "Orders per week"),
    Column("lon", "经度", "Longitude", hint="WGS-84"),
    Column("lat", "纬度", "Latitude", hint="WGS-84"),
)
CHANGEABLE = ("unit_id", "registered_on", "skills", "capacity_per_week", "lon", "lat")


@dataclass(frozen=True)
class _Row:
    name: str
    honorific: str
    phone: str
    idno: str
    teams: tuple[UUID, ...]
    volunteer: Volunteer


@dataclass(frozen=True)
class _Lists:
    """What rows refer to, read once."""

    units: Mapping[str, Unit]
    teams: Mapping[str, UUID]
    skills: Mapping[str, Mapping[str, str]]
    by: Actor


def import_volunteers(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Volunteers by phone number."""
    lines, problems = lines_of(table, COLUMNS)
    codes = {line.values.get("unit_code", "").strip() for line in lines}
    lists = _Lists(
        units=Unit.objects.in_bulk(codes, field_name="code"),
        teams=dict(Team.objects.values_list("code", "pk")),
        skills={code: words_of(vocabulary_at(code).skills) for code in codes},
        by=by,
    )
    rows = [(line, _row(line, lists)) for line in lines]
    refuse_twice(((line, row.phone) for line, row in rows), "phone")
    refuse_twice(((line, row.idno) for line, row in rows), "idno")
    if problems.found:
        return ImportReport("volunteers", len(rows), problems=problems.in_order(), dry_run=dry_run)
    work = _Work(now)
    work.look_up([row for _line, row in rows])
    for at, (line, row) in enumerate(rows, start=1):
        work.take(line, row)
        if progress and at % 2000 == 0:
            progress(at, len(rows))
    if not dry_run and not problems.found:
        work.write()
    if progress:
        progress(len(rows), len(rows))
    return ImportReport(
        kind="volunteers",
        rows=len(rows),
        created=len(work.new),
        updated=len(work.touched),
        unchanged=len(rows) - len(work.new) - len(work.touched),
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _row(line: Line, lists: _Lists) -> _Row:
    code = line.needed("unit_code", most=24)
    if code and code not in lists.units:
        line.refuse("unit_code", _("没有编码为 {key} 的单位"), key=code)
    elif code and not lists.by.may("import.run", code):
        line.refuse("unit_code", _("不在您管理的范围内"))
    phone = rules.plain_phone(line.needed("phone"))
    if phone and not rules.is_mainland_phone(phone):
        line.refuse("phone", _("手机号不对：应为 11 位数字"))
    idno = line.text("idno").upper()
    if idno and not rules.is_idno(idno):
        line.refuse("idno", _("身份证号不对：应为 18 位，最后一位是校验码"))
    lon, lat = line.point()
    return _Row(
        name=line.needed("name", most=30),
        honorific=line.text("honorific", most=8),
        phone=phone,
        idno=idno,
        teams=_teams(line, lists.teams),
        volunteer=Volunteer(
            unit=lists.units.get(code),
            registered_on=line.needed_day("registered_on"),
            skills=sorted(line.terms("skills", lists.skills.get(code, {}))),
            capacity_per_week=line.whole("capacity_per_week", default=3, least=1, most=50),
            lon=lon,
            lat=lat,
        ),
    )


def _teams(line: Line, teams: Mapping[str, UUID]) -> tuple[UUID, ...]:
    found = []
    for code in line.many("team_codes"):
        if code in teams:
            found.append(teams[code])
        else:
            line.refuse("team_codes", _("没有编码为 {key} 的队伍"), key=code)
    return tuple(found)


class _Work:
    """Who is registered already, and what the file adds or changes."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(CHINA).date()
        self.people = People(now)
        self.volunteers: dict[UUID, Volunteer] = {}
        self.joined: set[tuple[UUID, UUID]] = set()
        self.idnos: dict[str, UUID] = {}
        self.new: list[Volunteer] = []
        self.changed: list[Volunteer] = []
        self.persons: dict[UUID, Person] = {}
        self.memberships: list[Membership] = []
        self.touched: set[UUID] = set()

    def look_up(self, rows: list[_Row]) -> None:
        """Everything known about the file's people, in sets."""
        self.people.look_up(row.phone for row in rows)
        for chunk in in_chunks([p.pk for p in self.people.known.values()]):
            for volunteer in Volunteer.objects.filter(person__in=chunk):
                self.volunteers[volunteer.person_id] = volunteer
            live = Membership.objects.filter(person__in=chunk, ends_on=None)
            self.joined.update(live.values_list("person_id", "team_id"))
        for chunk_of_idnos in in_chunks({sealed.hash_of(r.idno, sealed.IDNO) for r in rows if r.idno}):
            owners = Person.objects.filter(idno_hash__in=chunk_of_idnos)
            self.idnos.update({h or "": pk for h, pk in owners.values_list("idno_hash", "pk")})

    def take(self, line: Line, row: _Row) -> None:
        """Compare one row; remember what it adds or changes."""
        known = self.people.of(row.phone)
        person = known or self.people.make(name=row.name, phone=row.phone, honorific=row.honorific)
        if row.idno and self.idnos.get(sealed.hash_of(row.idno, sealed.IDNO), person.pk) != person.pk:
            line.refuse("idno", _("这个身份证号已经登记在另一个人名下"))
            return
        changed = self._change_person(person, row, made=known is None)
        changed |= self._join(person, row)
        old = self.volunteers.get(person.pk)
        if old is None:
            row.volunteer.person = person
            self.new.append(row.volunteer)
            return
        if any(getattr(old, name) != getattr(row.volunteer, name) for name in CHANGEABLE):
            for name in CHANGEABLE:
                setattr(old, name, getattr(row.volunteer, name))
            self.changed.append(old)
            changed = True
        if changed:
            self.touched.add(person.pk)

    def _change_person(self, person: Person, row: _Row, *, made: bool) -> bool:
        """The office's list is the newer word on name and id number."""
        changed = False
        if (person.name_hash, person.honorific) != (sealed.hash_of(row.name, sealed.NAME), row.honorific):
            person.name_enc = sealed.cipher().encrypt(row.name, context=sealed.NAME)
            person.name_hash = sealed.hash_of(row.name, sealed.NAME)
            person.honorific = row.honorific
            person.name_masked = masking.mask_name(row.name, row.honorific)
            changed = True
        if row.idno and person.idno_hash != sealed.hash_of(row.idno, sealed.IDNO):
            person.idno_enc = sealed.cipher().encrypt(row.idno, context=sealed.IDNO)
            person.idno_hash = sealed.hash_of(row.idno, sealed.IDNO)
            person.idno_masked = masking.mask_idno(row.idno)
            changed = True
        if person.home_unit_id is None:
            person.home_unit = row.volunteer.unit
            changed = True
        if changed and not made:
            self.persons[person.pk] = person
        return changed

    def _join(self, person: Person, row: _Row) -> bool:
        fresh = [team for team in row.teams if (person.pk, team) not in self.joined]
        since = min(row.volunteer.registered_on, self.today)
        for team in fresh:
            self.memberships.append(
                Membership(id=new_id(self.now), team_id=team, person=person, starts_on=since)
            )
        return bool(fresh)

    def write(self) -> None:
        """Everything in batches, persons first."""
        self.people.write()
        columns = [
            "name_enc",
            "name_hash",
            "name_masked",
            "honorific",
            "idno_enc",
            "idno_hash",
            "idno_masked",
            "home_unit",
        ]
        Person.objects.bulk_update(self.persons.values(), columns, batch_size=500)
        for volunteers in in_chunks(self.new, 2000):
            Volunteer.objects.bulk_create(volunteers)
        names = [name.removesuffix("_id") for name in CHANGEABLE]
        Volunteer.objects.bulk_update(self.changed, names, batch_size=500)
        for memberships in in_chunks(self.memberships, 2000):
            Membership.objects.bulk_create(memberships)


register_importer(Importer("volunteers", "志愿者", "Volunteers", import_volunteers, COLUMNS, order=50))
