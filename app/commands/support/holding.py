"""Which backups still hold what was just hidden or erased, and until when."""

from pathlib import Path

import typer

from app.operations.backups import backups_read
from geo.zones import paris_day


def say_backups(folder: Path | None) -> bool:
    """Name the backups of a folder with the day by which each ends; return whether there may be
    any: some that cannot be read are said.
    """
    found = backups_read(folder)
    if found is None:
        typer.echo(
            f"Attention : les sauvegardes n'ont pas pu être lues dans {folder}, et le gardent"
            " peut-être encore. Regardez si leur disque est monté et lisible à ce compte,"
            " refaites-en une, puis détruisez les anciennes.",
            err=True,
        )
        return True
    if found:
        typer.echo("Ces sauvegardes le gardent encore ; refaites-en une, puis détruisez-les :")
    for each in found:
        days = f"du {paris_day(each.written_at):%d/%m/%Y}, à détruire avant le"
        typer.echo(f"  {each.name} ({days} {paris_day(each.ends_on):%d/%m/%Y})")
    return bool(found)
