"""`mesure23 serve`: the site, and what is made ready before it on demand."""

import socket
from typing import Annotated

import typer

from app.commands.support.listening import LOOPBACK, Host, Port, listening
from app.commands.support.opening import opened
from app.commands.support.signals import until_signalled
from app.commands.territories import load_if_absent
from app.errors import OperatorError
from app.lists.demo import load_demo
from app.platform.database.sessions import write
from app.registers.examples import load_examples
from app.runtime.addresses import read_settings
from app.runtime.public import PublicRuntime, open_public, refuse_strong_login
from app.runtime.staff import Runtime


class PublicOnlyReads(OperatorError):
    """« mesure23 serve --public » ne fait que lire : lancez d'abord « mesure23 serve --prepare »,
    ou « mesure23 db upgrade », avec l'identifiant qui écrit.
    """


def serve(
    host: Host = LOOPBACK,
    port: Port = 8000,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Mettre d'abord la base et les territoires en place.")
    ] = False,
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Charger la démonstration si la base est vide."),
    ] = False,
    public: Annotated[
        bool,
        typer.Option(
            "--public", help="Seulement lire ce qui est publié : sans clé ni autre identifiant."
        ),
    ] = False,
) -> None:
    """Servir le site."""
    settings = read_settings()
    if public:
        if prepare or demo:
            raise PublicOnlyReads
        with (
            until_signalled(),
            listening(host, port) as listener,
            open_public(settings) as reader,
        ):
            _serve(reader, listener)
        return
    with (
        until_signalled(),
        listening(host, port) as listener,
        opened(settings, upgrade=prepare) as runtime,
    ):
        if prepare:
            with write(runtime.staff) as session:
                loaded = load_if_absent(session.connection(), settings)
            if loaded:
                typer.echo(f"Territoires chargés : {loaded.territories}.", err=True)
        if demo:
            loaded_lists = load_demo(runtime.staff, runtime.vault, settings)
            for summary in loaded_lists:
                typer.echo(f"Démonstration : {summary.created} acteurs créés.", err=True)
            if loaded_lists:
                created = load_examples(runtime.staff, runtime.vault, settings)
                typer.echo(f"Registres de démonstration : {created} acteurs créés.", err=True)
        refuse_strong_login(runtime.databases.public)
        _serve(runtime, listener)


def _serve(runtime: Runtime | PublicRuntime, listener: socket.socket) -> None:
    if runtime.cluster is not None:
        runtime.cluster.watch()
    # Here, since the other commands do without the web's libraries.
    from app.commands.support.server import serve_forever

    serve_forever(runtime, listener)
