"""Managing webhooks: the peers, the letters of one, and the dead ones."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.publishing import queries, rules, services
from huakai.publishing.types import LetterState, NewPeer, PeerRow
from huakai.registry.access import ActorRequest, needs
from huakai.web import errors, pages

TABS = (
    ("", N_("全部")),
    ("standing", N_("待推送")),
    (LetterState.DEAD.value, N_("未送达")),
    (LetterState.SENT.value, N_("已送达")),
    (LetterState.SKIPPED.value, N_("已跳过")),
)


@needs("webhook.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def peers(request: ActorRequest) -> HttpResponse:
    """The peers, and a form for a new one; its secret is shown once."""
    context: dict[str, Any] = {"choices": _event_choices(), "field": ""}
    if request.method == "POST":
        data = request.POST
        new = NewPeer(
            data.get("name", ""),
            data.get("url", ""),
            data.get("area_code", ""),
            tuple(data.getlist("events")),
        )
        context["given"] = new
        try:
            made, secret = services.add_peer(
                new=new, pack_code=request.actor.pack_code, by=request.actor, now=request.now
            )
            context |= {"secret": secret, "secret_of": made, "given": None}
        except NotAllowed:
            raise
        except RuleBroken as refused:
            context |= {"error": errors.words_of(refused), "field": refused.field}
    context["rows"] = queries.peers(request.actor)
    status = 422 if "error" in context else 200
    return pages.render_page(request, "publishing/webhooks.html", context, status=status)


@needs("webhook.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def peer(request: ActorRequest, peer_id: UUID) -> HttpResponse:
    """One peer and its letters; every act on it is a POST here."""
    context: dict[str, Any] = {}
    if request.method == "POST":
        try:
            said = _act(request, peer_id, context)
            if said:
                return pages.go(request, _back(request, peer_id), say=said)
        except NotAllowed:
            raise
        except NotFound:
            raise
        except RuleBroken as refused:
            context |= {"error": errors.words_of(refused), "act": request.POST.get("act", "")}
            context["of"] = request.POST.get("letter", "")
    state = request.GET.get("state", "")
    state = state if state in dict(TABS) else ""
    row = queries.peer_row(request.actor, peer_id)
    page = queries.letter_page(request.actor, peer_id, state=state, before=_cursor(request))
    context |= {"peer": row, "page": page, "state": state, "tabs": _tabs(row, state)}
    context |= {"titles": _titles(), "troubles": {k.value: _(v) for k, v in queries.TROUBLES.items()}}
    status = 422 if "error" in context else 200
    return pages.render_page(request, "publishing/webhook.html", context, status=status)


def _act(request: ActorRequest, peer_id: UUID, context: dict[str, Any]) -> str:
    """Do what the form asks for and say so; a new secret goes into `context` and is shown on the page itself."""
    data, by, now = request.POST, request.actor, request.now
    reason = data.get("reason", "")
    match data.get("act"):
        case "pause":
            services.pause_peer(peer_id=peer_id, reason=reason, by=by, now=now)
            return _("已暂停推送")
        case "resume":
            services.resume_peer(peer_id=peer_id, by=by, now=now)
            return _("已恢复，从停下的地方接着推送")
        case "rotate":
            context["secret"] = services.rotate_secret(peer_id=peer_id, by=by, now=now)
            return ""
        case "test":
            services.send_test(peer_id=peer_id, by=by, now=now)
            return _("测试消息已排队，稍后刷新看结果")
        case "retry_dead":
            count = services.retry_dead(peer_id=peer_id, by=by, now=now)
            return _("已重新排队 %(n)s 条") % {"n": count}
        case "retry":
            services.retry_letter(peer_id=peer_id, letter_id=_letter(data.get("letter", "")), by=by, now=now)
            return _("已重新排队")
        case "skip":
            letter = _letter(data.get("letter", ""))
            services.skip_letter(peer_id=peer_id, letter_id=letter, reason=reason, by=by, now=now)
            return _("已跳过")
        case _:
            raise RuleBroken("act_unknown", N_("没有看懂要办什么，请刷新页面再试"))


def _letter(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("no_letter", N_("没有这条推送")) from None


def _back(request: HttpRequest, peer_id: UUID) -> str:
    """This page with the filter the reader had."""
    state = request.GET.get("state", "")
    address = reverse("publishing:webhook", args=[peer_id])
    return f"{address}?{urlencode({'state': state})}" if state else address


def _cursor(request: HttpRequest) -> int | None:
    text = request.GET.get("cursor", "")
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 19 else None


def _tabs(row: PeerRow, state: str) -> list[dict[str, Any]]:
    counts = {"standing": row.waiting, LetterState.DEAD.value: row.dead}
    return [
        {
            "href": f"?state={code}" if code else "?",
            "title": _(title),
            "current": code == state,
            "count": counts.get(code),
            "hot": code == LetterState.DEAD,
        }
        for code, title in TABS
    ]


def _titles() -> dict[str, str]:
    return {name: _(title) for name, title in queries.EVENT_TITLES.items()}


def _event_choices() -> list[tuple[str, str]]:
    titles = _titles()
    return [(name, titles.get(name, name)) for name in rules.EVENTS]
