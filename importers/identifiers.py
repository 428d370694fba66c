"""SIRET, FINESS and RNA as lists write them; a doubtful one is reported, never guessed."""

import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as stdnum_siret

LA_POSTE = "356000000"
_EXPONENT = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,2}")


def read_siret(text: str) -> tuple[str | None, str | None]:
    """Return fourteen digits, or None; and what is wrong."""
    if _EXPONENT.fullmatch(text.strip()):
        return None, (
            "Excel a remplacé ce SIRET par un nombre arrondi, ses derniers chiffres sont perdus. "
            "Mettez la colonne au format Texte et saisissez de nouveau le numéro."
        )
    digits = re.sub(r"[\s.\u00a0-]", "", re.sub(r"\.0$", "", text.strip()))
    if not digits.isascii() or not digits.isdigit() or len(digits) not in (12, 13, 14):
        return None, "Un SIRET a 14 chiffres. Corrigez-le."
    digits = digits.zfill(14)
    try:
        stdnum_siret.validate(digits)
    except ValidationError:
        # La Poste's offices sum to a multiple of five instead of following Luhn.
        if not (digits.startswith(LA_POSTE) and sum(map(int, digits)) % 5 == 0):
            return None, (
                "La clé de contrôle de ce SIRET est fausse. Vérifiez-le ; le reste de la ligne est "
                "repris."
            )
    return digits, None


def read_finess(text: str) -> tuple[str | None, str | None]:
    """Return nine characters ("930000484", "2A0000014"), or None; and what is wrong or doubtful."""
    code = re.sub(r"[\s.\u00a0-]", "", re.sub(r"\.0$", "", text.strip())).upper()
    if re.fullmatch(r"[0-9]{8}", code):
        code = "0" + code
    if re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{7}", code):
        # The 116 numbers of a real list follow Luhn; no source says it of those with letters.
        if code.isdigit() and not luhn.is_valid(code):
            return code, "La clé de ce numéro FINESS semble fausse. Il est gardé ; vérifiez-le."
        return code, None
    return None, "Un numéro FINESS a 9 caractères. Corrigez-le."


def read_rna(text: str) -> tuple[str | None, str | None]:
    """Return "W931001234" or "W9R1001234", or None; and what is wrong."""
    code = re.sub(r"[\s.\u00a0-]", "", text).upper()
    if re.fullmatch(r"W\d[0-9A-Z]\d{7}", code):
        return code, None
    return None, (
        "Un numéro RNA commence par W, suivi de 9 caractères. Corrigez-le ; le reste de la ligne "
        "est repris."
    )
