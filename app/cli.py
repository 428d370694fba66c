"""The command `mesure23`: each group of commands is a module of app/commands."""

import signal
import sys
from types import FrameType

import typer
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError

from app.cluster_errors import ClusterError
from app.commands import acts, database, keys, lists, territories, web
from app.errors import Mesure23Error
from importers.errors import UnreadableList

app = typer.Typer(
    name="mesure23",
    help="Cartographie nationale des acteurs contre l'exploitation sexuelle des mineurs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(web.serve)
app.command("run")(web.run)
app.command("import")(lists.import_command)
app.command("geocode")(lists.geocode_command)
app.command("protect")(acts.protect_command)
app.command("unprotect")(acts.unprotect_command)
app.add_typer(territories.app, name="territories")
app.add_typer(database.app, name="db")
app.add_typer(keys.app, name="keys")

# A list that cannot be used, as shells know a wrong argument.
EXIT_UNUSABLE = 2


def main() -> None:
    """Run a command; what a person can act on is one sentence on stderr, never a traceback."""
    # TERM must unwind like Ctrl-C, so that a cluster that we started is stopped.
    signal.signal(signal.SIGTERM, _leave)
    try:
        app()
    except UnreadableList as error:
        _fail(str(error), EXIT_UNUSABLE)
    except (Mesure23Error, ClusterError) as error:
        _fail(str(error), 1)
    except ValidationError as error:
        wrong = ", ".join(f"MESURE23_{each['loc'][0]!s}".upper() for each in error.errors())
        _fail(f"Réglage invalide : {wrong}. Voyez docs/operations.md.", 1)
    except OperationalError:
        # The driver's message may name a host and a login: the sentence says what to check.
        _fail("La base de données ne répond pas. Vérifiez MESURE23_DATABASE_URL.", 1)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _fail(message: str, code: int) -> None:
    typer.echo(message, err=True)
    sys.exit(code)
