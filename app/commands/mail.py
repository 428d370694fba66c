"""`mesure23 mail …`: what mail servers say of letters that they took."""

import sys
from datetime import UTC, datetime

import typer

from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.errors import OperatorError
from app.jobs.bouncing import read_reports
from app.platform.mail.reports import split

app = typer.Typer(help="Courriels du service.", no_args_is_help=True)
MOST_BYTES = 64_000_000


class TooMuchRead(OperatorError):
    """Plus de 64 Mo sur l’entrée standard : donnez moins de rapports à la fois."""


@app.command("bounces")
def bounces() -> None:
    """Lire sur l’entrée standard des rapports de non-remise : un message, ou une boîte mbox.

    Une adresse refusée pour de bon deux lettres de suite ne reçoit plus rien. Un rapport sur un
    message que ce service n’a pas envoyé ne change rien. Aucune adresse n’est affichée.
    """
    with opened() as runtime:
        given = sys.stdin.buffer.read(MOST_BYTES + 1)
        if len(given) > MOST_BYTES:
            raise TooMuchRead
        outcome = read_reports(runtime, split(given), datetime.now(UTC))
    came_back = several(outcome.came_back, "lettres revenues")
    suspended = several(outcome.suspended, "abonnements suspendus")
    other = several(outcome.other, "autres messages")
    typer.echo(f"{came_back}, {suspended}, {other}.")
