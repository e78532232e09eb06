"""Addresses of this floor: the reader's switches and the gallery of parts."""

from django.urls import path

from huakai.web import gallery, switches

app_name = "web"
urlpatterns = [
    path("mode/", switches.set_mode, name="set_mode"),
    path("language/", switches.set_language, name="set_language"),
    path("parts", gallery.gallery, name="gallery"),
]
