"""The staff page that shows every part with sample data: the cheapest visual test."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from huakai.web import edge, pages


@pages.open_to("signed_in")
def gallery(request: HttpRequest) -> HttpResponse:
    """Every part of web/parts/ once, in the states a page can bring it into."""
    family = request.GET.get("family", "")
    template = {"phone": "web/gallery_phone.html", "screen": "web/gallery_screen.html"}.get(
        family, "web/gallery.html"
    )
    return pages.render_page(request, template, _samples(request))


def _samples(request: HttpRequest) -> dict[str, Any]:
    now = edge.now_of(request)
    return {
        "soon": now + timedelta(minutes=35),
        "late": now - timedelta(minutes=80),
        "calm": now + timedelta(hours=6),
        "steps": [
            {"title": _("已点单"), "state": "done"},
            {"title": _("派单中"), "state": "now"},
            {"title": _("志愿者接单"), "state": "later"},
            {"title": _("您来评单"), "state": "later"},
        ],
        "events": [
            {"title": _("待派单"), "at": now, "who": _("实践站"), "text": ""},
            {"title": _("群众提交点单"), "at": now - timedelta(minutes=2), "who": "", "text": _("希望下午上门")},
        ],
        "tabs": [
            {"title": _("全部"), "href": "?tab=", "count": 40, "current": True},
            {"title": _("即将超时"), "href": "?tab=soon", "count": 4, "hot": True},
            {"title": _("已办结"), "href": "?tab=closed", "count": 5},
        ],
        "times": [
            {"code": "15:00", "title": _("今天 15:00")},
            {"code": "16:30", "title": _("今天 16:30")},
            {"code": "17:30", "title": _("今天 17:30"), "note": _("约满"), "full": True},
        ],
        "problems": [
            {"field": "phone", "text": _("请写 11 位手机号")},
            {"field": "title", "text": _("请写一句话说明需要什么")},
        ],
        "facts": [(_("群众"), "周阿姨 139****1738"), (_("来源"), _("电话")), (_("诉求"), _("希望下午上门理发"))],
        "choices": [("", _("全部来源")), ("phone", _("电话")), ("page", _("网页"))],
        "heads": [_("单号"), _("诉求"), _("状态")],
        "rows": [["240012", _("送餐上门"), _("已超时")], ["240001", _("水电检修"), _("待派单")]],
        "league": _league(),
        "tones": [
            ("warn", _("待派单")), ("go", _("处理中")), ("soon", _("即将超时")), ("bad", _("已超时")),
            ("wait", _("待评价")), ("ok", _("已办结")), ("red", _("红榜")), ("amber", _("黄榜")),
        ],
    }  # fmt: skip


def _league() -> list[dict[str, Any]]:
    scores = [
        98.6,
        97.9,
        97.2,
        96.5,
        95.8,
        94.1,
        93.6,
        92.8,
        92.0,
        90.9,
        89.7,
        88.4,
        87.2,
        86.0,
        84.3,
        79.5,
        78.1,
    ]
    zones = ["red"] * 5 + ["mid"] * 10 + ["yellow"] * 2
    return [
        {"rank": place, "name": _("第{n}镇").format(n=place), "score": score, "zone": zone, "share": score}
        for place, (score, zone) in enumerate(zip(scores, zones, strict=True), start=1)
    ]
