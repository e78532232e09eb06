"""The URL families: /m/ phones, /desk/ staff, /screen/ walls, /api/v1/ machines."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
