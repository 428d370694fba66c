"""The service on the measured database, and beside it a route that does nothing.

`python -m bench.service [--forget]`; --forget: nothing is kept, so that each answer is made as the
first one is.
"""

import sys
from dataclasses import replace
from uuid import UUID

from fastapi import FastAPI, Response

from app.answers import Answers
from app.commands.server import serve_app
from app.commands.signals import until_signalled
from app.commands.web import LOOPBACK, listening
from app.main import create_app
from app.runtime import open_runtime
from app.versions import Versions
from bench.database import settings

EMPTY = "/empty"
FORGET = "--forget"


class Unknown(Versions):
    """Versions that are never known for sure: what is kept under them is never taken."""

    def of(self, territory: str) -> UUID | None:
        return None


async def _empty() -> Response:
    return Response()


def main() -> None:
    """Serve until a signal, on a free port of loopback, which the first line says."""
    with (
        until_signalled(),
        listening(LOOPBACK, 0) as listener,
        open_runtime(settings()) as runtime,
    ):
        app: FastAPI = create_app(runtime.settings, runtime.databases)
        app.add_api_route(EMPTY, _empty)
        if FORGET in sys.argv:
            nothing = Answers(Unknown(runtime.databases.public))
            app.state.site = replace(app.state.site, answers=nothing)
        serve_app(app, listener)


if __name__ == "__main__":
    main()
