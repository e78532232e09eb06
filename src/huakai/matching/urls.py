"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.matching import pages

app_name = "matching"

urlpatterns: list[URLPattern] = [
    path("desk/dispatch/<uuid:case_id>/", pages.dispatch, name="dispatch"),
]
