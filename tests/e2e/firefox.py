"""A window of Debian's Firefox, by WebDriver BiDi: it speaks it without any driver."""

import base64
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.e2e import keys
from tests.e2e.person import BusyError

# Everything but this machine is behind a proxy that is not there: nothing is asked of anybody.
PREFERENCES = {
    "network.proxy.type": 1,
    **{f"network.proxy.{scheme}": "127.0.0.1" for scheme in ("http", "ssl", "socks")},
    **{f"network.proxy.{scheme}_port": 9 for scheme in ("http", "ssl", "socks")},
    "network.proxy.no_proxies_on": "127.0.0.1",
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "ui.prefersReducedMotion": 1,
    # As phones and desks have them; without a screen it would take their width from the page.
    "ui.useOverlayScrollbars": 1,
}


class FirefoxWindow:
    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._asked = 0
        self.errors: list[str] = []
        self._call("session.new", capabilities={})
        self._call("session.subscribe", events=["log.entryAdded"])
        self._tab = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command; return its result, after noting what pages wrote meanwhile."""
        self._asked += 1
        command = {"id": self._asked, "method": method, "params": params}
        self._connection.send(json.dumps(command))
        while True:
            message = json.loads(self._connection.recv(timeout=60))
            if message["type"] == "event":
                if message["params"].get("level") == "error":
                    self.errors.append(str(message["params"]["text"]))
            elif message["id"] == self._asked:
                if message["type"] == "error":
                    raise BusyError(message["message"])
                return dict(message["result"])

    def resize(self, width: int, height: int) -> None:
        area = {"width": width, "height": height}
        self._call("browsingContext.setViewport", context=self._tab, viewport=area)

    def go(self, url: str) -> None:
        self._call("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def ask(self, function: str, given: str) -> str:
        answer = self._call(
            "script.callFunction",
            functionDeclaration=function,
            arguments=[{"type": "string", "value": given}],
            target={"context": self._tab},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise BusyError(answer["exceptionDetails"]["text"])
        return str(answer["result"]["value"])

    def _act(self, actions: keys.Actions) -> None:
        self._call("input.performActions", context=self._tab, actions=actions)

    def press(self, x: int, y: int) -> None:
        self._act(keys.press(x, y))

    def write(self, text: str) -> None:
        self._act(keys.rewrite(text))

    def enter(self) -> None:
        self._act(keys.keys(keys.ENTER))

    def down(self) -> None:
        self._act(keys.keys(keys.DOWN))

    def picture(self) -> bytes:
        picture = self._call("browsingContext.captureScreenshot", context=self._tab)
        return base64.b64decode(picture["data"])

    def close(self) -> None:
        self._call("browser.close")


def _address(profile: Path, firefox: subprocess.Popen[bytes]) -> str:
    """Wait until Firefox has written where it listens; return that address."""
    written = profile / "WebDriverBiDiServer.json"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and firefox.poll() is None:
        # Written in pieces: until it is whole, it is not there.
        with suppress(FileNotFoundError, json.JSONDecodeError):
            at = json.loads(written.read_text(encoding="utf-8"))
            return f"ws://{at['ws_host']}:{at['ws_port']}/session"
        time.sleep(0.05)
    raise AssertionError(f"Firefox does not listen; it ended: {firefox.poll()}")


@contextmanager
def firefox_window(profile: Path) -> Iterator[FirefoxWindow]:
    """Start Firefox over an empty folder; end it."""
    pairs = [f"{json.dumps(name)}, {json.dumps(value)}" for name, value in PREFERENCES.items()]
    preferences = "\n".join(f"user_pref({pair});" for pair in pairs)
    (profile / "user.js").write_text(preferences, encoding="utf-8")
    path = os.environ.get("MESURE23_FIREFOX", "/usr/bin/firefox-esr")
    command = [path, "--headless", "--no-remote", "--profile", str(profile)]
    firefox = subprocess.Popen(
        [*command, "--remote-debugging-port", "0"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with connect(_address(profile, firefox), max_size=None, proxy=None) as connection:
            window = FirefoxWindow(connection)
            yield window
            window.close()
        firefox.wait(30)
    finally:
        firefox.kill()
        firefox.wait()
