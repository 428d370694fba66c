"""A window of Debian's WebKitGTK, by WebDriver: its MiniBrowser on a screen that nobody sees."""

import base64
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

from tests.e2e import keys
from tests.e2e.person import BusyError

# Everything but this machine is behind a proxy that is not there: nothing is asked of anybody.
BROWSER = {
    "binary": f"/usr/lib/{os.uname().machine}-linux-gnu/webkit2gtk-4.1/MiniBrowser",
    "args": ["--automation", "--private", "--proxy=http://127.0.0.1:9", "--ignore-host=127.0.0.1"],
}
# Else the bar over the page needs more than the width of a phone.
NARROW_BAR = """
* { border-width: 0; margin: 0; min-height: 0; min-width: 0; padding: 0; }
* { -gtk-icon-transform: scale(0.1); font-size: 1px; }
"""


class WebkitWindow:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._session = ""
        self.errors: list[str] = []
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": BROWSER}}
        self._session = f"/session/{self._post('/session', capabilities=wanted)['sessionId']}"

    def _post(self, path: str, **body: object) -> Any:
        answer = self._client.post(self._session + path, json=body).json()["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise BusyError(answer["message"] or answer["error"])
        return answer

    def resize(self, width: int, height: int) -> None:
        # The window is higher than its page by its bar, which a page already there tells.
        self._post("/window/rect", x=0, y=0, width=width, height=height)
        bar = height - self._script("return innerHeight")
        self._post("/window/rect", width=width, height=height + bar)

    def _script(self, script: str, *arguments: str) -> Any:
        return self._post("/execute/sync", script=script, args=arguments)

    def go(self, url: str) -> None:
        self._post("/url", url=url)

    def ask(self, function: str, given: str) -> str:
        return str(self._script(f"return ({function})(arguments[0])", given))

    def press(self, x: int, y: int) -> None:
        self._post("/actions", actions=keys.press(x, y))

    def write(self, text: str) -> None:
        self._post("/actions", actions=keys.rewrite(text))

    def enter(self) -> None:
        self._post("/actions", actions=keys.keys(keys.ENTER))

    def down(self) -> None:
        self._post("/actions", actions=keys.keys(keys.DOWN))

    def picture(self) -> bytes:
        return base64.b64decode(self._client.get(f"{self._session}/screenshot").json()["value"])

    def close(self) -> None:
        self._client.delete(self._session)


@contextmanager
def screen() -> Iterator[str]:
    """Start a display of its own; yield its name."""
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout
        number = server.stdout.readline().decode().strip()
        assert number, "Xvfb did not start."
        try:
            yield f":{number}"
        finally:
            server.terminate()


@contextmanager
def driver(folder: Path, display: str) -> Iterator[httpx.Client]:
    """Start the driver on a free port; yield a client of it once it answers."""
    style = folder / "gtk-3.0" / "gtk.css"
    style.parent.mkdir()
    style.write_text(NARROW_BAR, encoding="utf-8")
    here = {"XDG_CONFIG_HOME": str(folder), "HOME": str(folder), "DISPLAY": display}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        subprocess.Popen(
            ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"],
            env={**os.environ, **here, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=60) as client,
    ):
        try:
            while process.poll() is None:
                with suppress(httpx.TransportError):
                    client.get("/status")
                    break
                time.sleep(0.05)
            yield client
        finally:
            process.terminate()


@contextmanager
def webkit_window(folder: Path) -> Iterator[WebkitWindow]:
    """Start WebKit over an empty folder; end it."""
    with screen() as display, driver(folder, display) as client:
        window = WebkitWindow(client)
        try:
            yield window
        finally:
            window.close()
