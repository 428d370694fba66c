"""`mesure23 geocode`: coordinates for the public addresses that have none."""

import typer

from app.commands.support.opening import opened
from app.commands.support.progress import console, late_progress
from app.commands.support.user import user
from app.geocoding import batch
from app.geocoding.batch import Geocoded


def geocode() -> None:
    """Chercher les coordonnées des adresses publiques qui n'en ont pas encore."""
    with opened() as runtime, late_progress("Géocodage") as tell:
        outcome = batch.geocode(runtime.staff, runtime.vault, runtime.settings, user(), tell)
    report_geocoded(outcome)
    if outcome.failed:
        raise typer.Exit(1)


def report_geocoded(outcome: Geocoded) -> None:
    """Report on stderr what the geocoder found, and how to ask again what it could not be asked."""
    if outcome.accepted or outcome.review or outcome.rejected:
        console.print(
            f"Coordonnées : {outcome.accepted} trouvées, {outcome.review} à revoir, "
            f"{outcome.rejected} introuvables.",
            markup=False,
        )
    if outcome.failed:
        unasked = (
            "1 adresse n'a pas pu être cherchée"
            if outcome.failed == 1
            else f"{outcome.failed} adresses n'ont pas pu être cherchées"
        )
        console.print(
            f"{unasked} : {outcome.failure} "
            "Ces acteurs sont placés à leur commune ; relancez plus tard « mesure23 geocode ».",
            markup=False,
        )
