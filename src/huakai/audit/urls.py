"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.audit import pages

app_name = "audit"
urlpatterns: list[URLPattern] = [
    path("desk/audit/", pages.events, name="events"),
    path("desk/audit/verify/", pages.verify, name="verify"),
]
