"""A real Chromium on a live server with the cast signed in; every page is watched for what it loads and says."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Request,
    Response,
    sync_playwright,
)
from pytest_django.live_server_helper import LiveServer

from huakai.registry.models import Account
from tests.cast import Cast

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright runs a loop in the thread that asks the database
)

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"


@dataclass
class Watch:
    """What a page did on its way: addresses asked for, bytes received, complaints of the console."""

    origin: str
    asked: list[str] = field(default_factory=list)
    answers: list[Response] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def outside(self) -> list[str]:
        """Addresses beyond this origin."""
        return [url for url in self.asked if not url.startswith((self.origin, "data:", "blob:"))]

    @property
    def weight(self) -> int:
        """Bytes as sent over the wire (compressed where the server compresses)."""
        return sum(int(a.headers.get("content-length") or len(a.body())) for a in self.answers)

    def forget(self) -> None:
        """Begin anew with the next page."""
        self.asked.clear()
        self.answers.clear()
        self.complaints.clear()


class WatchedPage:
    """A browser page with its watch; `page` is Playwright's."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page, self.watch = page, Watch(origin)
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", self._failed)

    def _asked(self, request: Request) -> None:
        self.watch.asked.append(request.url)

    def _answered(self, response: Response) -> None:
        self.watch.answers.append(response)

    def _said(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.watch.complaints.append(line.text)

    def _failed(self, error: Error) -> None:
        self.watch.complaints.append(str(error))

    def go(self, path: str) -> Page:
        """Open a path of this site and forget what came before."""
        self.watch.forget()
        self.page.goto(self.watch.origin + path, wait_until="load")
        return self.page

    def violations(self) -> list[str]:
        """What axe finds wrong: rule and the elements."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: list[dict[str, Any]] = self.page.evaluate("() => axe.run().then((r) => r.violations)")
        return [f"{v['id']}: {[n['html'][:120] for n in v['nodes'][:4]]}" for v in found]

    def is_wider_than_its_window(self) -> bool:
        """Would a reader have to scroll sideways?"""
        return bool(
            self.page.evaluate(
                "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one `huakai test` names, else Debian's."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def _built() -> None:
    """The pages need their built styles and scripts."""
    dist = ROOT / "src/huakai/web/static/dist"
    assert (dist / "base.js").is_file(), "run `huakai assets` first: the front end is not built"


@pytest.fixture
def page_for(
    browser: Browser, transactional_db: None, live_server: LiveServer, cast: Cast, _built: None
) -> Iterator[Callable[..., WatchedPage]]:
    """`page_for("resident", width=390, mode="elder", language="en")`: their phone or desk; "" is nobody."""
    contexts: list[BrowserContext] = []

    def opened(
        role: str,
        *,
        width: int = 390,
        height: int = 844,
        mode: str = "std",
        language: str = "",
        scripts: bool = True,
    ) -> WatchedPage:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=scripts,
        )
        contexts.append(context)
        cookies = {"huakai_mode": mode, "huakai_language": language or "zh-hans"}
        if role:
            client = Client()
            client.force_login(Account.objects.get(pk=cast[role].account_id))
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(8000)
        return WatchedPage(page, live_server.url)

    yield opened
    for context in contexts:
        context.close()
