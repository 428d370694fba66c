"""`mesure23 serve`, and `mesure23 run` which prepares everything first."""

import socket
from typing import Annotated

import typer
import uvicorn

from app.commands.territories import load_if_absent
from app.imports.demo import load_demo
from app.main import create_app
from app.runtime import open_runtime
from app.settings import Settings

Host = Annotated[str, typer.Option(help="Adresse d'écoute.")]
Port = Annotated[int, typer.Option(envvar="PORT", help="Port d'écoute.", min=0, max=65535)]


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Mettre d'abord la base et les territoires en place.")
    ] = False,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Charger la démonstration si la base est vide."),
    ] = False,
) -> None:
    """Servir le site."""
    settings = Settings()
    with open_runtime(settings, upgrade=prepare) as runtime:
        if prepare:
            with runtime.staff.begin() as connection:
                if loaded := load_if_absent(connection, settings):
                    typer.echo(f"Territoires chargés : {loaded.territories}.", err=True)
        if demo:
            for summary in load_demo(runtime):
                typer.echo(f"Démonstration : {summary.created} acteurs créés.", err=True)
        if runtime.cluster is not None:
            runtime.cluster.watch()
        config = uvicorn.Config(
            create_app(settings, runtime.databases),
            host=host,
            port=port,
            # Access logs would keep what people look for.
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=10,
        )
        _Server(config).run()


def run(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Tout préparer, charger la démonstration si la base est vide, puis servir."""
    serve(host=host, port=port, prepare=True, demo=True)


class _Server(uvicorn.Server):
    """Says where it answers once it does, whatever port it was given."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            shown = f"[{host}]" if ":" in host else host
            typer.echo(f"Mesure 23 : http://{shown}:{port} (Ctrl-C pour arrêter)")
