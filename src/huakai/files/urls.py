"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.files import pages

app_name = "files"
urlpatterns: list[URLPattern] = [
    path("photos/<uuid:photo_id>.jpg", pages.photo, name="photo"),
    path("desk/import/", pages.imports, name="imports"),
    path("desk/import/<slug:kind>.xlsx", pages.template, name="template"),
]
