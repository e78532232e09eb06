"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.packs import pages

app_name = "packs"
urlpatterns: list[URLPattern] = [
    path("desk/packs/", pages.editions, name="editions"),
    path("desk/packs/<uuid:edition_id>/", pages.edition, name="edition"),
    path("desk/packs/<uuid:edition_id>/since/<uuid:before_id>/", pages.diff, name="diff"),
]
