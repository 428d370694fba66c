"""How registers write what a list says of homes: one table, by what a place is found again by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADER = (
    "FINESS;Nom;Catégorie;Adresse;Code postal;Commune;Téléphone;Courriel;Site;SIRET;"
    "Longitude;Latitude"
)
# Invented homes of one list. Whatever of them somebody may read holds one of SECRETS, folded.
HOMES = (
    "930000492;Les Quatre Vents;MECS;10 rue Cachée;93000;Bobigny;01 99 00 00 10;"
    "accueil@cachette.example;https://quatre-vents.example;26010004500012;2.44512;48.90721",
    "930000500;Le Grand Pré;Foyer de l'enfance;3 boulevard du Général-Cachet;93000;Bobigny;;;;;;",
    "930000518;La Rive;MECS;5 bis avenue Sainte-Cachée;93000;Bobigny;;;;;;",
    "930000526;Le Moulin;Lieu de vie;2 place du Sacré-Cœur-Caché;93000;Bobigny;;;;;;",
    "930000534;Les Ormes;Pouponnière;lieu-dit Les Pins Cachés;93000;Bobigny;;;;;;",
)
SECRETS = (
    *("cache", "cachette", "quatre vents", "vents"),
    *("99000010", "99 00 00 10", "26010004500012", "930000492"),
    *("2 4451", "2 4452", "48 9072", "48 9073"),
)
# Signs that nobody sees.
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u061c\u17b4\u180e\ufe0f\U000e0041"


@dataclass(frozen=True, slots=True)
class Spelled:
    """Words of a register about somebody, of which one field is a home's. said: field -> text."""

    said: Mapping[str, str]


def _each(field: str, *texts: str, **more: str) -> tuple[Spelled, ...]:
    return tuple(Spelled({field: text, **more}) for text in texts)


# Kind -> spellings; the first one is the plainest. Those that share a number stand at one address:
# at three it would be an organisation's.
SPELLINGS: Mapping[str, Sequence[Spelled]] = {
    "address": _each(
        "address",
        *("10 rue Cachée", "10, RUE CACHEE", "0010 R CACHEE", "10 R. Cachée", "n° 10 rue Cachée"),
        *("Nº 10, R CACHEE", "rue Cachée, 10", "RUE CACHEE N°10", "10 à 12 rue Cachée"),
        *("10-12 rue Cachée", "10/12 R CACHEE", "10 et 12, rue Cachée", "10 bis rue Cachée"),
        *("10ter, R. CACHEE", "Bât. B – 10 rue Cachée", "10 rue Cachée bât. B"),
        *("10 RUE CACHÉE BP 12", "10 RUE CACHEE CS 50001", "Hôtel X - 10 rue Cachée"),
        *("10 rue Cachée - 93000 Bobigny", "10 RUE CACHEE 93000 BOBIGNY CEDEX"),
        *("10 RUE CACHEE 93008 BOBIGNY CEDEX 9", "Résidence Les Tilleuls\n10 rue cachee"),
        *("10 rue Cachée\n93000 Bobigny Cedex",),
        *("3 boulevard du Général-Cachet", "3 BD GAL CACHET", "3 Bd. du Gal. Cachet"),
        *("3, BLD DU GENERAL CACHET", "5 bis avenue Sainte-Cachée", "5B AV STE CACHEE"),
        *("5 BIS AVENUE SAINTE CACHEE", "5bis, av. Ste-Cachée", "2 place du Sacré-Cœur-Caché"),
        *("2 PL SACRE COEUR CACHE", "2, Pl. du Sacré-Cœur Caché", "lieu-dit Les Pins Cachés"),
        *("10- rue Cachée", "10. R CACHEE", "8 au 12 rue Cachée", "rue Cachée 10"),
        *("3 Blvd du Général Cachet", "3 BLVD. GAL CACHET"),
        *("LD LES PINS CACHES", "au lieudit les Pins Cachés", "Lieu dit Les Pins-Cachés"),
        *(f"1{sign}0 r{sign}ue Ca{sign}chée" for sign in UNSEEN),
    ),
    "phone": _each(
        "phone",
        *("01 99 00 00 10", "0199000010", "01.99.00.00.10", "01-99-00-00-10", "01/99/00/00/10"),
        *("+33 1 99 00 00 10", "+33 (0)1 99 00 00 10", "0033199000010", "33199000010"),
        *("01‑99‑00‑00‑10", "01,99,00,00,10", "01•99•00•00•10", "０１ ９９ ００ ００ １０"),
        *("199000010", "Tél. : 01 99 00 00 10 (accueil)", "01 99 00 00 11 / 01 99 00 00 10"),
        *(f"01 99 00{sign} 00{sign}10" for sign in UNSEEN),
        address="91 rue Lointaine",
    ),
    "mail": _each(
        "email",
        *(
            "accueil@cachette.example",
            "ACCUEIL@CACHETTE.EXAMPLE",
            "mailto:accueil@cachette.example",
        ),
        *("accueil [at] cachette.example", "autre@lointain.example ; accueil@cachette.example"),
        address="92 rue Lointaine",
    ),
    "site": _each(
        "site",
        *(
            "https://quatre-vents.example",
            "HTTP://WWW.Quatre-Vents.example/",
            "quatre-vents.example",
        ),
        *("https://quatre-vents.example/contact", "https://lointain.example/?tel=0199000010"),
        *("https://lointain.example/?t=%2B33%201%2099%2000%2000%2010&x=1",),
        *("https://lointain.example/tel/01-99-00-00-10",),
        *("https://lointain.example/page#appeler:01.99.00.00.10",),
        address="93 rue Lointaine",
    ),
    "siret": _each(
        "siret",
        *("26010004500012", "260 100 045 00012", "260 100 045 000 12", "SIRET 26010004500012"),
        address="94 rue Lointaine",
    ),
    "finess": _each(
        "finess",
        *("930000492", "93 000 0492", "930 000 492", "FINESS 930000492"),
        address="95 rue Lointaine",
    ),
    "point": (
        *(
            Spelled({"lon": lon, "lat": lat, "address": "99 rue Lointaine"})
            for lon, lat in (
                *(("2.44512", "48.90721"), ("2.445120", "48.907210"), ("2,44512", "48,90721")),
                # Some ten metres beside; and by the metres of Lambert-93.
                *(("2.44520", "48.90725"), ("659326.3", "6867610.9")),
            )
        ),
    ),
    "name": _each(
        "name",
        *("Les Quatre Vents", "LES QUATRE VENTS", "Association Les Quatre Vents"),
        *("ASSO. LES QUATRE VENTS", "Fondation des Quatre Vents", "Les Quatre-Vents"),
        *("L’association « Les Quatre Vents »", "Les Qua\u200btre Vents", "Quatre Vents (Les)"),
        address="96 rue Lointaine",
    ),
    # One that shares all that there is.
    "all": (
        Spelled(
            {
                "name": "Association Les Quatre Vents",
                "address": "10, RUE CACHEE",
                "phone": "+33 1 99 00 00 10",
                "lon": "2.44512",
                "lat": "48.90721",
            }
        ),
    ),
}
# What a register has no field for, or takes from elsewhere: a unit is what its hospital is.
LACKING = {
    "finess": {"site", "finess"},
    "finess_activites": {"site", "finess", "name", "mail", "siret"},
    "annuaire": {"finess"},
    "inclusion": set[str](),
    "ror": set[str](),
}
