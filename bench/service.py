"""The service on the measured database, and beside it a route that does nothing.

`python -m bench.service [--no-cache] [--some] [--by=URL] [--desk]`; --no-cache: each answer is made
as the first one is. --some: over the database of SOME actors. --by: reaches the database by
PgBouncer. --desk: the desk, over that of POINTS.
"""

import socket
import sys
from dataclasses import replace
from uuid import UUID

from fastapi import FastAPI, Response

from app.commands.support.listening import LOOPBACK, listening
from app.commands.support.server import serve_app
from app.commands.support.signals import until_signalled
from app.main import create_app
from app.platform.database.engines import Databases, PublicDatabase, make_engine, role
from app.platform.web.version_cache import VersionCache
from app.platform.web.versions import Versions
from app.runtime.addresses import DATABASE
from app.runtime.public import open_public
from bench.setting import MIDDLE, settings

EMPTY = "/empty"
NO_CACHE = "--no-cache"
FEWER = "--some"
BY = "--by="
DESK, POINTS = "--desk", f"{DATABASE}_points"


class Unknown(Versions):
    """Versions that are never known for sure: what is cached under them is never served."""

    def of(self, territory: str) -> UUID | None:
        return None


async def _empty() -> Response:
    return Response()


def main() -> None:
    """Serve until a signal, on a free port of loopback, which the first line says."""
    with until_signalled(), listening(LOOPBACK, 0) as listener:
        if DESK in sys.argv:
            _desk(listener)
        else:
            _public(listener)


def _public(listener: socket.socket) -> None:
    """Serve what visitors reach, with what `mesure23 serve --public` holds and no more."""
    with open_public(settings()) as reader:
        databases = reader.databases
        urls = [each.removeprefix(BY) for each in sys.argv if each.startswith(BY)]
        if FEWER in sys.argv and reader.cluster:
            urls = [reader.cluster.url(role(DATABASE, "public"), MIDDLE)]
        for url in urls:
            databases = PublicDatabase(make_engine(url, pool_size=reader.settings.pool_size))
        app: FastAPI = create_app(reader.settings, databases)
        app.add_api_route(EMPTY, _empty)
        if NO_CACHE in sys.argv:
            nothing = VersionCache(Unknown(databases.public))
            app.state.site = replace(app.state.site, cache=nothing)
        serve_app(app, listener, reader.settings, [app.state.site])
        if databases is not reader.databases:
            databases.dispose()


def _desk(listener: socket.socket) -> None:
    """Serve the desk, whose libraries the public service, the measured one, does not have."""
    from app.commands.support.desk_server import serve_desk
    from app.runtime.staff import open_runtime
    from bench.tools import BenchFailed

    with open_runtime(settings()) as runtime:
        if runtime.cluster is None:
            raise BenchFailed("le bureau est mesuré sur la base embarquée.")
        logins = (role(DATABASE, each) for each in ("staff", "public"))
        urls = (runtime.cluster.url(each, POINTS) for each in logins)
        serve_desk(replace(runtime, databases=Databases(*map(make_engine, urls))), listener)


if __name__ == "__main__":
    main()
