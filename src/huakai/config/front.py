"""The bare address: staff go to their desk, everybody else to the phone page."""

from django.http import HttpResponse
from django.shortcuts import redirect

from huakai.registry.access import PUBLIC, ActorRequest, needs


@needs(PUBLIC)
def front(request: ActorRequest) -> HttpResponse:
    """Whoever sees cases of an area works at a desk; a resident sees only their own."""
    return redirect("/desk/" if request.actor.prefixes("case.view") else "/m/")
