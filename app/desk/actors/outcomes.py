"""What became of several actors, as the address of the next page has it, and as it is said."""

import re

from app.records.many import Done, Refusal

# What is done to one, and to several.
DEEDS = {
    "verifier": ("vérifié", "vérifiés"),
    "classer": ("classé", "classés"),
    "archiver": ("archivé", "archivés"),
    "publier": ("publié", "publiés"),
    "garder": ("gardé caché", "gardés cachés"),
    "ecarter": ("doute écarté", "doutes écartés"),
    "proteger": ("protégé", "protégés"),
    "confirmer": ("confirmé", "confirmés"),
    "placer": ("placé", "placés"),
    "annuler": ("remis comme avant", "remis comme avant"),
}
# What hides is never taken back for several at once.
_FOR_GOOD = ("annuler", "proteger")
REASONS = {
    Refusal.UNKNOWN: "hors de ce que votre rôle peut changer, ou introuvable",
    Refusal.ALREADY: "déjà ainsi",
    Refusal.EXISTENCE: "d’existence secrète : décidez-en sur sa fiche",
    Refusal.HIDDEN: "caché : sa fiche dit pourquoi, et lève ou non la protection",
    Refusal.UNCLASSIFIED: "à classer d’abord",
    Refusal.ARCHIVED: "archivé",
    Refusal.CHANGED: "changé depuis",
    Refusal.PUBLIC: "rien ne le cache",
    Refusal.DOUBLE: "peut-être un double : décidez-en sous Doublons",
    Refusal.NO_DOUBT: "sans doute à écarter",
    Refusal.REREAD: "changé depuis votre lecture : relisez ce qui est coché, puis décidez",
    Refusal.ALONE: "caché par ce seul doute : sa fiche le lève ou non",
}
_OUTCOME = re.compile(r"([a-z]{1,20})\.([0-9]{1,4})\.([0-9]{1,5})((?:\.[a-z]{1,20}-[0-9]{1,4})*)")


def written(deed: str, done: Done) -> dict[str, str]:
    """Return what an address says of what was done: numbers and reasons, never a name."""
    parts = [deed, str(done.done), str(done.hid)]
    parts += [f"{why.value}-{count}" for why, count in done.refused.items()]
    lot = {"lot": str(done.batch)} if done.batch and deed not in _FOR_GOOD else {}
    return {"bilan": ".".join(parts), **lot}


def outcome(given: str) -> str:
    """Return an outcome in French; nothing for an address that nobody wrote here."""
    found = _OUTCOME.fullmatch(given)
    if found is None or found[1] not in DEEDS:
        return ""
    done, hid = int(found[2]), int(found[3])
    said = [f"{done or 'Aucun'} {DEEDS[found[1]][done > 1]}"]
    for part in found[4].split(".")[1:]:
        code, _, count = part.partition("-")
        if code in set(Refusal) and int(count):
            plural = "s" if int(count) > 1 else ""
            said.append(f"{int(count)} refusé{plural} ({REASONS[Refusal(code)]})")
    text = ", ".join(said) + "."
    if hid:
        plural = "s" if hid > 1 else ""
        text += f" {hid} fiche{plural} en moins pour le public, en tout ou partie."
    return text
