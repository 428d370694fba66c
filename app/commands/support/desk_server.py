"""The web server with the desk: apart from that of public pages, which holds no key."""

import socket

from starlette.types import ASGIApp

from app.commands.support.server import serve_app
from app.desk.application import PREFIXES, create_desk
from app.inbox.opening import publish_key
from app.main import create_app
from app.platform.database.sessions import write
from app.platform.web.fork import Fork
from app.records.ahead import stay_open
from app.runtime.staff import Runtime
from app.statistics.page_types import publish_facets


def serve_desk(runtime: Runtime, listener: socket.socket) -> None:
    """Serve what staff may reach, as serve_app does."""
    serve_app(_desk(runtime, alone=True), listener)


def serve_both(runtime: Runtime, listener: socket.socket) -> None:
    """Serve both behind one port, as serve_app does."""
    public = create_app(runtime.settings, runtime.databases)
    serve_app(Fork(public, _desk(runtime, alone=False), PREFIXES), listener)


def _desk(runtime: Runtime, *, alone: bool) -> ASGIApp:
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        publish_facets(session)
    stay_open(runtime.staff, runtime.vault)
    return create_desk(runtime.settings, runtime.databases, runtime.vault, alone=alone)
