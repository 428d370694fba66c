"""A person in front of a window, who presses, writes, scrolls and looks for whom to call."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

EYES = f"""(asked) => {{
{Path(__file__).with_name("eyes.js").read_text(encoding="utf-8")}
return look(asked);
}}"""
# For conditions, on a machine that does much else; a page that is right takes a moment.
PATIENCE = 30.0
GLANCE = 0.05


class BusyError(Exception):
    """The page cannot answer now: it is on its way to another, or not there yet."""


class Window(Protocol):
    """The window of a browser, as each of them is driven."""

    # What its pages wrote as errors.
    errors: list[str]

    def resize(self, width: int, height: int) -> None:
        """Give pages an area of this many CSS px."""

    def go(self, url: str) -> None:
        """Open an address, as from the bar of addresses, until it is loaded."""

    def ask(self, function: str, given: str) -> str:
        """Call a JavaScript function of one text that returns a text; BusyError if it cannot."""

    def press(self, x: int, y: int) -> None:
        """Press the main button of the mouse at a point of the page's area, in CSS px."""

    def write(self, text: str) -> None:
        """Write in place of all that the field with the focus holds, key by key."""

    def enter(self) -> None:
        """Press the Enter key."""

    def down(self) -> None:
        """Press the key of the arrow down."""

    def picture(self) -> bytes:
        """Return what is seen, as PNG."""


class Person:
    """Counts what a task costs: presses, and screens scrolled to find what to press or call."""

    def __init__(self, window: Window, day: str, night: str, *, narrow: bool) -> None:
        """Take the addresses of the same service by day and by night; narrow: of a phone."""
        self.window, self.day, self.night, self.narrow = window, day, night, narrow
        self.presses = self.screens = self.y = 0

    def open(self, path: str = "/", *, night: bool = False) -> None:
        """Open a page of the service, as from a favourite."""
        self.window.go((self.night if night else self.day) + path)

    def press(self, role: str, name: str) -> None:
        """Press the first thing of this role whose name has these words, scrolling to it."""
        self.screens += self._wait("where", role=role, name=name)["screens"]
        spot = self._wait("reach", lambda spot: bool(spot["free"]), role=role, name=name)
        self.presses += 1
        self.window.press(spot["x"], spot["y"])

    def write(self, role: str, name: str, text: str) -> None:
        """Press a field and write in it, in place of what it holds."""
        self.press(role, name)
        self.window.write(text)

    def choose(self, role: str, name: str, text: str) -> None:
        """Choose what lies further down in a list that the browser draws: with the arrow key.

        Counted as two presses, as with a mouse: drivers do not reach what is drawn over the page.
        """
        self.presses += 2
        deadline = time.monotonic() + PATIENCE
        while self._wait("focus", role=role, name=name)["chosen"] != text:
            assert time.monotonic() < deadline, f"Not found in {name}: {text}"
            self.window.down()

    def enter(self) -> None:
        """Press the Enter key."""
        self.presses += 1
        self.window.enter()

    def sees(self, role: str, name: str) -> None:
        """Wait until something of this role and name is shown."""
        self._wait("see", role=role, name=name)

    def calls(self, name: str, *, local: bool = True) -> None:
        """Find whom to call: the first actor's own number, which must be that of this one.

        With local=False: a national number of this name, wherever the answer has it.
        """

        def right(answer: dict[str, Any]) -> bool:
            return name.replace("’", "'") in answer["name"]

        answer = self._wait("phone", right, name=name, local=local)
        assert answer["sideways"] <= 0, "The page is wider than its window."
        self.screens += answer["screens"]
        self.y = answer["y"]

    def _wait(
        self, act: str, right: Callable[[dict[str, Any]], bool] = bool, **given: object
    ) -> dict[str, Any]:
        """Look until the answer is right and the same twice in a row; return it."""
        asked = json.dumps({"act": act, **given}, ensure_ascii=False).replace("’", "'")
        last: object = None
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                answer = json.loads(self.window.ask(EYES, asked))
            except BusyError as error:
                answer, last = None, error
            if answer and right(answer) and answer == last:
                return dict(answer)
            last = answer or last
            time.sleep(GLANCE)
        raise AssertionError(f"Not seen: {act} {given}; last seen: {last}")
