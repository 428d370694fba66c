"""What pages of resources share: their addresses, and how they say what was done."""

from collections.abc import Iterable

from app.cataloguing.import_plan import Choice
from app.cataloguing.listing import Tab
from app.desk.shell import gate
from app.records.remarks import remark_in_words
from app.records.unpublishing import Remark
from app.resources.fields import BY_NAME

HERE = f"{gate.HOME}/ressources"
HELD = f"{HERE}/retenues"
IMPORTS = f"{HERE}/import"
DEAD = f"{HERE}/liens-morts"
PROPOSED = f"{HERE}/proposees"
TABS: dict[Tab, str] = {
    "a-relire": "À relire",
    "brouillons": "Brouillons",
    "publiees": "Publiées",
    "a-revoir": "À revoir",
    "retirees": "Retirées",
}
# Of a list that has nothing: that, and what to do next.
EMPTY: dict[Tab, tuple[str, str]] = {
    "a-relire": (
        "Rien n’attend de lecture.",
        "Ce dont quelqu’un demande la publication arrive ici.",
    ),
    "brouillons": (
        "Aucun brouillon.",
        "« Nouvelle ressource » en commence un, « Ajouter un lien » aussi.",
    ),
    "publiees": (
        "Rien n’est encore publié.",
        "Commencez par « Ajouter un lien » : un document en ligne tient sur un seul écran.",
    ),
    "a-revoir": (
        "Rien n’est à revoir dans les trente jours.",
        "Trente jours avant son terme, une ressource arrive ici d’elle-même.",
    ),
    "retirees": (
        "Rien n’est retiré.",
        "Un curateur retire une ressource depuis sa page, sous « Retirer ou effacer ».",
    ),
}
# Of a version that a colleague goes on with.
TAKEN_OVER = "taken over"
STATUSES = {
    "draft": "brouillon",
    "waiting": "à relire",
    "held": "retenue",
    "published": "publiée",
    "withdrawn": "retirée",
    TAKEN_OVER: "reprise par un collègue",
}
ACTS = {
    "saved": "Enregistrée",
    "asked": "Publication demandée",
    "published": "Publiée",
    "held": "Retenue",
    "released": "Accord donné, malgré ce qu’elle nomme",
    "refused": "Rendue à qui l’écrit",
    "withdrawn": "Retirée",
    "restored": "Rétablie",
    "reviewed": "Relue à son terme",
}
# What a text that waits says of itself, whatever it names.
WAITS = "Enregistré. Un curateur le relit avant publication."
DONE = {
    "enregistre": "Enregistré comme brouillon : personne d’autre ne le lit encore.",
    "demande": WAITS,
    "publie": "C’est publié : les lecteurs l’ont tout de suite.",
    "retenue": "Cette version est retenue : elle nomme un lieu ou un contact caché, ou pourrait le "
    "faire. Deux curateurs en décident dans « Retenues ».",
    "rendue": "C’est rendu à qui l’a écrit.",
    "retablie": "Cette version est de nouveau la dernière, comme brouillon.",
    "retiree": "C’est retiré : il n’en reste aux lecteurs que le titre et le jour.",
    "remise": "C’est de nouveau publié.",
    "effacee": "C’est effacé : son adresse répond comme si elle n’avait jamais existé.",
    "relue": "C’est noté : elle reste telle quelle jusqu’à son prochain terme.",
    "a-lire": "Lisez d’abord ce texte : un accord n’est noté que dans le quart d’heure qui suit sa "
    "lecture. Donnez ensuite le vôtre dans « Retenues ».",
    "accord": "Votre accord est noté : un autre curateur doit donner le sien.",
    "sortie": "L’accord qu’il fallait est donné : c’est publié.",
    "encore": "Quelqu’un a été caché depuis : ce texte nomme plus que ce que vous avez lu. "
    "Relisez-le, puis décidez de nouveau.",
    "refusee": "C’est refusé : le texte revient à qui l’écrit.",
    "arrange": "C’est enregistré.",
    "retire-de": "C’est enlevé.",
    "attendait": "Vous aviez déjà déposé ce fichier : voici son plan, refait à l’instant.",
    "abandonne": "Ce plan est abandonné : rien n’est écrit.",
    "acceptee": "Voici le brouillon de cette page : complétez-le, puis enregistrez-le ou "
    "publiez-le. Ce que le visiteur en dit se lit dans son historique.",
    "ecartee": "C’est écarté : rien n’est ajouté.",
    "attend": "C’est annulé : la proposition attend de nouveau.",
    "cote": "Le brouillon est mis de côté : vous seul le retrouvez.",
}
# Where whoever reads for others goes on from what they have just done.
NEXT: dict[str, Tab] = {"publie": "a-relire", "rendue": "a-relire", "relue": "a-revoir"}
# What becomes of a line of a catalogue that may be there already.
CHOICES: dict[Choice, str] = {
    "skip": "La laisser de côté",
    "create": "L’ajouter : c’est une autre",
    "update": "C’est la même : la mettre à jour",
}
# What a page shows of a catalogue.
PARTS = {
    "ecrites": "Écrites",
    "a-decider": "À décider",
    "nouvelles": "Nouvelles",
    "changees": "Mises à jour",
    "inutilisables": "Inutilisables",
    "inchangees": "Inchangées",
}
_OTHERS = {"own": "Texte", "actor_ids": "Acteurs", "audience": "Lecteurs"}


def remarks_in_words(remarks: Iterable[Remark]) -> list[str]:
    """Say why a text waits, each reason once."""
    return list(dict.fromkeys(map(_in_words, remarks)))


def _in_words(remark: Remark) -> str:
    field = BY_NAME.get(remark.field)
    return remark_in_words(remark, field.label if field else _OTHERS.get(remark.field, ""))
