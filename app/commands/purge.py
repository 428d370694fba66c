"""`mesure23 purge`, and what `protect` and `import` erase and say after they hid somebody."""

import typer

from app.commands.support.opening import opened
from app.commands.support.user import user
from app.operations import erasure
from app.operations.erasure import OwnerMissing, Purged, RightsMissing, StillInUse, WalRetained
from app.runtime.staff import Runtime
from importers.text import grouped


def purge() -> None:
    """Effacer des fichiers de la base ce qui était public avant une protection."""
    with opened() as runtime:
        done = erase(runtime, user())
    if done is None:
        raise typer.Exit(1)
    if not done.actors:
        typer.echo("Rien à effacer.")


def erase(runtime: Runtime, who: str, *, err: bool = False) -> Purged | None:
    """Erase what is no longer public and say so; None where something is left, which is said.

    err: on stderr, beside the output of a program.
    """
    try:
        done = erasure.purge(runtime.staff, runtime.owner_url, runtime.vault, who=who)
    except (OwnerMissing, StillInUse, RightsMissing, WalRetained) as error:
        typer.echo(f"Reste à effacer : {error}", err=True)
        return None
    if done.actors:
        sheets = "une fiche" if done.actors == 1 else f"{grouped(done.actors)} fiches"
        seconds = f"{done.seconds:.1f}".replace(".", ",")
        typer.echo(
            f"Effacé des fichiers de la base en {seconds} s : l'état public d'avant ({sheets}). "
            "Les sauvegardes d'avant le gardent : refaites-en une, puis détruisez-les.",
            err=err,
        )
    return done
