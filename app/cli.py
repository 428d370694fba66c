"""The command `mesure23`: each command is a module of app/commands, of the same name."""

import sys
import traceback
from collections.abc import Iterable
from importlib import import_module

import psycopg
import structlog
import typer
from sqlalchemy.exc import OperationalError

from app.commands.support.signals import EXIT_INTERRUPTED, unwind_on_signals
from app.commands.support.usage import explain
from app.errors import ActorUnknown, Mesure23Error, why_refused
from app.platform.cluster.errors import ClusterError
from app.platform.database import slow
from app.platform.database.full_disk import is_disk_full
from app.platform.logs import is_service, of_command, of_error
from geo.answers import GeocoderError
from importers.errors import UnreadableList

# Where each command is: a function of its module, or a group of commands.
COMMANDS = {
    "serve": "serve:serve",
    "run": "run:run",
    "worker": "worker:worker",
    "release": "release:release",
    "import": "import_:import_",
    "geocode": "geocode:geocode",
    "protect": "protect:protect",
    "unprotect": "unprotect:unprotect",
    "hidden": "hidden:show_hidden",
    "classify": "classify:classify",
    "proposals": "proposals:proposals",
    "same": "same:same",
    "missing": "missing:show_missing",
    "conflicts": "conflicts:show_conflicts",
    "erase": "erase:erase",
    "purge": "purge:purge",
    "doctor": "doctor:doctor",
    "territories": "territories:app",
    "db": "db:app",
    "keys": "keys:app",
    "embed": "embed:app",
    "registers": "registers:app",
    "competence": "competence:app",
    "resources": "resources:app",
    "user": "user:app",
    "audit": "audit:app",
    "mail": "mail:app",
    "backup": "backup:app",
}

# A list or a line that cannot be used, as shells know a wrong argument.
EXIT_UNUSABLE = 2
INTERRUPTED = (
    "Commande interrompue : ce qu'elle n'avait pas fini n'est pas écrit. Relancez-la quand vous "
    "voulez."
)
ABANDONED = "Commande abandonnée : rien n'est fait."
NO_ANSWER = (
    "La base de données ne répond pas, ou refuse l'identifiant. Vérifiez que le serveur est en "
    "marche, puis MESURE23_DATABASE_URL et MESURE23_PUBLIC_DATABASE_URL."
)
NO_ACTOR = (
    "Aucune fiche n'a cet identifiant. « mesure23 hidden » liste les identifiants des fiches "
    "cachées ; celui d'une fiche publiée est dans son adresse, après « /acteurs/ »."
)
DISK_FULL = (
    "Le disque est plein : la commande s'est arrêtée, et rien de ce qu'elle faisait n'est écrit. "
    "Libérez de la place, puis recommencez."
)
LOST = (
    "La connexion à la base de données s'est interrompue : rien de ce que la commande faisait "
    "n'est écrit. Vérifiez que le serveur est en marche et que son disque n'est pas plein, puis "
    "recommencez."
)
# What PostgreSQL says of a connection that its administrator, a crash or a start ends.
_ENDED = ("57P01", "57P02", "57P03")
UNEXPECTED = (
    "Une erreur inattendue a arrêté la commande. Signalez les lignes ci-dessus : elles disent où, "
    "sans rien citer des données."
)


def load(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the commands of these names, of which each is a module that takes a while to load."""
    loaded = typer.Typer(
        name="mesure23",
        help="Cartographie nationale des acteurs contre l'exploitation sexuelle des mineurs.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    # Typer runs an application of one command without asking for the name of that command.
    loaded.callback()(lambda: None)
    for name in names:
        module, _, given = COMMANDS[name].partition(":")
        found = getattr(import_module(f"app.commands.{module}"), given)
        if isinstance(found, typer.Typer):
            loaded.add_typer(found, name=name)
        else:
            loaded.command(name)(found)
    return loaded


def load_named() -> typer.Typer:
    """Return the command that was typed; all of them where it is none, for what is said then."""
    named = sys.argv[1:2]
    return load(named if named and named[0] in COMMANDS else COMMANDS)


def main(commands: typer.Typer) -> None:
    """Run a command; what a person can act on is one sentence on stderr, never a traceback."""
    unwind_on_signals()
    of_command()
    slow.watch()
    try:
        code = commands(prog_name="mesure23", standalone_mode=False) or 0
        if code == EXIT_INTERRUPTED:
            _fail(INTERRUPTED, code)
        sys.exit(code)
    except typer.TyperException as error:
        _fail(explain(error), EXIT_UNUSABLE, error)
    except typer.Abort:
        _fail(ABANDONED, 1)
    except UnreadableList as error:
        _fail(str(error), EXIT_UNUSABLE, error)
    except ActorUnknown:
        _fail(NO_ACTOR, 1)
    except (Mesure23Error, ClusterError, GeocoderError) as error:
        _fail(str(error), 1, error)
    except (OperationalError, psycopg.OperationalError) as error:
        _fail_of_database(error)
    except OSError as error:
        if is_disk_full(error):
            _fail(DISK_FULL, 1, error)
        named = f" ({error.filename})" if error.filename else ""
        _fail(f"Le système refuse une opération{named} : {why_refused(error)}.", 1, error)
    except Exception as error:
        _fail_unexpectedly(error)


def _fail_of_database(error: OperationalError | psycopg.OperationalError) -> None:
    """Say what to check; the driver's own message may name a host and a login."""
    # Rows are copied by the driver itself; where it says no state, its connection broke.
    lost = error.connection_invalidated if isinstance(error, OperationalError) else True
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    if is_disk_full(error):
        _fail(DISK_FULL, 1, error)
    if state in _ENDED or (lost and not state):
        _fail(LOST, 1, error)
    if state:
        _fail_unexpectedly(error)
    _fail(NO_ANSWER, 1, error)


def _fail(message: str, code: int, error: BaseException | None = None) -> None:
    if message:
        typer.echo(message, err=True)
    if is_service():
        # The sentence is for whoever starts it by hand.
        structlog.get_logger(__name__).error("command failed", code=code, **of_error(error))
    sys.exit(code)


def _fail_unexpectedly(error: Exception) -> None:
    """Say where it happened and not what it says: a message may quote a protected address."""
    while error.__cause__ is not None and isinstance(error.__cause__, Exception):
        error = error.__cause__
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    frames = "".join(traceback.format_tb(error.__traceback__))
    what = type(error).__name__ + (f" {state}" if state else "")
    _fail(f"{frames}{what}\n{UNEXPECTED}", 1, error)
