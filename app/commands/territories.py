"""`mesure23 territories …`: départements, communes, and their boundaries."""

from pathlib import Path

import typer
from sqlalchemy import Connection, func, select, text

from app.commands.support.opening import opened
from app.commands.support.progress import late_progress
from app.gazetteer.ground import make_ground
from app.gazetteer.load import Counts, load
from app.gazetteer.prepare import prepare
from app.gazetteer.report import report
from app.gazetteer.sources import Sources
from app.platform.database.sessions import write
from app.runtime.addresses import read_settings
from app.settings import ROOT, Settings

app = typer.Typer(help="Territoires et communes de référence.", no_args_is_help=True)

# Names of former communes came with a later migration, which leaves them empty; points overseas
# with a later prepared file.
_COMPLETE = text(
    "SELECT EXISTS (SELECT FROM former_commune WHERE search_name <> '') "
    "AND NOT EXISTS (SELECT FROM commune WHERE code = '98818' AND point IS NULL)"
)
# Who loads at the same time as others waits, and finds them loaded.
GAZETTEER_LOCK = 230042
GROUND = ROOT / "static" / "built" / "ground"
ATLAS = ROOT / "node_modules" / "world-atlas"
DECOUPAGE = ROOT / "node_modules" / "@etalab" / "decoupage-administratif" / "data"


def prepared(settings: Settings) -> Path:
    """Return the prepared file of territories, made where it is not there yet."""
    with late_progress("Préparation des territoires", line_when_piped=True):
        return prepare(settings.data_dir / "national", DECOUPAGE, settings.data_dir / "territories")


def load_prepared(connection: Connection, settings: Settings) -> Counts:
    """Write the prepared file into the database."""
    connection.execute(select(func.pg_advisory_xact_lock(GAZETTEER_LOCK)))
    path = prepared(settings)
    with late_progress("Chargement des territoires", line_when_piped=True):
        return load(connection, path)


def are_complete(connection: Connection) -> bool:
    """Return whether the territories are there, with what came later."""
    return bool(connection.scalar(_COMPLETE))


def load_if_absent(connection: Connection, settings: Settings) -> Counts | None:
    """Load the territories into a database that has none, or lacks what came later."""
    if are_complete(connection):
        return None
    connection.execute(select(func.pg_advisory_xact_lock(GAZETTEER_LOCK)))
    if are_complete(connection):
        return None
    return load_prepared(connection, settings)


def tell_loaded(counts: Counts) -> None:
    """Say what was loaded, and what stays that the file has no more."""
    typer.echo(f"{counts.territories} territoires et {counts.communes} communes chargés.")
    for row in counts.still_referenced:
        typer.echo(f"Conservé, car un acteur s'y rattache : {row}", err=True)


@app.command("prepare")
def prepare_command() -> None:
    """Préparer le fichier des territoires et le fond des cartes, à partir des paquets nationaux."""
    settings = read_settings()
    path = prepared(settings)
    typer.echo(f"Territoires préparés : {path}")
    with late_progress("Préparation du fond de carte", line_when_piped=True):
        written = make_ground(
            Sources(settings.data_dir / "national", DECOUPAGE), path, ATLAS, GROUND
        )
    typer.echo(f"Fond de carte : {f'{written} fichiers préparés' if written else 'à jour'}")


@app.command("load")
def load_command() -> None:
    """Charger, ou mettre à jour, territoires et communes."""
    settings = read_settings()
    with opened(settings) as runtime, write(runtime.staff) as session:
        tell_loaded(load_prepared(session.connection(), settings))


@app.command()
def check() -> None:
    """Dire combien de territoires et de communes sont chargés, et ce qui leur manque."""
    with opened() as runtime, runtime.staff.connect() as connection:
        typer.echo(report(connection))
