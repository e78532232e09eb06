"""One's own page on the phone: profile, volunteering, who looked at my data, sign out."""

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from huakai.registry import queries, services
from huakai.registry.access import SIGNED_IN, ActorRequest, needs
from huakai.registry.pages.beside import Beside
from huakai.registry.types import Actor, PersonCard
from huakai.web import pages


def _me(actor: Actor) -> PersonCard:
    assert actor.person_id is not None  # the page needs SIGNED_IN
    card = queries.person_card(actor.person_id)
    assert card is not None
    return card


@needs(SIGNED_IN)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: ActorRequest) -> HttpResponse:
    """Profile and what it leads to; posting changes name, honorific and home."""
    card, beside = _me(request.actor), Beside()
    data = request.POST
    if request.method == "POST":
        change = services.PersonChange(
            name=data.get("name", "").strip() or None,
            honorific=data.get("honorific", ""),
            home_code=data.get("home_code") or None,
        )
        if not card.name and change.name is None:
            beside.errors["name"] = _("请填写姓名，方便志愿者称呼您")
        else:
            beside.attempt(
                lambda: services.update_person(
                    person_id=card.id, change=change, by=request.actor, now=request.now
                )
            )
        if not beside.errors:
            return pages.go(request, "registry:me", say=_("已保存"))
    context = {
        "me": card,
        "volunteer": queries.volunteer_card(card.id),
        "teams": queries.teams_by_ids(request.actor.team_ids),
        "led": request.actor.led_team_ids,
        "looks": queries.looks_at(card.id)[:20],
        "roles": _staff_roles(request),
        "homes": _homes(request),
        "honorifics": _honorifics(),
        "errors": beside.errors,
        "data": data,
        "desk": bool(request.actor.permissions),
    }
    return pages.render_page(request, "registry/me.html", context, status=422 if beside.errors else 200)


def _honorifics() -> list[dict[str, str]]:
    titles = ((_("先生"), "先生"), (_("女士"), "女士"), (_("老师"), "老师"), (_("师傅"), "师傅"))
    return [{"code": code, "title": title} for title, code in titles]


def _staff_roles(request: ActorRequest) -> list[str]:
    titles = queries.role_titles(request.actor.pack_code, get_language() or "")
    assert request.actor.person_id is not None
    held = queries.appointments_of(request.actor.person_id)
    return [f"{a.unit_name} · {titles.get(a.role, a.role)}" for a in held if a.ends_at is None]


def _homes(request: ActorRequest) -> list[tuple[str, str]]:
    """Villages and communities to choose from, under their town or street."""
    return queries.home_choices(queries.root_code(request.actor.pack_code))


@needs(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def volunteer(request: ActorRequest) -> HttpResponse:
    """Register as a volunteer, or change what one offers."""
    card, beside = _me(request.actor), Beside()
    known = queries.volunteer_card(card.id)
    data = request.POST
    if request.method == "POST":
        done = _register(request, card, beside)
        if done and not beside.errors:
            return pages.go(request, "registry:me", say=_("已登记，谢谢您"))
    book, language = queries.vocabulary(request.actor.pack_code), get_language() or ""
    chosen = data.getlist("skills") if request.method == "POST" else list(known.skills if known else ())
    context = {
        "me": card,
        "known": known,
        "homes": _homes(request),
        "home": data.get("unit_code") or (known.unit_code if known else card.home_code),
        "capacity": data.get("capacity_per_week") or (known.capacity_per_week if known else 3),
        "skills": [(c, t, c in chosen) for c, t in queries.choices_of(book.skills, language)],
        "errors": beside.errors,
        "problems": beside.problems,
        "name": data.get("name", ""),
    }
    status = 422 if beside.errors else 200
    return pages.render_page(request, "registry/volunteer.html", context, status=status)


def _register(request: ActorRequest, card: PersonCard, beside: Beside) -> bool:
    data, by, now = request.POST, request.actor, request.now
    offer = services.VolunteerOffer(
        unit_code=data.get("unit_code", ""),
        skills=tuple(data.getlist("skills")),
        capacity_per_week=beside.whole(data, "capacity_per_week", 3),
    )
    name = data.get("name", "").strip()
    if not card.name and not name:
        beside.errors["name"] = _("请填写姓名")
    if not offer.unit_code:
        beside.errors["unit_code"] = _("请选择所在的村或社区")
    if not offer.skills:
        beside.errors["skills"] = _("请至少选择一项您能做的")
    if beside.errors:
        return False
    beside.attempt(
        lambda: services.sign_up_volunteer(person_id=card.id, name=name, offer=offer, by=by, now=now)
    )
    return True


@needs(SIGNED_IN)
@require_POST
def pause(request: ActorRequest) -> HttpResponse:
    """Take no orders for now."""
    assert request.actor.person_id is not None
    services.pause_volunteer(person_id=request.actor.person_id, by=request.actor, now=request.now)
    return pages.go(request, "registry:me", say=_("已暂停接单，随时可以恢复"))
