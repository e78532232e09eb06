"""Volunteer teams: the register, one team, its members."""

from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry import queries, services
from huakai.registry.access import ActorRequest, needs
from huakai.registry.pages.beside import Beside, key_of
from huakai.registry.types import TeamCard
from huakai.web import pages


def _language() -> str:
    return get_language() or "zh-hans"


@needs("team.view")
def teams(request: ActorRequest) -> HttpResponse:
    """The register, with registered against due teams (SZ-09)."""
    words, unit = request.GET.get("q", "").strip(), request.GET.get("unit", "").strip()
    after = request.GET.get("cursor", "")
    page = queries.teams_page(request.actor, prefix=unit, words=words, after=after)
    book = queries.vocabulary(request.actor.pack_code)
    prefixes = request.actor.prefixes("team.view")
    root = unit or min(prefixes, key=len, default="")
    on = request.now.astimezone(CHINA).date()
    context = {
        "words": words,
        "unit": unit,
        "page": page,
        "levels": dict(queries.choices_of(book.team_levels, _language())),
        "fields": dict(queries.choices_of(book.team_fields, _language())),
        "compliance": queries.compliance(request.actor.pack_code, root, on, _language()) if prefixes else (),
        "may_edit": bool(request.actor.prefixes("team.edit")),
    }
    return pages.render_page(request, "registry/teams.html", context, part="rows")


def _team(request: ActorRequest, team_id: UUID) -> TeamCard:
    team = queries.team_card(team_id)
    if team is None:
        raise NotFound("team_gone", N_("没有找到这支队伍"))
    mine = team_id in request.actor.team_ids and "team.view" in request.actor.own
    if not mine and not request.actor.may("team.view", team.unit_code):
        raise NotAllowed("not_allowed", N_("这支队伍不在您管理的范围内"))
    return team


@needs("team.view")
def team(request: ActorRequest, team_id: UUID) -> HttpResponse:
    """One team and its members, masked."""
    return _show(request, _team(request, team_id), Beside())


def _show(request: ActorRequest, card: TeamCard, beside: Beside) -> HttpResponse:
    book, language = queries.vocabulary(request.actor.pack_code), _language()
    leads = card.id in request.actor.led_team_ids and "team.edit" in request.actor.own
    context = {
        "team": card,
        "level": queries.title_in(book.team_levels, card.level, language),
        "field": queries.title_in(book.team_fields, card.field, language) if card.field else "",
        "skills": [queries.title_in(book.skills, code, language) for code in card.skills],
        "members": queries.team_members(card.id),
        "may_edit": leads or request.actor.may("team.edit", card.unit_code),
        "may_open": request.actor.may("person.view", card.unit_code),
        "errors": beside.errors,
        "phone": request.POST.get("phone", ""),
    }
    return pages.render_page(request, "registry/team.html", context, status=422 if beside.errors else 200)


@needs("team.edit")
@require_POST
def change_members(request: ActorRequest, team_id: UUID) -> HttpResponse:
    """Add a volunteer by phone number, or end a membership."""
    card, beside = _team(request, team_id), Beside()
    if request.POST.get("act") == "leave":
        person = key_of(request.POST.get("person", ""))
        services.leave_team(team_id=team_id, person_id=person, by=request.actor, now=request.now)
        return pages.go(request, "registry:team", say=_("已移出队伍"), team_id=team_id)
    beside.attempt(lambda: _join(request, card))
    if beside.errors:
        return _show(request, card, beside)
    return pages.go(request, "registry:team", say=_("已加入队伍"), team_id=team_id)


def _join(request: ActorRequest, card: TeamCard) -> None:
    person = queries.person_by_phone(request.POST.get("phone", ""))
    if person is None or queries.volunteer_card(person) is None:
        message = N_("这个手机号还没有注册志愿者，请先请本人注册")
        raise RuleBroken("volunteer_unknown", message, field="phone")
    services.join_team(team_id=card.id, person_id=person, by=request.actor, now=request.now)


@needs("team.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: ActorRequest) -> HttpResponse:
    """Register a team."""
    beside = Beside()
    data = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        made = beside.attempt(lambda: _create(request, data, beside))
        if made is not None and not beside.errors:
            return pages.go(request, "registry:team", say=_("已登记队伍"), team_id=made)
    book, language = queries.vocabulary(request.actor.pack_code), _language()
    chosen = set(data.getlist("skills"))
    context = {
        "data": data,
        "errors": beside.errors,
        "problems": beside.problems,
        "levels": queries.choices_of(book.team_levels, language),
        "fields": queries.choices_of(book.team_fields, language),
        "skills": [(c, t, c in chosen) for c, t in queries.choices_of(book.skills, language)],
    }
    status = 422 if beside.errors else 200
    return pages.render_page(request, "registry/team_new.html", context, status=status)


def _create(request: ActorRequest, data: QueryDict, beside: Beside) -> UUID | None:
    leader = None
    if data.get("leader_phone", "").strip():
        leader = queries.person_by_phone(data.get("leader_phone", ""))
        if leader is None:
            raise RuleBroken("leader_unknown", N_("没有登记过这个手机号"), field="leader_phone")
    capacity = beside.whole(data, "capacity_per_day", 3)
    if beside.errors:
        return None
    new = services.NewTeam(
        code=data.get("code", "").strip().upper(),
        name=data.get("name", ""),
        level=data.get("level", ""),
        field=data.get("field", ""),
        unit_code=data.get("unit_code", "").strip(),
        leader_id=leader,
        skills=tuple(data.getlist("skills")),
        capacity_per_day=max(1, capacity),
    )
    return services.create_team(new=new, by=request.actor, now=request.now)
