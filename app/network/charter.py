"""What whoever joins the network accepts. Another text is of another day: CHARTER_ON changes too,
and all accept it anew.
"""

from typing import NamedTuple


class Promise(NamedTuple):
    """An article of the charter."""

    title: str
    text: str


CHARTER_PROMISES = (
    Promise(
        "Pour aider des enfants, et pour rien d’autre",
        "Je me sers du réseau pour mon travail contre l’exploitation sexuelle des mineurs. Je n’en"
        " tire ni fichier, ni liste d’envoi, ni démarchage.",
    ),
    Promise(
        "Rien d’un enfant",
        "Je n’écris ici ni nom, ni âge, ni histoire, ni rien qui ferait reconnaître un enfant ou"
        " sa famille. Une situation se traite avec la CRIP, le parquet ou le 119, pas ici.",
    ),
    Promise(
        "Rien d’un lieu protégé",
        "Je n’écris ni l’adresse, ni la ville, ni le nom d’un lieu qui héberge des enfants, même"
        " si je le connais, même si j’y travaille.",
    ),
    Promise(
        "Ce que je dis de moi est vrai",
        "J’écris moi-même mon profil, je choisis qui en lit chaque ligne, et je le corrige quand"
        " il change. Personne ne l’écrit à ma place.",
    ),
    Promise(
        "Ce que je lis reste ici",
        "Je ne transmets pas hors du réseau ce que des membres y disent d’eux, sauf leur accord.",
    ),
    Promise(
        "Je pars quand je veux",
        "Quitter le réseau efface mon profil aussitôt. Mon accès à l’espace professionnel reste.",
    ),
)
