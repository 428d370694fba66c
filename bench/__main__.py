"""`bin/bench [--json]`."""

import json
import sys
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from bench.database import filled
from bench.measures import GEOJSON, NEAREST, Measure, measure

LABELS = {
    GEOJSON: ("GeoJSON de 300 acteurs, requêtes/s", "rapport ≥ {:.2f}"),
    NEAREST: ("20 plus proches de 100 000, p99 en ms", "≤ {:.0f} ms"),
}


def main() -> None:
    """Print every measure beside its reference; --json for programs."""
    if sys.argv[1:] not in ([], ["--json"]):
        sys.exit("Usage : bin/bench [--json]")
    with filled() as cluster:
        measures = measure(cluster)
    if sys.argv[1:]:
        sys.stdout.write(json.dumps([asdict(each) for each in measures], indent=2) + "\n")
    else:
        Console(width=110).print(_table(measures))


def _table(measures: list[Measure]) -> Table:
    table = Table("Mesure", "Service", "PostgreSQL seul", "Rapport", "Visé", "Atteint")
    for each in measures:
        label, aim = LABELS[each.name]
        values = (f"{value:.2f}" for value in (each.figure, each.reference, each.ratio))
        table.add_row(label, *values, aim.format(each.aim), "oui" if each.met else "non")
    return table


main()
