"""`mesure23 serve`: the site, and what is made ready before it on demand."""

from contextlib import nullcontext
from typing import Annotated

import structlog
import typer

from app.cataloguing.demo import load_demo_resources
from app.commands.support.child import Waits, child
from app.commands.support.listening import LOOPBACK, Host, Port, listening
from app.commands.support.opening import opened
from app.commands.support.signals import until_signalled
from app.commands.territories import load_if_absent
from app.errors import OperatorError, ReleaseOutgrown
from app.lists.demo import load_demo
from app.platform.database.lag import read_nothing_old
from app.platform.database.migrating import refuse_former_release
from app.platform.database.origin import refuse_restored
from app.platform.database.sessions import hold, write
from app.platform.logs import of_service
from app.registers.examples import load_examples
from app.runtime.addresses import read_settings
from app.runtime.public import PublicRuntime, open_public, refuse_strong_logins
from app.runtime.staff import Runtime, open_addresses
from app.settings import Settings

Prepare = Annotated[
    bool, typer.Option("--prepare", help="Mettre d'abord la base et les territoires en place.")
]
Demo = Annotated[bool, typer.Option("--demo", help="Charger la démonstration si la base est vide.")]
Public = Annotated[
    bool,
    typer.Option(
        "--public", help="Seulement lire ce qui est publié : sans clé ni autre identifiant."
    ),
]
Desk = Annotated[
    bool, typer.Option("--desk", help="Seulement le bureau, sans les pages publiques.")
]
Worker = Annotated[
    bool,
    typer.Option(
        "--worker/--no-worker",
        help="Faire aussi le travail de fond, ou le laisser à « mesure23 worker ».",
    ),
]


DEMO_LOCK = 230043
log = structlog.get_logger(__name__)
TOO_OLD = (
    "La base de données n'a pas encore les tables de cette version : des pages échouent, et "
    "/readyz et /sante disent que le service n'est pas prêt. Exécutez « mesure23 release » ; il le "
    "sera aussitôt, sans être relancé."
)


class OneOrTheOther(OperatorError):
    """« --public » ne sert que les pages publiques, et « --desk » que le bureau : choisissez l’un,
    ou aucun pour servir les deux.
    """


class PublicOnlyReads(OperatorError):
    """« mesure23 serve --public » ne fait que lire : lancez d'abord « mesure23 release », avec
    l'identifiant qui possède la base.
    """


def serve(
    host: Host = LOOPBACK,
    port: Port = 8000,
    prepare: Prepare = False,
    demo: Demo = False,
    public: Public = False,
    desk: Desk = False,
    worker: Worker = True,
) -> None:
    """Servir le site et son bureau, et faire en arrière-plan ce qui est remis à plus tard."""
    of_service()
    settings = read_settings(public=public)
    if public and desk:
        raise OneOrTheOther
    if public:
        if prepare or demo:
            raise PublicOnlyReads
        with (
            until_signalled(),
            listening(host, port) as listener,
            open_public(settings) as reader,
        ):
            if reader.is_too_old:
                _say(settings, "tables of a former release", TOO_OLD)
            if reader.is_outgrown:
                _say(settings, "tables of a later release", str(ReleaseOutgrown()))
            _watch(reader)
            # Here, since the other commands do without the web's libraries.
            from app.commands.support.server import serve_public

            serve_public(reader, listener)
        return
    if prepare:
        _refuse_former_release(settings)
    with (
        until_signalled(),
        listening(host, port) as listener,
        opened(settings, upgrade=prepare) as runtime,
    ):
        _make_ready(runtime, prepare=prepare, demo=demo)
        refuse_strong_logins(runtime.databases)
        if not desk:
            refuse_restored(runtime.databases.public)
            read_nothing_old(runtime.databases.public, settings.lag_most)
        _watch(runtime)
        from app.commands.support.desk_server import serve_both, serve_desk

        if demo:
            typer.echo(
                f"Bureau : http://localhost:{listener.getsockname()[1]}/gestion ; premier compte : "
                "mesure23 user create ADRESSE --name « Prénom Nom ».",
                err=True,
            )
        waits = Waits.of(settings.worker_heartbeat)
        with child(waits) if worker else nullcontext():
            if desk:
                serve_desk(runtime, listener)
            else:
                serve_both(runtime, listener)


def _refuse_former_release(settings: Settings) -> None:
    """Raise FormerReleaseStops as `mesure23 release` does; an embedded database has one release."""
    with open_addresses(settings) as addresses:
        if addresses.cluster is None:
            refuse_former_release(addresses.owner)


def _make_ready(runtime: Runtime, *, prepare: bool, demo: bool) -> None:
    """Load what is missing, and say what was."""
    if prepare:
        with write(runtime.staff) as session:
            loaded = load_if_absent(session.connection(), runtime.settings)
        if loaded:
            typer.echo(f"Territoires chargés : {loaded.territories}.", err=True)
    if demo:
        with write(runtime.staff) as session:
            # Until it ends: who starts at the same time finds the demonstration loaded.
            hold(session, DEMO_LOCK)
            _load_demo(runtime)


def _load_demo(runtime: Runtime) -> None:
    loaded_lists = load_demo(runtime.staff, runtime.vault, runtime.settings)
    for summary in loaded_lists:
        typer.echo(f"Démonstration : {summary.created} acteurs créés.", err=True)
    if loaded_lists:
        created = load_examples(runtime.staff, runtime.vault, runtime.settings)
        typer.echo(f"Registres de démonstration : {created} acteurs créés.", err=True)
        with write(runtime.staff) as session:
            written = load_demo_resources(session, runtime.vault)
        typer.echo(f"Centre de ressources : {written} exemples écrits.", err=True)


def _say(settings: Settings, event: str, todo: str) -> None:
    """Say what somebody is to do: in a line as all else is where a service runs for others."""
    if settings.env == "production":
        log.warning(event, todo=todo)
    else:
        typer.echo(todo, err=True)


def _watch(runtime: Runtime | PublicRuntime) -> None:
    if runtime.cluster is not None:
        runtime.cluster.watch()
