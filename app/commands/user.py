"""`mesure23 user …`: accounts of the desk, from the machine itself; the first one above all."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.accounts import confirming, invitation, inviting, notices, people
from app.accounts.errors import AccountUnknown
from app.accounts.inviting import INVITED_FOR
from app.accounts.people import ROLE_LABELS, Person
from app.audit.actions import Action
from app.audit.journal import Author, add
from app.commands.support.listening import Port
from app.commands.support.opening import opened
from app.commands.support.user import user
from app.models import Role
from app.network import members
from app.network.asked import forget
from app.network.held import held_by
from app.operations.deleted_accounts import delete_for_good
from app.platform.database.sessions import IMPORT_LOCK, hold, read, write
from app.runtime.staff import Runtime
from app.settings import Settings
from app.vault.lenient import UNREAD_COUNT

app = typer.Typer(help="Comptes du bureau.", no_args_is_help=True)
Mail = Annotated[str, typer.Argument(help="Adresse électronique.", metavar="ADRESSE")]


@app.command("create")
def create(
    mail: Mail,
    name: Annotated[str, typer.Option(help="Prénom et nom.")],
    role: Annotated[Role, typer.Option(help="Rôle.")] = Role.ADMINISTRATEUR,
    territory: Annotated[
        list[str] | None, typer.Option(help="Code d’un territoire ; peut être répété.")
    ] = None,
    chief: Annotated[
        str, typer.Option(help="Adresse du responsable, qui confirme le compte chaque année.")
    ] = "",
    port: Port = 8000,
) -> None:
    """Créer un compte, et donner l’adresse, valable trois jours, qui le met en service."""
    now, by = datetime.now(UTC), user()
    with opened() as runtime:
        with write(runtime.staff) as session:
            account = people.create(
                session,
                runtime.vault,
                mail=mail,
                name=name,
                role=role,
                territories=territory or (),
                by=by,
            )
            confirming.give_chief(runtime.vault, account, chief)
            token = inviting.invite(session, account, by, now)
            person = people.read_person(runtime.vault, account)
            detail = {"role": person.role_label, "territoires": list(person.territories)}
            add(session, runtime.vault, Author(by), Action.INVITED, str(person.id), detail)
        _mail_administrators(runtime, person, by, now)
        settings = runtime.settings
        origin = _origin(settings, port)
        link = invitation.link_of(origin, token)
        if settings.smtp_url is not None:
            sent, _ = invitation.mail(settings, person, link, now + INVITED_FOR)
            typer.echo("Invitation envoyée." if sent else "Le serveur de courrier ne répond pas.")
    typer.echo(f"Compte créé pour {person.name} ({person.role_label}). À ouvrir une fois :\n{link}")


def _mail_administrators(runtime: Runtime, person: Person, by: str, now: datetime) -> None:
    """Say it to those who look after accounts, where a server takes mails."""
    if runtime.settings.smtp_url is not None:
        notices.mail_administrators(
            runtime.settings,
            runtime.staff,
            runtime.vault,
            deed=Action.INVITED,
            person=person,
            by=by,
            now=now,
        )


@app.command("invite")
def invite(mail: Mail, port: Port = 8000) -> None:
    """Inviter de nouveau quelqu’un qui a perdu ce avec quoi il se connecte."""
    now, by = datetime.now(UTC), user()
    with opened() as runtime:
        with write(runtime.staff) as session:
            account = people.find_by_mail(session, runtime.vault, mail)
            token = inviting.invite(session, account, by, now)
            add(session, runtime.vault, Author(by), Action.INVITED, str(account.id))
            person = people.read_person(runtime.vault, account)
        _mail_administrators(runtime, person, by, now)
        settings = runtime.settings
    origin = _origin(settings, port)
    typer.echo(f"À ouvrir une fois, dans les trois jours :\n{invitation.link_of(origin, token)}")


def _origin(settings: Settings, port: int) -> str:
    """Return where the desk answers; on this machine where no address is set."""
    return settings.desk_url or settings.public_url or f"http://localhost:{port}"


@app.command("export")
def export(mail: Mail) -> None:
    """Écrire, en JSON, ce qui est gardé de quelqu’un : compte, demandes, lettre, inscriptions."""
    with opened() as runtime:
        with write(runtime.staff) as session:
            account_id, found = held_by(session, runtime.vault, mail, datetime.now(UTC))
            author, subject = Author(user()), str(account_id or "")
            add(session, runtime.vault, author, Action.ACCOUNT_HANDED_OUT, subject)
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    if unread := found.get(UNREAD_COUNT, 0):
        typer.echo(
            f"Valeurs scellées qui n’ont pas pu être lues : {unread}. Le reste est écrit, et dit où"
            " elles manquent. « mesure23 keys status » dit dans quelles tables ; comparez avec une"
            " sauvegarde.",
            err=True,
        )
        raise typer.Exit(1)


@app.command("exclude")
def exclude(mail: Mail) -> None:
    """Exclure quelqu’un du réseau : son profil est effacé, et il n’y revient pas."""
    now, by = datetime.now(UTC), user()
    with opened() as runtime, write(runtime.staff) as session:
        account = people.find_by_mail(session, runtime.vault, mail)
        members.exclude(session, runtime.vault, Author(by), account.id, now)
    typer.echo("Cette personne n’est plus membre du réseau. Son compte reste ouvert.")


@app.command("delete")
def delete(
    mail: Mail,
    yes: Annotated[bool, typer.Option("--yes", help="Ne pas demander.")] = False,
) -> None:
    """Supprimer un compte, et les demandes d’accès, la lettre et les inscriptions de son adresse,
    pour toujours ; le journal garde un numéro à la place du nom.
    """
    now, by = datetime.now(UTC), user()
    with opened() as runtime:
        if not yes:
            typer.confirm(f"Supprimer le compte de {mail} ?", abort=True)
        with write(runtime.staff) as session:
            hold(session, IMPORT_LOCK)
            asked = forget(session, runtime.vault, mail)
            try:
                account = people.find_by_mail(session, runtime.vault, mail)
            except AccountUnknown:
                if not asked:
                    raise
                subject = ""
            else:
                subject = str(account.id)
                delete_for_good(session, runtime.vault, runtime.settings, account, Author(by), now)
    if asked:
        typer.echo(f"Demandes d’accès, lettre et inscriptions effacées : {asked}.")
    if subject:
        typer.echo(f"Compte supprimé. Le journal garde le numéro {subject}.")


@app.command("list")
def show() -> None:
    """Lister les comptes."""
    with opened() as runtime, read(runtime.staff) as session:
        found = people.everybody(session, runtime.vault)
    for each in found:
        off = " · désactivé" if each.disabled_at else ""
        where = ", ".join(each.territories) or "France"
        typer.echo(f"{each.name} · {each.mail} · {ROLE_LABELS[each.role]} · {where}{off}")
    if not found:
        typer.echo("Aucun compte. « mesure23 user create » fait le premier.")
