"""The port that a service answers on, taken before anything is started for it."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from app.errors import OperatorError

LOOPBACK = "127.0.0.1"
BACKLOG = 2_048


class PortMalformed(OperatorError):
    """« {given} » n'est pas un port : PORT, ou --port, est un nombre de 0 à 65535."""


class CannotListen(OperatorError):
    """Impossible d'écouter sur {host}, port {port} : {why}.
    Indiquez un autre port, par exemple PORT=8001, ou une autre adresse avec --host.
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


Host = Annotated[str, typer.Option(envvar="MESURE23_HOST", help="Adresse d'écoute.")]
Port = Annotated[
    int, typer.Option(envvar="PORT", help="Port d'écoute.", parser=read_port, metavar="PORT")
]


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
