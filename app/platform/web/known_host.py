"""The Host that a request names: believed only where it is the service's own.

Links, redirects and keys of cached answers are made from it, so it is judged once, before any of
them: see docs/decisions/known-host.md.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.web.errors import HostUnknown
from app.platform.web.problems import answer

HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?", re.IGNORECASE)


class KnownHost:
    """Answer to the service's own names alone, and redirect without naming any.

    public_url: the address of the service; where it is set, it stands for whatever a request names.
    """

    def __init__(self, app: ASGIApp, public_url: str | None) -> None:
        self.app = app
        self.public = urlsplit(public_url).netloc if public_url else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through under a name that may be believed, or answer 421."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        # A request of HTTP/1.0 names none.
        known = bool(self.public) or not given or (len(given) == 1 and _is_own(given[0], scope))
        host = self.public or (given[0] if given and known else _listening(scope))
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"host"]
        scope["headers"].append((b"host", host.encode("latin-1")))
        if not known:
            await answer(Request(scope), HostUnknown())(scope, receive, send)
            return

        async def send_relative(message: Message) -> None:
            if message["type"] == "http.response.start" and 300 <= message["status"] < 400:
                message["headers"] = [_relative(pair, host) for pair in message["headers"]]
            await send(message)

        await self.app(scope, receive, send_relative)


def _is_own(host: str, scope: Scope) -> bool:
    """Say whether a Host is this machine's loopback, or the address that the request came to."""
    parts = HOST.fullmatch(host)
    if parts is None:
        return False
    name = parts[1].strip("[]").lower()
    if name == "localhost" or (scope.get("server") and name == str(scope["server"][0]).lower()):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _listening(scope: Scope) -> str:
    name, port = scope.get("server") or ("localhost", None)
    shown = f"[{name}]" if ":" in name else name
    # A Unix socket has a path for its name, and no port.
    return f"{shown}:{port}" if port else "localhost"


def _relative(header: tuple[bytes, bytes], host: str) -> tuple[bytes, bytes]:
    """Return a header; where it leads to an address of ours, without scheme and host."""
    name, value = header
    if name != b"location":
        return header
    for scheme in ("http", "https"):
        start = f"{scheme}://{host}/".encode("latin-1")
        if value.startswith(start):
            # "//host" would lead elsewhere.
            return name, b"/" + value.removeprefix(start).lstrip(b"/")
    return header
