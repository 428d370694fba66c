"""What is wrong with a command as it was written, in French: typer says it in English."""

import re
from collections.abc import Iterable
from typing import Any

from typer import TyperException

_NO_COMMAND = re.compile(r"No such command '(.*?)'(?:\. Did you mean (.*)\?)?")
_TOO_MUCH = re.compile(r"Got unexpected extra argument.*? \((.*)\)")


def explain(error: TyperException) -> str:
    """Return what is wrong, and where what is right is said; "" where the help is shown instead."""
    # Typer has no public name for these classes, nor for what they bear.
    given: Any = error
    named = type(error).__name__
    if named == "NoArgsIsHelpError":
        return ""
    command = given.ctx.command_path if given.ctx else "mesure23"
    return f"{_wrong(named, given)} « {command} --help » dit ce qui est attendu."


def _wrong(named: str, error: Any) -> str:
    match named:
        case "MissingParameter":
            return f"Il manque {_parameter(error)}."
        case "BadParameter":
            return f"Cette valeur ne convient pas pour {_parameter(error)}."
        case "NoSuchOption":
            option = error.message.rpartition(" ")[2]
            return f"L'option {option} n'existe pas.{_rather(error.possibilities or ())}"
        case "BadOptionUsage" if "requires" in error.message:
            return f"L'option {error.option_name} attend une valeur."
        case "BadOptionUsage":
            return f"L'option {error.option_name} ne prend pas de valeur."
    if unknown := _NO_COMMAND.match(error.message):
        near = re.findall(r"'(.*?)'", unknown[2] or "")
        return f"La commande « {unknown[1]} » n'existe pas.{_rather(near)}"
    if more := _TOO_MUCH.match(error.message):
        return f"« {more[1]} » est de trop ; un nom qui a des espaces s'écrit entre guillemets."
    return "Cette commande n'est pas comprise."


def _parameter(error: Any) -> str:
    """Return a parameter with its help, which says its choices and its form."""
    hint = error.param.get_error_hint().replace("'", "") if error.param else "une valeur"
    said = (getattr(error.param, "help", None) or "").rstrip(".")
    return hint + (f" ({said})" if said else "")


def _rather(possible: Iterable[str]) -> str:
    found = " ou ".join(possible)
    return f" Vouliez-vous écrire {found} ?" if found else ""
