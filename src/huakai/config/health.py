"""/healthz: is this process serving and does its database answer? For proxies and supervisors, so it says no more."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from huakai.registry.access import PUBLIC, needs


@needs(PUBLIC)
def healthz(request: HttpRequest) -> JsonResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    return JsonResponse({"status": "ok"})
