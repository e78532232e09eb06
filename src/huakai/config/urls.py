"""The URL families: /m/ phones, /desk/ staff, /screen/ walls, /api/v1/ machines."""

from django.urls import URLPattern, URLResolver, include, path

from huakai.config.api import api
from huakai.config.front import front
from huakai.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front, name="front"),
    path("healthz", healthz, name="healthz"),
    path("api/v1/", api.urls),
    path("", include("huakai.web.urls")),
    path("", include("huakai.registry.urls")),
    path("", include("huakai.files.urls")),
    path("", include("huakai.audit.urls")),
    path("", include("huakai.packs.urls")),
    path("", include("huakai.ledger.urls")),
    path("", include("huakai.cases.urls")),
    path("", include("huakai.matching.urls")),
    path("", include("huakai.evaluation.urls")),
    path("", include("huakai.publishing.urls")),
]

handler400 = "huakai.web.errors.bad_request"
handler403 = "huakai.web.errors.permission_denied"
handler404 = "huakai.web.errors.page_not_found"
handler500 = "huakai.web.errors.server_error"
