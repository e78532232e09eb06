"""Takes the pictures of the README from a running demo: `huakai screenshots [FOLDER] [--base URL]`."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from huakai.config import browser as chromium
from huakai.config.env import PROJECT_ROOT
from huakai.scenarios import queries as scenarios

MOST_BYTES = 200_000
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@dataclass(frozen=True)
class Studio:
    """Where pictures are taken and put."""

    browser: Browser
    base: str
    folder: Path


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=PROJECT_ROOT / "docs/pictures")
    parser.add_argument("--base", default=f"http://127.0.0.1:{os.environ.get('HUAKAI_PORT', '8000')}")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        program = os.environ.get("CHROMIUM") or chromium.ensure()
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox"])
        studio = Studio(browser, given.base, given.folder)
        phones(studio)
        desks(studio)
        walls(studio)
        browser.close()


def phones(studio: Studio) -> None:
    """A resident's home, an order on its way, elder mode; a volunteer's open orders."""
    with page_of(studio, "resident", PHONE) as page:
        page.goto(f"{studio.base}/m/")
        keep(studio, page, "phone-home")
        page.goto(f"{studio.base}/m/order/haircut/")
        keep(studio, page, "phone-order")
        page.goto(f"{studio.base}/m/orders/")
        page.locator("a[href^='/m/orders/']").nth(1).click()
        keep(studio, page, "phone-case")
    with page_of(studio, "volunteer", PHONE) as page:
        page.goto(f"{studio.base}/m/take/")
        keep(studio, page, "phone-take")


def desks(studio: Studio) -> None:
    """The dispatcher's inbox with proposals for an order, and the panel."""
    with page_of(studio, "centre_staff", DESK) as page:
        page.goto(f"{studio.base}/desk/?tab=waiting")
        page.locator("tbody tr a").first.click()
        page.wait_for_timeout(1500)
        keep(studio, page, "desk-inbox")
        page.goto(f"{studio.base}/desk/panel/")
        keep(studio, page, "desk-panel")


def walls(studio: Studio) -> None:
    """The published board and the live counters, as they hang on a wall."""
    context = studio.browser.new_context(
        viewport={"width": 1920, "height": 1080}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    page = context.new_page()
    for screen in scenarios.demo_screens():
        page.goto(studio.base + screen.page)
        page.wait_for_timeout(1500)
        keep(studio, page, "wall-board" if "/board/" in screen.page else "wall-live")
    context.close()


@contextmanager
def page_of(studio: Studio, role: str, size: dict[str, int]) -> Iterator[Page]:
    """A page somebody of the demo is signed in on."""
    account = next(a for a in scenarios.demo_accounts() if a.role == role)
    context = studio.browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    )
    page = context.new_page()
    if account.password:
        page.goto(f"{studio.base}/signin/?tab=staff")
        page.fill("input[name=username]", account.sign_in)
        page.fill("input[name=password]", account.password)
        page.click("button[value=password]")
    else:
        page.goto(f"{studio.base}/signin/?tab=phone")
        page.fill("input[name=phone]", account.sign_in)
        page.click("button[value=send]")
        page.fill("input[name=code]", page.locator(".note strong").inner_text())
        page.click("button[value=verify]")
    page.wait_for_load_state("networkidle")
    yield page
    context.close()


def keep(studio: Studio, page: Page, name: str) -> None:
    """Write the picture with few colours, so that it stays small."""
    page.wait_for_load_state("load")
    path = studio.folder / f"{name}.png"
    path.write_bytes(page.screenshot())
    image: Image.Image = Image.open(path).convert("RGB")
    image.quantize(colors=128).save(path, optimize=True)
    size = path.stat().st_size
    if size > MOST_BYTES:
        image = image.resize((image.width * 2 // 3, image.height * 2 // 3))
        image.quantize(colors=96).save(path, optimize=True)
        size = path.stat().st_size
    print(f"{path.name}: {size // 1000} kB")


if __name__ == "__main__":
    main()
