"""posts.csv: seats at units and who held them from when to when (rosters, SZ-06)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from huakai.kernel.errors import N_
from huakai.kernel.ids import new_id
from huakai.kernel.imports import Column, Importer, ImportReport, Progress, Table, register_importer
from huakai.registry import rules
from huakai.registry.imports.cells import Line, in_chunks, lines_of, words_of
from huakai.registry.imports.people import People
from huakai.registry.models import Holding, Person, Post, Unit
from huakai.registry.queries import sealed
from huakai.registry.queries.vocabulary import vocabulary_at
from huakai.registry.types import Actor

COLUMNS = (
    Column("unit_code", "单位编码", "Unit code", True),
    Column("body", "机构", "Body", hint=N_("领导小组等；空着表示单位本身的职务")),
    Column("code", "编码", "Code", True, N_("group_leader 组长、institute_head 所长、station_head 站长…")),
    Column("title", "职务", "Title", True),
    Column("print_order", "排序", "Print order"),
    Column("person_name", "姓名", "Name", True),
    Column("person_phone", "手机", "Phone"),
    Column("starts_on", "起始日期", "Starts on", True),
    Column("ends_on", "终止日期", "Ends on"),
)
PostKey = tuple[str, str, str]


@dataclass(frozen=True)
class _Row:
    line: Line
    unit: Unit | None
    key: PostKey
    title: str
    print_order: int
    name: str
    phone: str
    starts_on: date
    ends_on: date | None


def import_posts(
    *, table: Table, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """Holdings by post, person and first day."""
    lines, problems = lines_of(table, COLUMNS)
    units = Unit.objects.in_bulk({line.values.get("unit_code", "") for line in lines}, field_name="code")
    rows = [_row(line, units, by) for line in lines]
    work = _Work(rows, units, now)
    if not problems.found:
        for row in rows:
            work.take(row)
        if not dry_run:
            work.write()
    if progress:
        progress(len(rows), len(rows))
    return ImportReport(
        kind="posts",
        rows=len(rows),
        created=len(work.new),
        updated=work.updated,
        unchanged=len(rows) - len(work.new) - work.updated if not problems.found else 0,
        problems=problems.in_order(),
        dry_run=dry_run,
    )


def _row(line: Line, units: Mapping[str, Unit], by: Actor) -> _Row:
    code = line.needed("unit_code", most=24)
    if code and code not in units:
        line.refuse("unit_code", _("没有编码为 {key} 的单位"), key=code)
    elif code and not by.may("import.run", code):
        line.refuse("unit_code", _("不在您管理的范围内"))
    phone = rules.plain_phone(line.text("person_phone"))
    if phone and not rules.is_mainland_phone(phone):
        line.refuse("person_phone", _("手机号不对"))
    starts_on, ends_on = line.needed_day("starts_on"), line.day("ends_on")
    if ends_on is not None and ends_on <= starts_on:
        line.refuse("ends_on", _("终止日期要晚于起始日期"))
    post = line.term("code", words_of(vocabulary_at(code).post_kinds), needed=True)
    return _Row(
        line=line,
        unit=units.get(code),
        key=(code, line.text("body"), post),
        title=line.needed("title"),
        print_order=line.whole("print_order", default=0),
        name=line.needed("person_name", most=30),
        phone=phone,
        starts_on=starts_on,
        ends_on=ends_on,
    )


class _Work:
    """Posts, persons and holdings the file is compared with, and what it adds."""

    def __init__(self, rows: list[_Row], units: Mapping[str, Unit], now: datetime) -> None:
        self.now = now
        self.people = People(now)
        self.people.look_up(row.phone for row in rows)
        self.posts: dict[PostKey, Post] = {}
        self.new_posts: list[Post] = []
        self.new: list[Holding] = []
        self.ended: list[Holding] = []
        self.retitled: list[Post] = []
        self.holdings: dict[tuple[UUID, UUID, date], Holding] = {}
        self.by_name: dict[tuple[str, str], Person] = {}
        for post in Post.objects.filter(unit__in=list(units.values())).select_related("unit"):
            self.posts[post.unit.code, post.body, post.code] = post
        held = Holding.objects.filter(post__in=list(self.posts.values())).select_related(
            "person", "post__unit"
        )
        for holding in held:
            self.holdings[holding.post_id, holding.person_id, holding.starts_on] = holding
            self.by_name[holding.post.unit.code, holding.person.name_hash] = holding.person

    @property
    def updated(self) -> int:
        return len(self.ended)

    def take(self, row: _Row) -> None:
        """Compare one row; remember what it adds."""
        post, person = self._post(row), self._person(row)
        known = self.holdings.get((post.pk, person.pk, row.starts_on))
        if known is None:
            at = self.now + timedelta(microseconds=len(self.new))  # ids keep the order of the file
            holding = Holding(
                id=new_id(at), post=post, person=person, starts_on=row.starts_on, ends_on=row.ends_on
            )
            self.new.append(holding)
            self.holdings[post.pk, person.pk, row.starts_on] = holding
        elif known.ends_on != row.ends_on:
            known.ends_on = row.ends_on
            self.ended.append(known)

    def _post(self, row: _Row) -> Post:
        post = self.posts.get(row.key)
        if post is None:
            post = Post(
                id=new_id(self.now),
                unit=row.unit,
                body=row.key[1],
                code=row.key[2],
                title=row.title,
                print_order=row.print_order,
            )
            self.posts[row.key] = post
            self.new_posts.append(post)
        elif (post.title, post.print_order) != (row.title, row.print_order) and not post._state.adding:
            post.title, post.print_order = row.title, row.print_order
            self.retitled.append(post)
        return post

    def _person(self, row: _Row) -> Person:
        """By phone; without one by name among those who hold posts at the same unit."""
        key = (row.key[0], sealed.hash_of(row.name, sealed.NAME))
        found = self.people.of(row.phone) if row.phone else self.by_name.get(key)
        if found is None:
            found = self.people.make(name=row.name, phone=row.phone)
        self.by_name.setdefault(key, found)
        return found

    def write(self) -> None:
        self.people.write()
        Post.objects.bulk_create(self.new_posts)
        for chunk in in_chunks(self.new):
            Holding.objects.bulk_create(chunk)
        Holding.objects.bulk_update(self.ended, ["ends_on"], batch_size=500)
        Post.objects.bulk_update(self.retitled, ["title", "print_order"], batch_size=500)


register_importer(Importer("posts", "职务", "Posts", import_posts, COLUMNS, order=30))
