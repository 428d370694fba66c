"""Which backups still hold what was just hidden or erased, and until when."""

from pathlib import Path

import typer

from app.operations.backups import backups
from geo.zones import paris_day


def say_backups(folder: Path | None) -> None:
    """Name the backups of a folder with the day by which each ends; nothing where there is none."""
    found = backups(folder)
    if not found:
        return
    typer.echo("Ces sauvegardes le gardent encore ; refaites-en une, puis détruisez-les :")
    for each in found:
        days = f"du {paris_day(each.written_at):%d/%m/%Y}, à détruire avant le"
        typer.echo(f"  {each.name} ({days} {paris_day(each.ends_on):%d/%m/%Y})")
