"""People, masked: search, one person, and full text as a recorded act."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huakai.kernel.errors import N_, NotAllowed, NotFound
from huakai.registry import queries, services
from huakai.registry.access import ActorRequest, needs
from huakai.registry.pages.beside import Beside
from huakai.web import pages


@needs("person.view")
def people(request: ActorRequest) -> HttpResponse:
    """Search by whole phone, whole name or id number, or by the visible beginning."""
    words = request.GET.get("q", "").strip()
    after = request.GET.get("cursor", "")
    page = queries.people_page(request.actor, words, after=_key(after), limit=50)
    context = {"words": words, "people": page.people, "next": page.next_after, "again": bool(after)}
    return pages.render_page(request, "registry/people.html", context, part="rows")


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


@needs("person.view")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: ActorRequest, person_id: UUID) -> HttpResponse:
    """One person, masked. Posting shows one field in full, once, and leaves a trace the person can see."""
    card = queries.person_card(person_id)
    if card is None:
        raise NotFound("person_unknown", N_("没有找到这个人"))
    if not queries.may_see(request.actor, person_id):
        raise NotAllowed("not_allowed", N_("这个人不在您管理的范围内"))
    beside, shown = Beside(), ""
    field, reason = request.POST.get("field", ""), request.POST.get("reason", "")
    if request.method == "POST":
        wanted = next((f for f in services.FIELDS if f == field), None)
        if wanted is None:
            beside.errors["field"] = _("请选择要看哪一项")
        else:
            shown = (
                beside.attempt(
                    lambda: services.reveal(
                        person_id=person_id, field=wanted, reason=reason, by=request.actor, now=request.now
                    )
                )
                or ""
            )
            if not shown and not beside.errors:
                beside.errors["field"] = _("这一项没有登记")
    context = {
        "person": card,
        "volunteer": queries.volunteer_card(person_id),
        "skills": _skill_titles(request, person_id),
        "teams": queries.teams_of_person(person_id),
        "appointments": queries.appointments_of(person_id),
        "roles": queries.role_titles(request.actor.pack_code, get_language() or ""),
        "looks": queries.looks_at(person_id),
        "may_reveal": request.actor.may("person.reveal", queries.area_of_person(person_id)),
        "fields": [
            {"code": "phone", "title": _("手机")},
            {"code": "name", "title": _("姓名")},
            {"code": "idno", "title": _("身份证号")},
            {"code": "address", "title": _("地址")},
        ],
        "shown": shown,
        "field": field,
        "reason": reason,
        "errors": beside.errors,
    }
    return pages.render_page(request, "registry/person.html", context, status=422 if beside.errors else 200)


def _skill_titles(request: ActorRequest, person_id: UUID) -> list[str]:
    row = queries.volunteer_card(person_id)
    if row is None:
        return []
    skills = queries.vocabulary(request.actor.pack_code).skills
    return [queries.title_in(skills, code, get_language() or "") for code in row.skills]
