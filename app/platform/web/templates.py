"""The environments of templates, which escape as Jinja does, in a third of its time."""

from collections.abc import MutableMapping
from keyword import iskeyword
from types import CodeType
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from jinja2.compiler import CodeGenerator
from jinja2.nodes import Const
from jinja2.runtime import Context, Macro
from jinja2.utils import missing
from markupsafe import Markup, escape


def escaped(value: Any) -> str:
    """Return what stands for a value in a page: escaped, unless it is markup.

    Jinja makes markup of every text, even of markup, only to join it: of the 2,800 values of a page
    that took half of the time of all of its templates.
    """
    if type(value) is Markup:
        return value
    if type(value) is str and not (
        "&" in value or "<" in value or ">" in value or '"' in value or "'" in value
    ):
        return value
    # Figures need nothing, and are a third of what else there is.
    return str(value) if type(value) is int else escape(value)


class _Writer(CodeGenerator):
    """Writes "environment.escaped(value)" where Jinja has "escape(value)"."""

    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("environment.escaped(")

    def visit_CondExpr(self, node: Any, frame: Any) -> None:
        """Write nothing where a condition has no "else": Jinja makes an object that explains it."""
        if node.expr2 is None:
            node.expr2 = Const("")
        super().visit_CondExpr(node, frame)


class _PublicWriter(_Writer):
    """Writes "thing.name" as Python has it, where Jinja calls a function to look for the name."""

    def visit_Getattr(self, node: Any, frame: Any) -> None:
        """Write it, unless Python has another use for the name."""
        if iskeyword(node.attr):
            super().visit_Getattr(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(f").{node.attr}")


class _Names(Context):
    """Calls what a template names without looking first whether it asks for a context.

    Macros ask for one, and no function of ours does. A page has 850 calls.
    """

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call a macro or a function; Jinja hands over the variables of loops and blocks beside."""
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        if type(__obj) is Macro:
            left_out = __obj._argument_count - len(args)
            more = __obj.caller or __obj.catch_kwargs or __obj.catch_varargs
            if not (kwargs or more) and left_out >= 0:
                # What is left of it where no argument is named.
                made = __obj._func(*args, *[missing] * left_out)
                # Escaped as it was made.
                return Markup(made) if __self.eval_ctx.autoescape else made  # noqa: S704
            return __obj(__self.eval_ctx, *args, **kwargs)
        return __obj(*args, **kwargs)


class _Compiled(BytecodeCache):
    """Compiles a template once in a process, for all of its applications of a kind.

    Each takes some 10 ms, and tests make hundreds of applications.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[type, str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of this source, if it was compiled for this kind."""
        bucket.code = self._codes.get(self._key(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it: the templates hold it as well."""
        self._codes[self._key(bucket)] = bucket.code

    def _key(self, bucket: Bucket) -> tuple[type, str, str]:
        return type(bucket.environment), bucket.key, bucket.checksum


COMPILED = _Compiled()


class Templates(Environment):
    """An environment whose templates escape and call by the two above."""

    code_generator_class = _Writer
    context_class = _Names
    escaped = staticmethod(escaped)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every template names: all of it is there before the first is loaded.

        Jinja looks it up in two mappings, and compares their names at each import.
        """
        return {**self.globals, **(d or {})}


class PublicTemplates(Templates):
    """The same for public pages, where "thing.name" is an attribute, never a key of a mapping.

    Jinja looks for the one, then for the other, by a function of its own: 2,000 times a page.
    """

    code_generator_class = _PublicWriter
    getattr: ClassVar[Any] = staticmethod(getattr)
