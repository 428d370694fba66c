"""The web server with the desk: apart from that of public pages, which holds no key."""

import socket
from typing import TYPE_CHECKING

from fastapi import FastAPI

from app.commands.support.measuring import measured_of_staff
from app.commands.support.server import serve_app
from app.desk.application import PREFIXES, create_desk
from app.inbox.opening import publish_key
from app.main import create_app
from app.platform.database.sessions import write
from app.platform.web.fork import Fork
from app.records.ahead import stay_open
from app.runtime.staff import Runtime
from app.statistics.page_types import publish_facets

if TYPE_CHECKING:
    from app.platform.web.metrics import Metrics


def serve_desk(runtime: Runtime, listener: socket.socket) -> None:
    """Serve what staff may reach, as serve_app does."""
    with measured_of_staff(runtime) as metrics:
        desk = _desk(runtime, metrics, alone=True)
        serve_app(desk, listener, runtime.settings, [desk.state.site])


def serve_both(runtime: Runtime, listener: socket.socket) -> None:
    """Serve both behind one port, as serve_app does."""
    with measured_of_staff(runtime) as metrics:
        public = create_app(runtime.settings, runtime.databases, metrics, desk_beside=True)
        desk = _desk(runtime, metrics, alone=False)
        # Monitors ask the public pages for both.
        public.state.site.opens.extend(desk.state.site.opens)
        both = Fork(public, desk, PREFIXES)
        serve_app(both, listener, runtime.settings, [public.state.site, desk.state.site])


def _desk(runtime: Runtime, metrics: "Metrics | None", *, alone: bool) -> FastAPI:
    with write(runtime.staff) as session:
        publish_key(session, runtime.vault)
        publish_facets(session)
    stay_open(runtime.staff, runtime.vault)
    settings, databases = runtime.settings, runtime.databases
    return create_desk(settings, databases, runtime.vault, alone=alone, metrics=metrics)
