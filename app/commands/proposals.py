"""`mesure23 proposals`: what lists and the State propose, and a person decides."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.support.opening import opened
from app.commands.support.summary import several
from app.commands.support.user import user
from app.platform.database.sessions import read, write
from app.records.closing import archive, ended
from app.records.closing import reopen as open_again
from app.records.hidden import Hidden, by_name, hidden
from app.records.joining import part
from app.records.proposals import Waiting, decide, is_open, waiting
from app.visibility import OPERATOR
from importers.secrecy import weigh_consent


def proposals(
    territory: Territory = None,
    refuse: Annotated[
        UUID | None,
        typer.Option(help="Refuser cette proposition : elle ne sera plus faite.", metavar="ID"),
    ] = None,
    closed: Annotated[
        UUID | None,
        typer.Option(help="Archiver cet acteur, qui est fermé.", metavar="ID"),
    ] = None,
    reopen: Annotated[
        UUID | None,
        typer.Option(help="Rouvrir un acteur que --closed a archivé.", metavar="ID"),
    ] = None,
) -> None:
    """Lister ce que proposent les listes et l'État, qu'une personne décide, avec la commande."""
    with opened() as runtime:
        for given, act, done in ((closed, archive, "Archivé"), (reopen, open_again, "Rouvert")):
            if given is not None:
                with write(runtime.staff) as session:
                    name = act(session, runtime.vault, given, who=user())
                typer.echo(f"{done} : « {name} ».")
                return
        if refuse is not None:
            with write(runtime.staff) as session:
                if is_open(session, refuse, "same"):
                    part(session, runtime.vault, refuse, who=user())
                else:
                    decide(session, refuse, accepted=False, who=user())
            typer.echo("Proposition refusée.")
            return
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            said = waiting(session, runtime.vault, OPERATOR, code)
            found = hidden(session, runtime.vault, OPERATOR, code)
    ended = [each for each in found if each.proposed]
    lines = [(by_name(each.record, each.public_id), _described(each)) for each in said]
    lines += [(by_name(each.record, each.public_id), _ended(each)) for each in ended]
    for _, text in sorted(lines):
        typer.echo(text)
    count = len(lines)
    typer.echo(f"{several(count, 'propositions')}." if count else "Rien n'attend de décision.")
    typer.echo("« mesure23 hidden --contacts » liste les téléphones et les courriels retenus.")


def _ended(actor: Hidden) -> str:
    return (
        f"{actor.record.territory} · {actor.record.name}\n"
        f"     plus rien ne le cache : {' ; '.join(actor.sentences())}\n"
        f"     → mesure23 unprotect {actor.public_id} --reason …"
    )


def _closed(detail: dict[str, Any]) -> str:
    asked = date.fromisoformat(detail["said_on"])
    return (
        f"     {ended(detail)}, dit l'État (SIRET {detail['siret']}, demandé le "
        f"{asked:%d/%m/%Y}). Appelez, corrigez la liste s'il a déménagé, ou :\n"
    )


def _described(waits: Waiting) -> str:
    detail, record = waits.detail, waits.record
    head = f"{record.territory} · {record.name}\n"
    refusal = f"     ou mesure23 proposals --refuse {waits.id}"
    if waits.about == "consent":
        line = f", ligne {detail['line']}" if "line" in detail else ""
        doubted = weigh_consent(detail["said"]) == "doubt"
        doubt = " Cette réponse est douteuse : interrogez d'abord l'opérateur." * doubted
        return (
            f"{head}     « {detail['said']} » (liste « {detail['source']} »{line}).{doubt} Avec"
            " l'accord écrit sous les yeux :\n"
            f"     → mesure23 unprotect {waits.public_id} --consent-date JJ/MM/AAAA --reason …\n"
            + refusal
        )
    if waits.about == "closed":
        return f"{head}{_closed(detail)}     → mesure23 proposals --closed {waits.id}\n{refusal}"
    other = waits.other.name if waits.other else "un autre"
    return (
        f"{head}     serait le même acteur que « {other} » : {detail['because']}\n"
        f"     → mesure23 same {waits.id} --yes (un seul acteur) ou --no (deux acteurs)"
    )
