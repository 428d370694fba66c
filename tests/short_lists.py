"""Lists of a few lines, sent as people send them, and what comes of them."""

from sqlalchemy import text

from app.lists.importing import import_list
from app.lists.summary import Summary
from app.lists.uploads import Upload
from app.runtime.staff import Runtime

HEADER = "Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel"
CRIP = "CRIP d'exemple;CRIP;1 rue de l'Exemple;93000;Bobigny;01 99 00 00 01;crip@example.org"
ASE = "ASE d'exemple;ASE;2 rue de l'Exemple;93000;Bobigny;01 99 00 00 02;"
SHELTER = "Foyer fictif;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;foyer@example.org"
NEIGHBOUR = "Association voisine;Association;10, rue cachee;93000;Bobigny;01 99 00 00 11;"
SAME_PHONE = "Association amie;Association;5 rue Autre;93300;Aubervilliers;0199000010;"
SAME_AS_NEIGHBOUR = "Antenne;Association;7 rue Tierce;93300;Aubervilliers;01 99 00 00 11;"
APART = "Association libre;Association;99 rue Autre;93300;Aubervilliers;01 99 00 00 99;"


def csv(*lines: str) -> bytes:
    return "\r\n".join((HEADER, *lines)).encode("cp1252")


def run(runtime: Runtime, data: bytes, name: str = "liste.csv", **options: object) -> Summary:
    upload = sent(data, name, **options)
    return import_list(runtime.staff, runtime.vault, runtime.settings, upload)


def sent(data: bytes, name: str = "liste.csv", **options: object) -> Upload:
    values: dict[str, object] = {"who": "essai", "territory": "93"} | options
    return Upload(name, data, **values)  # type: ignore[arg-type]


def counts(summary: Summary) -> dict[str, int]:
    return {name: value for name, value in summary.counts().items() if value}


def ids(runtime: Runtime) -> dict[str, str]:
    """Public name -> public id, as a visitor may read them."""
    with runtime.databases.public.connect() as connection:
        rows = connection.execute(text("SELECT name, public_id FROM actor"))
        return {row.name: row.public_id for row in rows}


def reached(runtime: Runtime, name: str) -> tuple[list[str], str | None]:
    """Return the phones and the mailbox that a visitor reads of an actor."""
    with runtime.databases.public.connect() as connection:
        statement = text("SELECT phones, email FROM actor WHERE name = :name")
        row = connection.execute(statement, {"name": name}).one()
        return row.phones, row.email
