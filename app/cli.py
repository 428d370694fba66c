"""The command `mesure23`: each command is a module of app/commands, of the same name."""

import sys
import traceback

import psycopg
import structlog
import typer
from sqlalchemy.exc import OperationalError

from app.commands import (
    audit,
    backup,
    classify,
    competence,
    conflicts,
    db,
    doctor,
    embed,
    erase,
    geocode,
    hidden,
    import_,
    keys,
    missing,
    proposals,
    protect,
    purge,
    registers,
    release,
    resources,
    run,
    same,
    serve,
    territories,
    unprotect,
    user,
    worker,
)
from app.commands.support.signals import EXIT_INTERRUPTED, unwind_on_signals
from app.commands.support.usage import explain
from app.errors import ActorUnknown, Mesure23Error, why_refused
from app.platform.cluster.errors import ClusterError
from app.platform.database import slow
from app.platform.database.full_disk import is_disk_full
from app.platform.logs import is_service, of_command, of_error
from geo.answers import GeocoderError
from importers.errors import UnreadableList

app = typer.Typer(
    name="mesure23",
    help="Cartographie nationale des acteurs contre l'exploitation sexuelle des mineurs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("serve")(serve.serve)
app.command("run")(run.run)
app.command("worker")(worker.worker)
app.command("release")(release.release)
app.command("import")(import_.import_)
app.command("geocode")(geocode.geocode)
app.command("protect")(protect.protect)
app.command("unprotect")(unprotect.unprotect)
app.command("hidden")(hidden.show_hidden)
app.command("classify")(classify.classify)
app.command("proposals")(proposals.proposals)
app.command("same")(same.same)
app.command("missing")(missing.show_missing)
app.command("conflicts")(conflicts.show_conflicts)
app.command("erase")(erase.erase)
app.command("purge")(purge.purge)
app.command("doctor")(doctor.doctor)
app.add_typer(territories.app, name="territories")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(embed.app, name="embed")
app.add_typer(registers.app, name="registers")
app.add_typer(competence.app, name="competence")
app.add_typer(resources.app, name="resources")
app.add_typer(user.app, name="user")
app.add_typer(audit.app, name="audit")
app.add_typer(backup.app, name="backup")

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


def main() -> None:
    """Run a command; what a person can act on is one sentence on stderr, never a traceback."""
    unwind_on_signals()
    of_command()
    slow.watch()
    try:
        code = app(prog_name="mesure23", standalone_mode=False) or 0
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
