"""Two applications behind one port, each with its own part of the addresses."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Fork:
    """Give what lies below some paths to one application, and all else to the other.

    Neither sees anything of the other: middleware, headers and state are each one's own.
    """

    def __init__(self, main: ASGIApp, other: ASGIApp, prefixes: tuple[str, ...]) -> None:
        self.main, self.other = main, other
        self.whole = prefixes
        self.below = tuple(f"{prefix}/" for prefix in prefixes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request over; the main application alone is told of start and stop."""
        path = scope.get("path", "")
        theirs = path in self.whole or path.startswith(self.below)
        await (self.other if theirs else self.main)(scope, receive, send)
