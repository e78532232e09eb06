"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.ledger import pages

app_name = "ledger"
urlpatterns: list[URLPattern] = [path("m/hours/", pages.hours, name="hours")]
