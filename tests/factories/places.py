"""A place as it comes into an installation: pack published, units imported, people with roles, and their doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.types import CaseRef, MoveInput, NewOrder
from huakai.files import services as files
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from huakai.registry import services as registry_services
from huakai.registry.models import Account, Holding, Post, Unit
from huakai.registry.types import SYSTEM, Actor
from tests.cast import BEFORE, NOW
from tests.factories import registry as factory

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclass(frozen=True)
class Somebody:
    """A person of the place, as stored."""

    name: str
    person_id: UUID
    account_id: int


@dataclass
class Place:
    """A place with whoever the test has put into it, by the name the test gives them."""

    edition: EditionView
    people: dict[str, Somebody] = field(default_factory=dict)
    _keys: int = 0
    _tokens: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return self.edition.root_code

    def appoint(self, who: str, role: str, at: str, *, name: str = "") -> Somebody:
        """Give somebody a role at a unit, making them first when they are new."""
        found = self.people.get(who) or self.join(who, name=name)
        registry_services.appoint(person_id=found.person_id, role=role, unit_code=at, by=SYSTEM, now=BEFORE)
        return found

    def join(self, who: str, *, name: str = "", home: str = "") -> Somebody:
        """Somebody with an account and no role."""
        person = factory.make_person(name or who, home=home)
        account = Account(person_id=person)
        account.set_unusable_password()
        account.save()
        self.people[who] = Somebody(name or who, person, account.pk)
        return self.people[who]

    def actor(self, who: str, now: datetime = NOW) -> Actor:
        """Who they are and what they may do."""
        return registry.actor_of_account(self.people[who].account_id, now)

    def client(self, who: str) -> Client:
        """A browser they are signed in with."""
        client = Client()
        client.force_login(Account.objects.get(pk=self.people[who].account_id))
        return client

    def api(self, who: str, method: str, path: str, **options: Any) -> Any:
        """A call through the machine door with a token of theirs."""
        headers = {"Authorization": f"Bearer {self._token(who)}", "Idempotency-Key": self._key()}
        send = getattr(Client(), method)
        return send(f"/api/v1{path}", content_type="application/json", headers=headers, **options)

    def _token(self, who: str) -> str:
        if who not in self._tokens:
            self._tokens[who] = registry_services.issue_token(
                account_id=self.people[who].account_id,
                label="test",
                scopes=("cases:read", "cases:write"),
                days=1,
                by=SYSTEM,
                now=NOW,
            )
        return self._tokens[who]

    def _key(self) -> str:
        self._keys += 1
        return f"{self.edition.pack_code}-{self._keys}"

    def call_in(self, who: str, *, area: str, category: str, caller: str, name: str, detail: str) -> UUID:
        """A matter entered at the desk for somebody who calls or stands at the counter; its case."""
        given = {
            "client_key": self._key(),
            "name": name,
            "phone": f"1990000{7000 + self._keys:04d}",
            "caller": caller,
            "channel": "counter",
            "area": area,
            "item": f"category:{category}",
            "detail": detail,
        }
        answer = self.client(who).post("/desk/order/", given)
        assert answer.status_code == 302, answer.content.decode()
        return UUID(answer["Location"].split("/")[3])

    def open(self, who: str, *, area: str, photos: int = 0, now: datetime = NOW, **order: Any) -> UUID:
        """A case opened through the service, with as many photos; its id."""
        wanted = NewOrder(**({"client_key": self._key(), "flow": "", "area_code": area} | order))
        by = self.actor(who, now)
        return services.open_order(order=wanted, photos=[picture()] * photos, by=by, now=now).id

    def move(
        self, who: str, case_id: UUID, move: str, *, photos: int = 0, now: datetime = NOW, **given: Any
    ) -> CaseRef:
        """One move through the service, with what `MoveInput` names."""
        return services.move_with_photos(
            case_id=case_id,
            move=move,
            given=MoveInput(**given),
            photos=[picture()] * photos,
            by=self.actor(who, now),
            now=now,
            client_key=self._key(),
        )

    def press(self, who: str, case_id: UUID, move: str, *, photos: int = 0, **fields: str) -> Any:
        """One move on the desk's page: the form is there, it is sent, and it is taken; the page it leads to."""
        client, url = self.client(who), f"/desk/cases/{case_id}/moves/{move}/"
        shown = client.get(url)
        assert shown.status_code == 200, f"{who} is not offered {move}"
        sent: dict[str, Any] = {"client_key": self._key(), **fields}
        if photos:
            sent["photos"] = [
                SimpleUploadedFile(f"{n}.jpg", picture(), content_type="image/jpeg") for n in range(photos)
            ]
        answer = client.post(url, sent)
        assert answer.status_code == 302, answer.content.decode()
        return client.get(f"/desk/cases/{case_id}/")

    def pane(self, who: str, case_id: UUID) -> str:
        """The case as the desk shows it to them."""
        answer = self.client(who).get(f"/desk/cases/{case_id}/")
        assert answer.status_code == 200
        return str(answer.content.decode())

    def take_post(self, who: str, unit: str, *, since: date, until: date | None = None) -> Somebody:
        """Make somebody the first-responsible person (第一责任人) of a unit from one day to another."""
        found = self.people.get(who) or self.join(who)
        code = registry.first_posts(unit)[0]
        at = Unit.objects.get(code=unit)
        post, _made = Post.objects.get_or_create(
            unit=at, body="", code=code, defaults={"id": new_id(NOW), "title": "第一责任人", "print_order": 1}
        )
        Holding.objects.create(
            id=new_id(NOW), post=post, person_id=found.person_id, starts_on=since, ends_on=until
        )
        return found


def picture() -> bytes:
    """A small photo."""
    content = BytesIO()
    Image.new("RGB", (24, 18), "darkgreen").save(content, "JPEG")
    return content.getvalue()


def publish(code: str, *, root: Path | None = None, now: datetime = BEFORE) -> EditionView:
    """Publish a pack, from `packs/` or from another folder of packs."""
    edition = pack_services.publish(pack_code=code, root=root or settings.PACKS_ROOT, by=None, now=now)
    packs.forget_current()
    return edition


def set_up(code: str, *, units: str = "") -> Place:
    """The shipped pack of a place and the units its office hands in (`examples/<place>/units.csv`)."""
    place = Place(publish(code))
    name = f"{units or code}/units.csv"
    content = (EXAMPLES / name).read_bytes()
    report = files.run_import(kind="units", content=content, name=name, dry_run=False, by=SYSTEM, now=BEFORE)
    assert report.problems == ()
    return place


def case(case_id: UUID) -> Case:
    """The case as it stands in the table."""
    return Case.objects.get(pk=case_id)


def stages(ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Where each case stands."""
    return dict(Case.objects.filter(pk__in=ids).values_list("pk", "stage"))
