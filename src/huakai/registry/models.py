"""Tables of the registry: dated tree of units, persons, posts, roles, teams, places, accounts."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


def _key() -> models.UUIDField[Any, Any]:
    return models.UUIDField(primary_key=True, editable=False)


def _code(length: int = 24, **options: Any) -> models.CharField[Any, Any]:
    """Unit codes collate "C", so `LIKE 'prefix%'` is one index range."""
    return models.CharField(max_length=length, db_collation="C", **options)


def _on_earth(name: str) -> models.CheckConstraint:
    """Both coordinates or none, in degrees."""
    both = Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90))
    return models.CheckConstraint(name=name, condition=Q(lon=None, lat=None) | both)


def _period(name: str, unit: str = "on") -> models.CheckConstraint:
    """A half-open period that is not empty."""
    end, start = f"ends_{unit}", f"starts_{unit}"
    return models.CheckConstraint(name=name, condition=Q(**{end: None}) | Q(**{f"{end}__gt": F(start)}))


def _down(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)


class Unit(models.Model):
    """A node of the dated tree; its code is a prefix of its children's."""

    id = _key()
    code = _code(unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40, blank=True)
    aliases = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    kind = models.CharField(max_length=24)
    group = models.CharField(max_length=24, blank=True)
    parent = _down("registry.Unit", null=True, blank=True)
    print_order = models.PositiveIntegerField(default=0)
    pack_code = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "code"], name="unit_by_kind")]
        constraints: ClassVar = [
            _period("unit_period"),
            _on_earth("unit_coordinates"),
            models.CheckConstraint(name="unit_code_form", condition=Q(code__regex=r"^[0-9A-Z]{2,24}$")),
        ]

    def __str__(self) -> str:
        return self.name


class AreaShape(models.Model):
    """The outline of a unit from one day to another (half-open): GeoJSON, WGS-84 degrees, longitude first."""

    id = _key()
    unit = _down("registry.Unit")
    geometry = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            _period("shape_period"),
            models.UniqueConstraint(fields=["unit", "starts_on"], name="shape_once"),
            models.CheckConstraint(
                name="shape_geometry",
                condition=Q(geometry__type__in=["Polygon", "MultiPolygon"], geometry__has_key="coordinates"),
            ),
        ]


