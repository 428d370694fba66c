"""`bin/bench [--json] [--quick] [--save] [--compare [FILE]]`."""

import json
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from app.platform.cluster.server import Cluster
from bench import (
    agenda,
    alerts,
    backups,
    browser,
    comparison,
    competence,
    deposits,
    desk,
    facets,
    front,
    imports,
    letters,
    lists,
    maps,
    network,
    new_places,
    overload,
    pages,
    places,
    points,
    prints,
    registers,
    resources,
    standard,
)
from bench.database import filled
from bench.tools import PACE, Measure

LEAST, MOST, MOST_MS = "rapport ≥ {:.2f}", "rapport ≤ {:.0f}", "≤ {:.0f} ms"
MOST_COUNT, MOST_KB, MOST_MB = "≤ {:.0f}", "≤ {:.0f} ko", "≤ {:.0f} Mo"
MOST_S = "≤ {:.0f} s"
COPIED, ROWS, IJSON = "csv et COPY", "50 lignes, SQL", "ijson seul"
FOLIUM = "300 par Folium seul"
LAST = Path()
# What is measured, beside what, and what is aimed at.
LABELS = {
    lists.NEAREST: ("20 plus proches, rayon et filtres, p99", "20 plus proches, SQL seul", MOST_MS),
    lists.GROWTH: ("Les mêmes parmi 100 000, p99", "parmi 1 000", MOST),
    lists.WORDS: ("20 plus proches avec des mots, p99", "mots seuls, SQL", MOST_MS),
    lists.ABSENT: ("Mot absent partout, p99", "mots seuls, SQL", MOST_MS),
    facets.TERRITORY: ("Comptes d’un département, p50", "par catégorie, SQL", MOST_MS),
    facets.FRANCE: ("Comptes de la France, p50", "par catégorie, SQL", MOST_MS),
    facets.FRANCE_CACHED: ("Les mêmes, en cache, p50", "par catégorie, SQL", ""),
    competence.COMMUNE: ("Compétents d’une commune, p99", "qui la couvre, SQL", MOST_MS),
    places.COMPLETED: ("Compléter un lieu, p99", "aller-retour", MOST_MS),
    maps.MADE: ("GeoJSON de 300 acteurs, requêtes/s", "pgbench, même SQL", LEAST),
    maps.CACHED: ("Le même, en cache, requêtes/s", "route vide", LEAST),
    maps.CACHED_PACKED: ("Le même, en cache, gzip, requêtes/s", "route vide", LEAST),
    pages.AROUND.format("p50"): ("Page « autour », 25 km, p50", "route vide", ""),
    pages.AROUND.format("p99"): ("Page « autour », 25 km, p99", "route vide", ""),
    pages.TERRITORY.format("p50"): ("Page d’un département, p50", "route vide", ""),
    pages.TERRITORY.format("p99"): ("Page d’un département, p99", "route vide", ""),
    new_places.WORK: ("Page d’un lieu nouveau, processeur", "route vide", MOST_MS),
    new_places.MADE: ("Pages de lieux nouveaux par seconde", "pgbench, même SQL", LEAST),
    new_places.SLOWEST: ("Page d’un lieu nouveau, 4 à la fois, p99", "route vide", MOST_MS),
    new_places.DRAWN: ("GeoJSON de lieux nouveaux par seconde", "pgbench, même SQL", LEAST),
    new_places.MEMORY: ("Mémoire du service ensuite, Mo", "au départ", MOST_MB),
    overload.ALIVE: ("/livez sous 500 recherches, le plus lent", "route vide, seule", MOST_MS),
    overload.LEVEL: ("Mémoire après cinq minutes hostiles, Mo", "après deux", "rapport ≤ {:.1f}"),
    front.THROUGH: ("Ce que beaucoup demandent, par nginx, requêtes/s", "sans nginx", LEAST),
    front.HITS: ("Dont nginx répond lui-même", "demandes en tout", LEAST),
    front.SAME: ("Ce qui est le même pour tous, par nginx, requêtes/s", "sans nginx", LEAST),
    front.BOUNCED: ("GeoJSON non gardé, par PgBouncer, requêtes/s", "sans PgBouncer", LEAST),
    agenda.CACHED: ("Calendrier de 500 événements, en cache, p95", "route vide", MOST_MS),
    agenda.NEW: ("Le même, fait de nouveau, p50", "route vide", MOST_MS),
    agenda.MONTH: ("Un mois parmi 2 000 événements, p95", "route vide", MOST_MS),
    resources.PAGE: ("Ressources, mots et filtres, p95", "route vide", MOST_MS),
    resources.FREQUENT: ("Mot de presque toutes les ressources, p50", "mot rare", MOST),
    resources.MADE: ("Pages de ressources par seconde", "pgbench, même SQL", LEAST),
    browser.FIRST_PAINT: ("Pages : premier affichage, la plus lente", FOLIUM, MOST_MS),
    browser.MAP_READY: ("Carte prête, la plus lente", FOLIUM, MOST_MS),
    browser.REQUESTS_BEFORE: ("Demandes avant la carte, au plus", FOLIUM, MOST_COUNT),
    browser.BYTES: ("Reçus en tout, ko, au plus", FOLIUM, MOST_KB),
    browser.BLOCKING: ("Temps bloqué, au plus", FOLIUM, MOST_MS),
    browser.SHIFT: ("Déplacement de ce qui est vu, millièmes", FOLIUM, MOST_COUNT),
    browser.EMBED_BYTES: ("Département intégré, ko reçus", FOLIUM, MOST_KB),
    desk.FOUND: ("Liste du bureau, 20 000 scellés, p95", "noms en clair, SQL", MOST_MS),
    desk.FOUND_COLD: ("La même, rien d’ouvert avant, p95", "noms en clair, SQL", ""),
    desk.SAVED: ("Formulaire enregistré, p95", "UPDATE seul", MOST_MS),
    network.FOUND: ("Annuaire du réseau, 5 000 membres, p95", "sa charte", MOST_MS),
    alerts.TOOK: ("2 000 alertes, 5 000 acteurs nouveaux", "leurs recherches, une fois", MOST_S),
    alerts.MEMORY: ("Les mêmes, Mo de plus", "au repos", MOST_MB),
    letters.RATE: ("Lettres par seconde, à 10 000 abonnés", "smtplib seul", LEAST),
    points.READY: ("Points à vérifier, page prête", FOLIUM, MOST_MS),
    prints.SHEET: ("Fiche PDF de 40 acteurs, p50", "les mêmes en CSV", MOST_MS),
    imports.WORK: ("Intégrer 1 000 lignes, temps de processeur", COPIED, MOST),
    imports.MEMORY: ("En intégrer 10 000, Mo au plus", COPIED, MOST_MB),
    deposits.TOOK.format("check", deposits.NEW): ("Liste de 10 000 lignes, lue", COPIED, MOST_S),
    deposits.REVIEWED.format(deposits.NEW): ("Une page à relire, p95", ROWS, MOST_MS),
    deposits.TOOK.format("apply", deposits.NEW): ("La même, appliquée", COPIED, MOST_S),
    deposits.TOOK.format("undo", deposits.NEW): ("La même, annulée", COPIED, MOST_S),
    deposits.MEMORY.format(deposits.NEW): ("Ces trois étapes, Mo au plus", COPIED, MOST_MB),
    deposits.TOOK.format("check", deposits.KNOWN): (
        "La suivante, tout change, lue",
        COPIED,
        MOST_S,
    ),
    deposits.REVIEWED.format(deposits.KNOWN): ("Une page à relire, p95", ROWS, MOST_MS),
    deposits.TOOK.format("part", deposits.KNOWN): ("Appliquée, sauf une ligne", COPIED, MOST_S),
    deposits.TOOK.format("undo", deposits.KNOWN): ("La même, annulée", COPIED, MOST_S),
    deposits.MEMORY.format(deposits.KNOWN): ("Ces trois étapes, Mo au plus", COPIED, MOST_MB),
    registers.PLANNED.format("finess"): ("FINESS, 100 000 lus et planifiés", IJSON, MOST_S),
    registers.MEMORY: ("Les mêmes, Mo au plus", IJSON, MOST_MB),
    registers.APPLIED: ("Les mêmes, appliqués", IJSON, MOST_S),
    registers.PLANNED.format("annuaire"): ("Annuaire, 20 000 lus et planifiés", IJSON, MOST_S),
    backups.BACKED_UP: ("Sauvegarde entière, avec son inventaire", "pg_dump, comprimé", MOST),
    backups.RESTORED: ("Restaurée, jusqu’à sa première page", "la sauvegarde", MOST),
}

