"""Of what invented actors are made: nobody is called so, and nobody answers at these numbers.

How lists write them otherwise is that of real lists: FINESS shortens and writes in capitals, the
directory of the administration puts a building in front, a BP and CEDEX behind, the département and
the town into a name.
"""

from pathlib import Path

HERE = Path(__file__).parent
# Category as lists write it -> what such an actor is called, in full and in short.
HEADS = {
    "Association": (
        ("Association", "ASSOC"),
        ("Service d'accompagnement renforcé", "SVCE ACCMPGNT RENFORCE"),
        ("Accueil de jour", "ACC. JOUR"),
    ),
    "PMI": (
        ("Centre de protection maternelle et infantile", "CPMI"),
        ("Centre de protection infantile", "CTRE PROT. INFANTILE"),
    ),
    "Maison des solidarités": (("Maison des solidarités", "MDS"),),
    "Centre social": (("Centre social", "CTRE SOCIAL"),),
    "PAEJ": (("Point accueil écoute jeunes", "PAEJ"),),
    "CMPP": (("Centre médico-psycho-pédagogique", "CMPP"),),
    "Santé": (
        ("Centre de planification et d'éducation familiale", "CTRE PLANIF EDUCATION FAM"),
        ("Centre hospitalier", "CH"),
    ),
    "Justice": (("Point d'accès au droit", "PAD"),),
}
HOMES = (
    ("MECS", "Maison d'enfants à caractère social"),
    ("Foyer départemental de l'enfance", "FOYER DEP. ENFANCE"),
)
PROPER = (HERE / "proper.txt").read_text(encoding="utf-8").splitlines()
STREETS = (HERE / "streets.txt").read_text(encoding="utf-8").splitlines()
# In one another's neighbourhood, two by two: (postcode, name, postcode of CEDEX).
TOWNS = (
    ("93000", "Bobigny", "93009"),
    ("93700", "Drancy", "93701"),
    ("93200", "Saint-Denis", "93205"),
    ("93300", "Aubervilliers", "93308"),
    ("93100", "Montreuil", "93105"),
    ("93170", "Bagnolet", "93177"),
    ("93160", "Noisy-le-Grand", "93192"),
    ("93220", "Gagny", "93226"),
    ("59100", "Roubaix", "59059"),
    ("59200", "Tourcoing", "59208"),
    ("59190", "Hazebrouck", "59524"),
    ("59270", "Bailleul", "59271"),
    ("59500", "Douai", "59508"),
    ("59400", "Cambrai", "59407"),
    ("69100", "Villeurbanne", "69616"),
    ("69120", "Vaulx-en-Velin", "69518"),
    ("69400", "Villefranche-sur-Saône", "69655"),
    ("69480", "Anse", "69481"),
    ("01000", "Bourg-en-Bresse", "01012"),
    ("01440", "Viriat", "01441"),
    ("74100", "Annemasse", "74107"),
    ("74240", "Gaillard", "74241"),
    ("97410", "Saint-Pierre", "97455"),
    ("97430", "Le Tampon", "97831"),
)
# Of a commune that took in another one: (postcode, name of today, name of before).
MERGED = (
    ("74000", "Annecy", "Annecy-le-Vieux"),
    ("74600", "Annecy", "Seynod"),
    ("74960", "Annecy", "Cran-Gevrier"),
    ("01200", "Valserhône", "Bellegarde-sur-Valserine"),
)
BUILDINGS = ("Immeuble Le Britexte", "Maison des associations", "Espace Chiavary", "Bât. B")
KEEPERS = ("ORSAC", "ADSEA", "Croix du Sud", "UDAF")
TYPES = {
    "rue": "R",
    "avenue": "AV",
    "boulevard": "BD",
    "place": "PL",
    "chemin": "CHE",
    "allée": "ALL",
    "impasse": "IMP",
    "route": "RTE",
    "cours": "CRS",
    "quai": "QUAI",
}
SHORT = {
    "Saint-": "ST ",
    "Sainte-": "STE ",
    "Général": "GAL",
    "Docteur": "DR",
    "Centre": "CTRE",
    "Service": "SVCE",
    "départemental": "DEP.",
    "protection": "PROT.",
    "Association": "ASSO",
    "Maison": "MAIS.",
}
