"""The one Jinja environment, strict and escaped, in which the templates of a layout are rendered.

A template sees the values it is given and nothing else: no clock, no environment, no files outside
the folders of its layout and of that layout's base. Whatever goes wrong in one becomes a `TemplateFault`
that names it and its line.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from jinja2.exceptions import (
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    UndefinedError,
)
from jinja2.utils import missing

# What a template may trip over besides Jinja's own errors: 1 + "a", {}[1], 1 / 0, a wrong filter argument.
_SLIPS_OF_A_TEMPLATE = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError)


class TemplateFault(Exception):  # noqa: N818 - it is the desk's template that is at fault
    """A template of the layout is wrong: where, what, and what would be right."""

    def __init__(self, file: str, line: int, message: str, hint: str = "") -> None:
        super().__init__(file, line, message, hint)
        self.file = file
        self.line = line
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.file}:{self.line}: {self.message}{hint}"


class _MissingError(UndefinedError):
    """A name or attribute that is not there; `obj` lacks it (`missing`: the template itself does)."""

    def __init__(self, message: str | None = None, *, name: str = "", obj: object = missing) -> None:
        super().__init__(message)
        self.name = name
        self.obj = obj


class _Undefined(StrictUndefined):
    """Strict, and its error remembers what was asked of what."""

    __slots__ = ()

    def __init__(
        self,
        hint: str | None = None,
        obj: object = missing,
        name: str | None = None,
        exc: type[TemplateRuntimeError] = UndefinedError,
    ) -> None:
        remembering = partial(_MissingError, name=name if isinstance(name, str) else "", obj=obj)
        super().__init__(hint, obj, name, remembering if exc is UndefinedError else exc)  # type: ignore[arg-type]


def kind(value: object) -> str:
    """The name of a value's class in lower case, so that a template can tell blocks and items apart."""
    return type(value).__name__.lower()


class _Compiled(BytecodeCache):
    """Templates that this process has compiled; Jinja knows by their text whether they are the same."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (code := self._code.get(bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def environment(*folders: Path) -> Environment:
    """The strict environment for the templates of a layout: the first of `folders` that has one gives it."""
    made = Environment(
        loader=FileSystemLoader(folders),
        undefined=_Undefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        bytecode_cache=_COMPILED,
    )
    for chance in ("lipsum", "cycler"):  # the first draws random words
        made.globals.pop(chance, None)
    made.filters.pop("random", None)
    made.filters["kind"] = kind
    return made


def render(environment: Environment, template_name: str, **values: object) -> str:
    """Render one template; raises `TemplateFault` with the file and line of whatever is wrong in it."""
    try:
        return environment.get_template(template_name).render(values)
    except TemplateNotFound as error:
        raise _not_found(environment, template_name, error) from error
    except TemplateSyntaxError as error:
        file = error.filename or error.name or template_name
        raise TemplateFault(
            file, error.lineno, error.message or "not a template", _syntax_hint(error)
        ) from error
    except (TemplateError, *_SLIPS_OF_A_TEMPLATE) as error:
        place = _place(environment, error)
        if place is None and not isinstance(error, TemplateError):
            raise
        file, line = place or (_path(environment, template_name), 1)
        raise TemplateFault(file, line, _message(error), _hint(error, values)) from error


def _place(environment: Environment, error: BaseException) -> tuple[str, int] | None:
    """The innermost line of a template in the error's traceback."""
    folders = _folders(environment)
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if any(Path(file).is_relative_to(folder) for folder in folders):
            found = file, line
    return found


def _folders(environment: Environment) -> tuple[str, ...]:
    loader = environment.loader
    return tuple(loader.searchpath) if isinstance(loader, FileSystemLoader) else ()


def _path(environment: Environment, template_name: str) -> str:
    folders = _folders(environment)
    return str(Path(folders[0], template_name)) if folders else template_name


def _not_found(environment: Environment, template_name: str, error: TemplateNotFound) -> TemplateFault:
    file, line = _place(environment, error) or (_path(environment, template_name), 1)
    wanted = str(error.name or template_name)
    near = get_close_matches(wanted, environment.list_templates(), 1, 0.6)
    hint = (
        f"is {near[0]} meant?" if near else "a template lies in its layout's folder and is named from there"
    )
    return TemplateFault(file, line, f"there is no template {wanted}", hint)


def _message(error: BaseException) -> str:
    message = str(error).strip() or type(error).__name__
    message = re.sub(r"'(?:[\w.]+\.)?(\w+)(?: object)?' has no attribute", r"\1 has no", message)
    return message if isinstance(error, TemplateError) else f"{type(error).__name__}: {message}"


def _hint(error: BaseException, values: Iterable[str]) -> str:
    if not isinstance(error, _MissingError) or not error.name:
        return ""
    known = list(values) if error.obj is missing else [n for n in dir(error.obj) if not n.startswith("_")]
    near = get_close_matches(error.name, known, 1, 0.6)
    if near:
        return f"is {near[0]} meant?"
    if known and len(known) <= 24:
        return "there are " + ", ".join(sorted(known))
    return ""


def _syntax_hint(error: TemplateSyntaxError) -> str:
    if "end of template" in (error.message or ""):
        return "a block is opened and never closed"
    return ""
