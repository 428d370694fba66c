"""The one Chromium of a worker: Playwright starts no second time in a process."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

# As Chromium, without its windows: a fifth of what it does is for those, and for filling in forms.
SHELL = "/usr/bin/chromium-headless-shell"
# One that has windows would start two renderers with each new context for the address bar of a
# window that nobody sees, and one in case: half of what a visit costs.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess")
# What Playwright switches off as well: its own list counts no more once there is another.
UNWANTED = (
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades"),
    *("HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding"),
    *("ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "AimEnabled"),
    *("OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
# As long as a page has: what a server answers is awaited by it as well.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    path = os.environ.get("MESURE23_CHROMIUM", SHELL)
    if not Path(path).is_file():
        pytest.fail(f"No browser at {path}; bin/setup installs one, MESURE23_CHROMIUM names one.")
    options = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]
    options.append(f"--disable-features={','.join(UNSEEN + UNWANTED)}")
    if os.geteuid() == 0:
        options.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def seen(what: Locator) -> None:
    """Wait until a page shows something and is whole: its scripts hear keys only then."""
    what.wait_for()
    what.page.wait_for_load_state()


def wait_until(page: Page, true: Callable[[], bool]) -> None:
    """Wait until something is so of what the page says or does: it is listened to meanwhile."""
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "It did not come about within thirty seconds."
        page.wait_for_timeout(20)
