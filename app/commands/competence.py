"""`mesure23 competence …`: where it is not known who is in charge."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.hidden import Territory, territory_code
from app.commands.registers import prepare
from app.commands.support.by_role import DIFFERENT, NOBODY, by_role
from app.commands.support.files import read_file
from app.commands.support.opening import opened
from app.commands.support.summary import report_problems, several
from app.commands.support.tables import Form, FormOption, write_list
from app.commands.support.user import user
from app.lists.uploads import Upload
from app.platform.database.sessions import read, write
from app.registers.sectors import plan_sectors, take_sectors
from app.runtime.addresses import read_settings
from app.search.gaps import communes_of, differences, gaps

app = typer.Typer(help="Qui est compétent, et où on ne le sait pas.", no_args_is_help=True)
TITLES = ("Rôle", "Territoire", "Code de la commune", "Commune", "Pourquoi")


@app.command()
def check(
    territory: Territory = None,
    every: Annotated[
        bool, typer.Option("--all", help="Nommer chaque commune, aussi de toute la France.")
    ] = False,
    form: FormOption = Form.TABLE,
) -> None:
    """Nommer les communes sans tribunal, brigade ou ASE connus, ou qui en ont deux différents."""
    with opened() as runtime:
        code = territory_code(runtime, territory)
        with read(runtime.staff) as session:
            found = [(each, NOBODY) for each in gaps(session, code)]
            found += [(each, DIFFERENT) for each in differences(session, code)]
            sizes = communes_of(session)
    rows = [(each.role.label, each.territory, each.commune, each.name, why) for each, why in found]
    each_named = every or code is not None
    write_list(
        form,
        TITLES,
        rows,
        lambda: by_role(rows, sizes, every=each_named),
        "Chaque commune a quelqu'un pour tout.",
    )


@app.command()
def sectors(
    file: Annotated[Path, typer.Argument(help="Liste à deux colonnes : commune, maison.")],
    territory: Annotated[str, typer.Option(help="Code du territoire (93, 2A, 69M…).")],
    plan: Annotated[
        bool, typer.Option("--plan", help="Dire ce qui changerait, sans rien écrire.")
    ] = False,
) -> None:
    """Dire quelle maison des solidarités suit quelles communes d'un département."""
    settings = read_settings()
    data = read_file(file, settings.import_max_bytes)
    with opened(settings) as runtime:
        prepare(runtime, only_plan=plan)
        code = territory_code(runtime, territory)
        upload = Upload(file.name, data, user(), code, source=f"Secteurs {code}")
        if plan:
            with read(runtime.staff) as session:
                done, _ = plan_sectors(session, runtime.vault, settings, upload)
        else:
            with write(runtime.staff) as session:
                done = take_sectors(session, runtime.vault, settings, upload)
    report_problems(done.problems, all_in=None)
    typer.echo(
        f"{several(done.communes, 'communes')} de {several(done.offices, 'secteurs')} : "
        f"{several(done.added, 'nouvelles')}, {several(done.removed, 'disparues')}"
        f"{', rien n’est écrit' if plan else ''}."
    )
