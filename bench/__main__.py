"""`bin/bench [--json]`."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from app.cluster import Cluster
from bench import facets, lists, maps, pages, places, prints
from bench.database import filled
from bench.tools import Measure

LEAST, MOST, MOST_MS = "rapport ≥ {:.2f}", "rapport ≤ {:.0f}", "≤ {:.0f} ms"
# What is measured, beside what, and what is aimed at.
LABELS = {
    lists.NEAREST: ("20 plus proches, rayon et filtres, p99", "20 plus proches, SQL seul", MOST_MS),
    lists.GROWTH: ("Les mêmes parmi 100 000, p99", "parmi 1 000", MOST),
    lists.WORDS: ("20 plus proches avec des mots, p99", "mots seuls, SQL", MOST_MS),
    lists.ABSENT: ("Mot absent partout, p99", "mots seuls, SQL", MOST_MS),
    facets.TERRITORY: ("Comptes d’un département, p50", "par catégorie, SQL", MOST_MS),
    facets.FRANCE: ("Comptes de la France, p50", "par catégorie, SQL", MOST_MS),
    facets.FRANCE_KEPT: ("Les mêmes, gardés, p50", "par catégorie, SQL", ""),
    places.COMPLETED: ("Compléter un lieu, p99", "aller-retour", MOST_MS),
    maps.MADE: ("GeoJSON de 300 acteurs, requêtes/s", "pgbench, même SQL", LEAST),
    maps.KEPT: ("Le même, gardé, requêtes/s", "route vide", LEAST),
    maps.KEPT_PACKED: ("Le même, gardé, gzip, requêtes/s", "route vide", LEAST),
    pages.AROUND.format("p50"): ("Page « autour », 25 km, p50", "route vide", ""),
    pages.AROUND.format("p99"): ("Page « autour », 25 km, p99", "route vide", ""),
    pages.TERRITORY.format("p50"): ("Page d’un département, p50", "route vide", ""),
    pages.TERRITORY.format("p99"): ("Page d’un département, p99", "route vide", ""),
    prints.SHEET: ("Fiche PDF de 40 acteurs, p50", "les mêmes en CSV", MOST_MS),
}


def main() -> None:
    """Print every measure beside its reference; --json for programs."""
    if sys.argv[1:] not in ([], ["--json"]):
        sys.exit("Usage : bin/bench [--json]")
    before = os.getloadavg()[0]
    with filled() as cluster:
        measures = list(_measure(cluster))
    if sys.argv[1:]:
        sys.stdout.write(json.dumps([asdict(each) for each in measures], indent=2) + "\n")
        return
    table = _table(measures)
    # Others on the machine slow down all figures, and not all of them alike.
    table.caption = f"Charge de la machine : {before:.1f} avant, {os.getloadavg()[0]:.1f} après"
    Console(width=120).print(table)


def _measure(cluster: Cluster) -> Iterator[Measure]:
    """Run every measure, some minutes; raises BenchFailed where a tool says that it failed."""
    yield from lists.lists(cluster)
    yield from facets.facets(cluster)
    yield places.completed(cluster)
    yield from maps.made(cluster)
    yield from maps.kept()
    yield from pages.pages()
    yield from prints.sheets()


def _table(measures: list[Measure]) -> Table:
    table = Table("Mesure", "Service", "Référence", "", "Rapport", "Visé", "Atteint")
    for each in measures:
        label, reference, aim = LABELS[each.name]
        figure, beside, ratio = (f"{n:.2f}" for n in (each.figure, each.reference, each.ratio))
        met = {True: "oui", False: "non", None: ""}[each.met]
        table.add_row(label, figure, reference, beside, ratio, aim.format(each.aim), met)
    return table


main()
