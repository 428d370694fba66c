"""What somebody copies to ask a source about actors that its list names no more; nothing sends it.

It goes out by mail: it names public actors alone, a protected one by its id and its neutral name,
and not the list, which may be called after a shelter.
"""

from collections.abc import Sequence
from datetime import datetime

from app.lists.asked import Question
from geo.text import curled
from geo.zones import paris_day


def letter(questions: Sequence[Question], link_until: datetime | None) -> str:
    """Return the message, "" where nobody may be named in it; link_until: that a link is open."""
    named = [each for each in questions if each.public_name]
    if not named:
        return ""
    parts = [
        "Bonjour,",
        "Votre dernière liste ne nomme plus "
        + ("cet acteur" if len(named) == 1 else f"ces {len(named)} acteurs")
        + ", qu’une liste précédente nommait :",
        "\n".join(f"- {_named(each)}" for each in named),
        "Pouvez-vous nous dire, pour chacun, s’il a fermé, s’il a changé de nom ou d’adresse, ou "
        "s’il a été oublié ?",
    ]
    if any(each.is_protected for each in named):
        parts.append(
            "Un acteur suivi d’un identifiant est protégé : répondez avec cet identifiant, sans "
            "écrire son nom ni son adresse."
        )
    if link_until is not None:
        parts.append(
            "Si votre liste est à corriger, renvoyez-la par le lien de dépôt que vous avez reçu : "
            f"il sert jusqu’au {paris_day(link_until):%d/%m/%Y}."
        )
    text = "\n\n".join((*parts, "Merci de votre aide."))
    return text.replace(" :", "\u00a0:").replace(" ?", "\u00a0?")


def _named(each: Question) -> str:
    name = curled(each.public_name)
    if each.is_protected:
        return f"{name} (identifiant {each.public_id})"
    return f"{name}, {each.town}" if each.town else name
