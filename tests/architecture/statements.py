"""The statements of a module, without its expressions: these are most of what there is to walk."""

import ast
from collections.abc import Iterator

BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def statements_of(source: str) -> Iterator[ast.stmt]:
    """Yield each statement of a module, those inside others as well."""
    within: list[ast.AST] = [ast.parse(source)]
    while within:
        node = within.pop()
        if isinstance(node, ast.stmt):
            yield node
        for block in BLOCKS:
            within += getattr(node, block, ())
