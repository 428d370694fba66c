"""What the desk reads of actors, those hidden as well, stays in no memory once it has answered."""

from starlette.types import ASGIApp, Receive, Scope, Send

from geo.text import forget


class Forgetting:
    """Forgets with each answer what was made of addresses: to look at a sheet makes some of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and forget; what another request still needs is made once more."""
        try:
            await self.app(scope, receive, send)
        finally:
            forget()
