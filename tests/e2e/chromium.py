"""A window of Chromium, by Playwright, as the other browser tests have it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ConsoleMessage, Error, Page

from tests.e2e.person import BusyError


class ChromiumWindow:
    def __init__(self, page: Page) -> None:
        self._page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def resize(self, width: int, height: int) -> None:
        self._page.set_viewport_size({"width": width, "height": height})

    def go(self, url: str) -> None:
        self._page.goto(url)

    def ask(self, function: str, given: str) -> str:
        try:
            return str(self._page.evaluate(function, given))
        except Error as error:
            raise BusyError(str(error)) from error

    def press(self, x: int, y: int) -> None:
        self._page.mouse.click(x, y)

    def write(self, text: str) -> None:
        self._page.keyboard.press("Control+a")
        self._page.keyboard.type(text)

    def enter(self) -> None:
        self._page.keyboard.press("Enter")

    def down(self) -> None:
        self._page.keyboard.press("ArrowDown")

    def picture(self) -> bytes:
        return self._page.screenshot()


@contextmanager
def chromium_window(browser: Browser) -> Iterator[ChromiumWindow]:
    """Open a window that asks nobody but this machine."""
    context = browser.new_context(reduced_motion="reduce")
    yield ChromiumWindow(context.new_page())
    context.close()
