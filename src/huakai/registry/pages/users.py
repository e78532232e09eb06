"""Users: accounts, appointments and bearer tokens."""

from django.http import HttpResponse, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry import access, queries, services
from huakai.registry.access import ActorRequest, needs
from huakai.registry.pages.beside import Beside, key_of
from huakai.registry.types import AccountCard
from huakai.web import pages


@needs("user.manage")
def users(request: ActorRequest) -> HttpResponse:
    """Staff accounts under the manager's units."""
    words = request.GET.get("q", "").strip()
    context = {
        "words": words,
        "accounts": queries.accounts_page(request.actor, words),
        "roles": queries.role_titles(request.actor.pack_code, get_language() or ""),
    }
    return pages.render_page(request, "registry/users.html", context, part="rows")


def _account(request: ActorRequest, account_id: int) -> AccountCard:
    card = queries.account_of(account_id)
    if card is None:
        raise NotFound("account_unknown", N_("没有找到这个账号"))
    if not any(request.actor.may("user.manage", a.unit_code) for a in card.appointments):
        area = queries.area_of_person(card.person_id)
        if not request.actor.may("user.manage", area):
            raise NotAllowed("not_allowed", N_("这个账号不在您管理的范围内"))
    return card


@needs("user.manage")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def user(request: ActorRequest, account_id: int) -> HttpResponse:
    """One account: appoint, end, reset the password, close, issue and revoke tokens."""
    card, beside = _account(request, account_id), Beside()
    token = ""
    if request.method == "POST":
        token = beside.attempt(lambda: _act(request, card, beside)) or ""
        if not beside.errors and not token:
            return pages.go(request, "registry:user", say=_("已保存"), account_id=account_id)
        card = _account(request, account_id)
    language = get_language() or ""
    context = {
        "account": card,
        "roles": queries.role_titles(request.actor.pack_code, language),
        "role_choices": queries.appointable_roles(request.actor.pack_code, language),
        "tokens": queries.tokens_of(account_id),
        "scopes": sorted(access.known_scopes()),
        "token": token,
        "data": request.POST,
        "errors": beside.errors,
    }
    return pages.render_page(request, "registry/user.html", context, status=422 if beside.errors else 200)


def _act(request: ActorRequest, card: AccountCard, beside: Beside) -> str:
    """The one thing the form asks for; only a new token returns text."""
    data, by, now = request.POST, request.actor, request.now
    act = data.get("act")
    if act == "appoint":
        role, unit = data.get("role", ""), data.get("unit_code", "").strip()
        services.appoint(person_id=card.person_id, role=role, unit_code=unit, by=by, now=now)
    elif act == "end":
        services.end_appointment(appointment_id=key_of(data.get("appointment", "")), by=by, now=now)
    elif act == "password":
        services.set_password(account_id=card.id, password=data.get("password", ""), by=by, now=now)
    elif act in ("close", "open"):
        services.set_account_open(account_id=card.id, is_open=act == "open", by=by, now=now)
    elif act == "revoke":
        services.revoke_token(token_id=key_of(data.get("token", "")), by=by, now=now)
    elif act == "token":
        return _issue(request, card, beside)
    return ""


def _issue(request: ActorRequest, card: AccountCard, beside: Beside) -> str:
    days = beside.whole(request.POST, "days", 90)
    if beside.errors:
        return ""
    return services.issue_token(
        account_id=card.id,
        label=request.POST.get("label", ""),
        scopes=tuple(request.POST.getlist("scopes")),
        days=days,
        by=request.actor,
        now=request.now,
    )


@needs("user.manage")
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_user(request: ActorRequest) -> HttpResponse:
    """A staff account for a person, with a first role."""
    beside = Beside()
    data = request.POST
    if request.method == "POST":
        made = beside.attempt(lambda: _create(request, data))
        if made is not None:
            return pages.go(request, "registry:user", say=_("账号已开通"), account_id=made)
    context = {
        "data": data,
        "errors": beside.errors,
        "problems": beside.problems,
        "role_choices": queries.appointable_roles(request.actor.pack_code, get_language() or ""),
    }
    status = 422 if beside.errors else 200
    return pages.render_page(request, "registry/user_new.html", context, status=status)


def _create(request: ActorRequest, data: QueryDict) -> int:
    if not data.get("name", "").strip():
        raise RuleBroken("name_wrong", N_("请填写姓名，不超过 30 个字"), field="name")
    new = services.NewUser(
        name=data.get("name", ""),
        phone=data.get("phone", ""),
        username=data.get("username", ""),
        password=data.get("password", ""),
        role=data.get("role", ""),
        unit_code=data.get("unit_code", "").strip(),
    )
    return services.open_account(new=new, by=request.actor, now=request.now)
