"""`mesure23 serve`, and `mesure23 run` which prepares everything first."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app.commands.signals import until_signalled
from app.commands.territories import load_if_absent
from app.errors import Mesure23Error
from app.lists.demo import load_demo
from app.runtime.addresses import read_settings
from app.runtime.public import PublicRuntime, open_public, refuse_strong_login
from app.runtime.staff import Runtime, open_runtime

LOOPBACK = "127.0.0.1"
BACKLOG = 2_048


class PortMalformed(Mesure23Error):
    """« {given} » n'est pas un port : PORT, ou --port, est un nombre de 0 à 65535."""


class CannotListen(Mesure23Error):
    """Impossible d'écouter sur {host}, port {port} : {why}.
    Indiquez un autre port, par exemple PORT=8001, ou une autre adresse avec --host.
    """


class PublicOnlyReads(Mesure23Error):
    """« mesure23 serve --public » ne fait que lire : lancez d'abord « mesure23 serve --prepare »,
    ou « mesure23 db upgrade », avec l'identifiant qui écrit.
    """


REASONS = {
    errno.EADDRINUSE: "un autre programme l'occupe déjà",
    errno.EACCES: "ce port est réservé à l'administrateur",
    errno.EADDRNOTAVAIL: "cette adresse n'est pas celle de cette machine",
}


def read_port(given: str | int) -> int:
    """Return a port; raise PortMalformed."""
    text = str(given)
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise PortMalformed(given=text[:20])
    return int(text)


Host = Annotated[str, typer.Option(help="Adresse d'écoute.")]
Port = Annotated[
    int, typer.Option(envvar="PORT", help="Port d'écoute.", parser=read_port, metavar="PORT")
]


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
        open_runtime(settings, upgrade=prepare) as runtime,
    ):
        if prepare:
            with runtime.staff.begin() as connection:
                if loaded := load_if_absent(connection, settings):
                    typer.echo(f"Territoires chargés : {loaded.territories}.", err=True)
        if demo:
            for summary in load_demo(runtime.staff, runtime.vault, settings):
                typer.echo(f"Démonstration : {summary.created} acteurs créés.", err=True)
        refuse_strong_login(runtime.databases.public)
        _serve(runtime, listener)


def _serve(runtime: Runtime | PublicRuntime, listener: socket.socket) -> None:
    if runtime.cluster is not None:
        runtime.cluster.watch()
    # Here, since the other commands do without the web's libraries.
    from app.commands.server import serve_forever

    serve_forever(runtime, listener)


def run(host: Host = LOOPBACK, port: Port = 8000) -> None:
    """Tout préparer, charger la démonstration si la base est vide, puis servir."""
    serve(host=host, port=port, prepare=True, demo=True)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before anything is started for it; raise CannotListen."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=BACKLOG)
    except OSError as error:
        why = REASONS.get(error.errno or 0, "cette adresse n'existe pas")
        raise CannotListen(host=host, port=str(port), why=why) from error
    with listener:
        yield listener