class Person(models.Model):
    """One real identity. Clear text never stands here: ciphertext, a keyed hash, and the masked form."""

    id = _key()
    name_enc = models.BinaryField()
    name_masked = models.CharField(max_length=40)
    name_hash = models.CharField(max_length=64)
    phone_enc = models.BinaryField(null=True)
    phone_masked = models.CharField(max_length=20, blank=True)
    phone_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001 - unique when known
    idno_enc = models.BinaryField(null=True)
    idno_masked = models.CharField(max_length=24, blank=True)
    idno_hash = models.CharField(max_length=64, null=True)  # noqa: DJ001
    honorific = models.CharField(max_length=8, blank=True)
    language = models.CharField(max_length=8, default="zh-hans")
    home_unit = _down("registry.Unit", null=True, blank=True)
    address_enc = models.BinaryField(null=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name_hash"], name="person_by_name")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["phone_hash"], name="person_phone_once"),
            models.UniqueConstraint(fields=["idno_hash"], name="person_idno_once"),
            _on_earth("person_coordinates"),
            models.CheckConstraint(
                name="person_phone_pair",
                condition=Q(phone_enc=None, phone_hash=None)
                | Q(phone_enc__isnull=False, phone_hash__isnull=False),
            ),
            models.CheckConstraint(
                name="person_idno_pair",
                condition=Q(idno_enc=None, idno_hash=None)
                | Q(idno_enc__isnull=False, idno_hash__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name_masked


class Place(models.Model):
    """A venue: centre, institute, station, base, post house …; kinds are pack data."""

    id = _key()
    code = _code(unique=True)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=80)
    unit = _down("registry.Unit")
    parent = _down("registry.Place", null=True, blank=True)
    address = models.CharField(max_length=120, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "code"], name="place_by_kind")]
        constraints: ClassVar = [
            _period("place_period"),
            _on_earth("place_coordinates"),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A seat at a unit (组长, 所长, 站长 …), separate from whoever holds it."""

    id = _key()
    unit = _down("registry.Unit")
    body = models.CharField(max_length=80, blank=True)
    """The group the seat belongs to, as printed (领导小组 …); empty: the unit itself."""
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=80)
    print_order = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "body", "code"], name="post_once_per_unit"),
        ]

    def __str__(self) -> str:
        return self.title


class Holding(models.Model):
    """Who held a post from when to when (half-open). Several may hold one post at once."""

    id = _key()
    post = _down("registry.Post")
    person = _down("registry.Person")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["post", "starts_on"], name="holding_by_post")]
        constraints: ClassVar = [
            _period("holding_period"),
            models.UniqueConstraint(fields=["post", "person", "starts_on"], name="holding_once"),
        ]


class Appointment(models.Model):
    """A dated role of a person at a unit; what the role may do is pack data."""

    id = _key()
    person = _down("registry.Person")
    role = models.CharField(max_length=40)
    unit = _down("registry.Unit")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            _period("appointment_period", "at"),
            models.UniqueConstraint(
                fields=["person", "role", "unit"], condition=Q(ends_at=None), name="appointment_open_once"
            ),
        ]


class Team(models.Model):
    """A volunteer team: level, field, parent, leader; takes orders as one."""

    id = _key()
    code = _code(unique=True)
    name = models.CharField(max_length=80)
    level = models.CharField(max_length=24)
    field = models.CharField(max_length=40, blank=True)
    unit = _down("registry.Unit")
    parent = _down("registry.Team", null=True, blank=True)
    leader = _down("registry.Person", null=True, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    capacity_per_day = models.PositiveSmallIntegerField(default=3)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            _period("team_period"),
            _on_earth("team_coordinates"),
            models.CheckConstraint(name="team_capacity", condition=Q(capacity_per_day__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """Who belongs to a team from when to when."""

    id = _key()
    team = _down("registry.Team")
    person = _down("registry.Person")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            _period("membership_period"),
            models.UniqueConstraint(
                fields=["team", "person"], condition=Q(ends_on=None), name="membership_open_once"
            ),
        ]


class Volunteer(models.Model):
    """A registered volunteer: one identity behind every front end (SZ-11)."""

    person = models.OneToOneField(
        "registry.Person", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    unit = _down("registry.Unit")
    registered_on = models.DateField()
    skills = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    capacity_per_week = models.PositiveSmallIntegerField(default=3)
    state = models.CharField(
        max_length=12, default="active", choices=[("active", "active"), ("paused", "paused")]
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "state"], name="volunteer_by_unit")]
        constraints: ClassVar = [
            _on_earth("volunteer_coordinates"),
            models.CheckConstraint(name="volunteer_state", condition=Q(state__in=["active", "paused"])),
        ]


class AccountManager(BaseUserManager["Account"]):
    """Accounts are made by `registry.services`; Django only needs the natural key."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A way to sign in. Staff have a user name and password, residents only their phone (one-time code)."""

    username = models.CharField(max_length=40, unique=True, null=True, blank=True)
    person = models.OneToOneField("registry.Person", on_delete=models.PROTECT, related_name="+")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.username or str(self.person_id)


class OneTimeCode(models.Model):
    """A sign-in code sent to a phone: only its hash is kept, with a term and a count of tries."""

    id = _key()
    phone_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["phone_hash", "-sent_at"], name="code_by_phone")]
        constraints: ClassVar = [
            models.CheckConstraint(name="code_term", condition=Q(expires_at__gt=F("sent_at"))),
            models.CheckConstraint(name="code_tries", condition=Q(tries__lte=5)),
        ]


class SignInAttempt(models.Model):
    """A failed sign-in, for the throttle; the key is a hash of user name or phone, or of the address."""

    id = models.BigAutoField(primary_key=True)
    key_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key_hash", "-at"], name="attempt_by_key")]


class ApiToken(models.Model):
    """A bearer token with scopes; only its hash is kept."""

    id = _key()
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80)
    account = _down("registry.Account")
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="token_term", condition=Q(expires_at__gt=F("created_at"))),
        ]
