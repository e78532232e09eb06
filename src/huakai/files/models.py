"""Tables of files: photos."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Photo(models.Model):
    """A re-encoded photo of a subject of some engine; the bytes lie outside the database under a random name."""

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.CharField(max_length=40, unique=True)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    area_code = models.CharField(max_length=24, db_collation="C", blank=True)
    owner = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+", null=True)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    taken_at = models.DateTimeField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="photo_by_subject")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="photo_size", condition=Q(width__gt=0, height__gt=0, size__gt=0)),
            models.CheckConstraint(
                name="photo_coordinates",
                condition=Q(lon=None, lat=None)
                | Q(lon__isnull=False, lat__isnull=False, lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]
