"""/healthz for proxies and supervisors: does this process serve, does its database answer? No more."""

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
