"""Sentences that a page may say: for whom they are."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import app
from app.errors import Mesure23Error, OperatorError

# A command, or an option of one.
COMMAND = re.compile(r"« ?mesure23 |\B--\w")


def errors(of: type[Mesure23Error] = Mesure23Error) -> Iterator[type[Mesure23Error]]:
    for each in of.__subclasses__():
        yield each
        yield from errors(each)


def test_no_error_that_a_page_may_say_names_a_command() -> None:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        importlib.import_module(module.name)
    said = {
        each.__name__: f"{each.__doc__} {each.title} {each.advice}"
        for each in errors()
        if not issubclass(each, OperatorError) and not each.__module__.startswith("app.commands")
    }
    assert len(said) > 100
    assert [name for name, text in said.items() if COMMAND.search(text)] == []
