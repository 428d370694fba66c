"""Headers of every response: what a page may load, and that nothing of a visit is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.platform.web.observing import saying_what_is_sent
from app.platform.web.permissions import goes_to_any_origin

# All that a page could ask of a phone or a computer, as browsers know it, and ours never do.
# Geolocation is left to the visitor, whom the browser asks.
FEATURES_DENIED = (
    "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "compute-pressure",
    "display-capture", "encrypted-media", "fullscreen", "gamepad", "gyroscope", "hid",
    "identity-credentials-get", "idle-detection", "interest-cohort", "keyboard-map", "local-fonts",
    "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture",
    "publickey-credentials-create", "publickey-credentials-get", "screen-wake-lock", "serial",
    "storage-access", "usb", "window-management", "xr-spatial-tracking",
)  # fmt: skip
# What a page may say otherwise of itself.
OF_A_PAGE = {b"content-security-policy", b"referrer-policy"}
# Two years. Not its subdomains, which may be others'; not for ever in browsers' own lists.
STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=63072000")


@dataclass(frozen=True, slots=True)
class HeaderPolicy:
    """What one application says with each of its answers.

    images: an origin beside its own whose images its pages show, as those of tiles.
    any_origin: whether its routes may be declared open to pages of any origin. referrer: what its
    pages tell where they lead. asked: features of a browser that its own pages may ask for.
    """

    images: str | None = None
    any_origin: bool = False
    referrer: str = "no-referrer"
    asked: tuple[str, ...] = ()

    def content_security(self, framed_by: Sequence[str] | None = ("'none'",)) -> str:
        """Return a policy without unsafe-inline: everything is ours, except images.

        framed_by: origins whose pages may show ours in a frame; None: any page.
        """
        images = " ".join(filter(None, ("'self'", "data:", self.images)))
        ancestors = "" if framed_by is None else f"; frame-ancestors {' '.join(framed_by)}"
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            f"img-src {images}; base-uri 'none'; form-action 'self'{ancestors}"
        )

    def headers(self) -> dict[str, str]:
        """Return the headers of every answer that says nothing else itself."""
        return {
            "Content-Security-Policy": self.content_security(),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": self.referrer,
            "Permissions-Policy": ", ".join(
                f"{name}=({'self' if name in self.asked else ''})" for name in FEATURES_DENIED
            ),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    def headers_to_any_origin(self) -> dict[str, str]:
        """Return those of a route that is declared open to pages of any origin."""
        if not self.any_origin:
            return self.headers()
        # No credentials: there are none to send, and an origin is never named.
        return self.headers() | {
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }


class SecurityHeaders:
    """Outermost middleware, so that errors carry the headers too.

    Nothing is stored by browser or proxy unless a response says so itself: a young person may have
    someone looking at the history of the screen. A response may have a policy of its own.
    """

    def __init__(self, app: ASGIApp, policy: HeaderPolicy, *, https: bool) -> None:
        self.app = app
        self.https = https
        self.headers = Headers(policy.headers()).raw
        self.to_any_origin = Headers(policy.headers_to_any_origin()).raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers, and the id of the request, to the first message of a response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.https:
            scope["scheme"] = "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                names = {name for name, _ in headers}
                if b"cache-control" not in names:
                    headers = [*headers, (b"cache-control", b"no-store")]
                shared = goes_to_any_origin(scope.get("endpoint"))
                added = self.to_any_origin if shared else self.headers
                if scope["scheme"] == "https":
                    added = [*added, STRICT_TRANSPORT]
                # Of two policies a browser takes what both allow: nobody's frame, for ours.
                own = [each for each in added if each[0] not in OF_A_PAGE or each[0] not in names]
                message["headers"] = [*headers, *own]
            saying_what_is_sent(scope, message)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class HeadAsGet:
    """Answer HEAD wherever GET is answered; the server leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route a HEAD request like a GET; the server still sees HEAD and sends no body."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        routed = {**scope, "method": "GET"}

        async def send_and_say(message: Message) -> None:
            # What stands around it asks what answered.
            scope.update((name, routed[name]) for name in ("route", "endpoint") if name in routed)
            await send(message)

        await self.app(routed, receive, send_and_say)