# Those of a browser are not among them: it is as slow on each machine.
TIMES = [
    name
    for name, (_, beside, aim) in LABELS.items()
    if aim in (MOST_MS, MOST_S) and beside != FOLIUM
]


def main() -> None:
    """Print every measure beside its reference; 1 where one is clearly worse than before."""
    asked = _asked()
    if asked.quick:
        PACE.rounds, PACE.seconds, PACE.share = 1, 3, 0.1
    before = os.getloadavg()[0]
    with filled() as cluster:
        where = comparison.machine(cluster)
        since = _since(asked, where)
        measured = list(_measure(cluster))
    # Of a cluster that stands still.
    measured += backups.backups()
    slower = standard.slowness(measured)
    measures = standard.judged(measured, TIMES, slower)
    load = (before, os.getloadavg()[0])
    if asked.json:
        sys.stdout.write(json.dumps([asdict(each) for each in measures], indent=2) + "\n")
    else:
        table = _table(measures)
        # Others on the machine slow down all figures, and some of them more than others.
        table.caption = (
            f"Charge de la machine : {load[0]:.1f} avant, {load[1]:.1f} après\n"
            f"Durées visées : × {slower:.1f}, autant que cette machine est plus lente"
        )
        Console(width=120).print(table)
    if asked.save:
        sys.stderr.write(f"Enregistré : {comparison.save(measured, where, load)}\n")
    if since:
        sys.exit(_compare(since, measures))


def _asked() -> Namespace:
    parser = ArgumentParser(
        "bin/bench", usage="bin/bench [--json] [--quick] [--save] [--compare [FICHIER]]"
    )
    parser.add_argument("--json", action="store_true", help="en JSON, pour un programme")
    parser.add_argument(
        "--quick", action="store_true", help="mesure peu : pour voir que tout se mesure encore"
    )
    parser.add_argument(
        "--save", action="store_true", help="enregistre les chiffres dans bench/figures/"
    )
    parser.add_argument(
        "--compare",
        nargs="?",
        type=_file,
        const=LAST,
        metavar="FICHIER",
        help="dit ce qui s'est dégradé depuis un fichier enregistré, par défaut le dernier d'une"
        f" machine semblable : les rapports à la référence de plus de {comparison.NOISE - 1:.0%}% ;"
        f" code de sortie 1 au-delà de {comparison.CLEARLY - 1:.0%}%",
    )
    return parser.parse_args()


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise ArgumentTypeError(f"{name} n'existe pas")
    return path


def _since(asked: Namespace, where: comparison.Machine) -> Path | None:
    """Return the saved figures to compare with; before some minutes of measuring are in vain."""
    if asked.compare is None:
        return None
    given: Path = asked.compare
    path = comparison.newest(where) if given == LAST else given
    if path is None:
        sys.exit(f"Aucun chiffre enregistré pour {where.model} : bin/bench --save en enregistre.")
    return path


def _compare(since: Path, measures: list[Measure]) -> int:
    """Say what got worse; return 1 where something did clearly."""
    found = list(comparison.worse(since, measures))
    say = sys.stderr.write
    say(f"Depuis {since.name} : {'ceci s’est dégradé' if found else 'rien ne s’est dégradé'}.\n")
    for each in found:
        say(f"  {LABELS[each.name][0]} : rapport {each.before:.2f} → {each.now:.2f}\n")
    return int(any(each.factor > comparison.CLEARLY for each in found))


def _measure(cluster: Cluster) -> Iterator[Measure]:
    """Run every measure, some minutes; raises BenchFailed where a tool says that it failed."""
    yield from lists.lists(cluster)
    yield from facets.facets(cluster)
    yield from competence.competence(cluster)
    yield places.completed(cluster)
    yield from maps.made(cluster)
    yield from maps.cached()
    yield from pages.pages()
    yield from new_places.new_places(cluster)
    yield from overload.overload(cluster)
    yield from front.front(cluster)
    yield from resources.pages_of_resources(cluster)
    yield from agenda.agenda()
    yield from browser.browser()
    yield from desk.desk(cluster)
    yield from network.network(cluster)
    yield from alerts.alerts(cluster)
    yield from letters.letters(cluster)
    yield from points.points(cluster)
    yield from prints.sheets()
    yield from imports.imports(cluster)
    yield from deposits.deposits(cluster)
    yield from registers.measures(cluster)


def _table(measures: list[Measure]) -> Table:
    table = Table("Mesure", "Service", "Référence", "", "Rapport", "Visé", "Atteint")
    for each in measures:
        label, reference, aim = LABELS[each.name]
        figure, beside, ratio = (f"{n:.2f}" for n in (each.figure, each.reference, each.ratio))
        met = {True: "oui", False: "non", None: ""}[each.met]
        table.add_row(label, figure, reference, beside, ratio, aim.format(each.aim), met)
    return table


if __name__ == "__main__":
    main()
