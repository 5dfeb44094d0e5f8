"""What every command has in common.

That is help with examples, the options that may stand before or after the command, and errors as
one sentence with the exit code that they own.
"""

from __future__ import annotations

import errno
import os
import re
import shlex
import shutil
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from tracker.cli.invocation.terminal import coloured, complain, emit, warn
from tracker.errors import TrackerError, UsageError

_META = "tracker."
_NO_COLOR = "--no-color"
ANYWHERE = "Anywhere"
_ANYWHERE = (
    ("--db", "db", "FILE", "TRACKER_DB", "The database."),
    ("--feeds", "feeds", "FILE", "TRACKER_FEEDS", "The feed list."),
)
# typer exports this kind of usage error, not its base, whose module differs between versions.
_UsageError: Any = typer.BadParameter.__base__
INTERRUPTED = 130
# What a system says of a path whose folder may not be searched: not a bug.
_PERMISSIONS = "; check the permissions of the folders that lead there"
_OUT_OF_REACH = {errno.EACCES: _PERMISSIONS, errno.EPERM: _PERMISSIONS, errno.ENAMETOOLONG: ""}
_NARROW, _NARROWEST = 52, 20
# How typer writes in a help page that a number has a least value.
_RANGE = re.compile(r" *\[x>=\d+\]|; x>=\d+")


def examples(*lines: str) -> str:
    """Return the end of a help page: what may be typed, as it is."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)


def option(ctx: typer.Context, name: str) -> Any:  # noqa: ANN401 - a path's text or a flag
    """Return db, feeds or no_color as it was given before or after the command, else None."""
    return ctx.meta.get(_META + name)


def _remember(ctx: Any, param: Any, value: Any) -> Any:  # noqa: ANN401 - what click passes
    # The group's options come first, the command's later: what stands nearer to the command wins.
    if value:
        ctx.meta[_META + param.name] = value
    return value


def _anywhere(*, environment: bool) -> list[Any]:
    """Return the options that may stand before the command and after it.

    The environment is read once, before the command, lest it overrule an option that stands there.
    """
    found: list[Any] = [
        TyperOption(
            param_decls=[flag],
            metavar=metavar,
            envvar=variable if environment else None,
            help=f"{words} [env var: {variable}]",
            show_envvar=False,
            expose_value=False,
            callback=_remember,
            rich_help_panel=ANYWHERE,
        )
        for flag, _, metavar, variable, words in _ANYWHERE
    ]
    found.append(
        TyperOption(
            param_decls=[_NO_COLOR],
            is_flag=True,
            default=False,
            help="No colours. [env var: NO_COLOR]",
            expose_value=False,
            callback=_remember,
            rich_help_panel=ANYWHERE,
        )
    )
    return found


class _Help:
    """Help as plain text in sections, bold headings on a terminal, examples last."""

    def parse_args(self: Any, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's types
        """Read what was typed, --no-color first: --help shows its page before it reads the rest."""
        if _NO_COLOR in args[: args.index("--") if "--" in args else None]:
            ctx.meta[f"{_META}no_color"] = True
        rest: list[str] = super().parse_args(ctx, args)  # type: ignore[misc]
        return rest

    def format_options(self: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - click's types
        """Write the arguments and options, those that may stand anywhere apart."""
        sections: dict[str, list[Any]] = {"Arguments": [], "Options": [], ANYWHERE: []}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is None:
                continue
            record = (record[0], _RANGE.sub("", record[1]))
            argument = param.param_type_name == "argument"
            apart = getattr(param, "rich_help_panel", None) == ANYWHERE
            name = "Arguments" if argument else ANYWHERE if apart else "Options"
            sections[name].append(record)
        if hasattr(self, "commands"):
            self.format_commands(ctx, formatter)
        for name, records in sections.items():
            if records:
                with formatter.section(name):
                    formatter.write_dl(records, col_max=min(30, formatter.width // 2))

    def format_epilog(self: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - click's types
        """Write the examples at the margin, where they can be copied from."""
        del ctx
        if self.epilog:
            formatter.write_paragraph()
            formatter.write_text(self.epilog)

    def get_help_option(self: Any, ctx: Any) -> Any:  # noqa: ANN401 - click's types
        """Return the option that shows the help page, written as all that goes to stdout is."""
        found = super().get_help_option(ctx)  # type: ignore[misc]
        if found is not None:
            found.callback = _show_help
        return found

    def get_help(self: Any, ctx: Any) -> str:  # noqa: ANN401 - click's types
        """Return the help page, its headings bold where it goes to a terminal."""
        columns = shutil.get_terminal_size().columns
        if columns < _NARROW:  # click has no page below 50
            ctx.terminal_width = max(columns - 1, _NARROWEST)
        text: str = super().get_help(ctx)  # type: ignore[misc]
        if not coloured(sys.stdout, no_color=bool(option(ctx, "no_color"))):
            return text
        return re.sub(r"^(Usage:|[A-Z][a-z ]+:$)", "\x1b[1m\\1\x1b[0m", text, flags=re.MULTILINE)


def _show_help(ctx: Any, param: Any, value: Any) -> None:  # noqa: ANN401 - what click passes
    del param
    if value and not ctx.resilient_parsing:
        emit(ctx.get_help())
        ctx.exit()


class Command(_Help, TyperCommand):
    """A command that takes --db, --feeds and --no-color, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        kwargs["params"] = [*(kwargs.get("params") or []), *_anywhere(environment=False)]
        super().__init__(*args, **kwargs)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - click's type
        """Read what was typed; raises UsageError for what is no text.

        Files (--db, --feeds) are none of `params`: their names may be any bytes.
        """
        typed = list(args)
        try:
            rest = super().parse_args(ctx, args)
        except _UsageError as error:
            if type(error).__name__ == "NoSuchOption":
                error.message += _about_queries(ctx, typed, error.option_name)
            raise
        if not ctx.resilient_parsing:
            for value in ctx.params.values():
                for text in value if isinstance(value, list | tuple) else [value]:
                    _refuse_bytes(text)
        return rest


class Group(_Help, TyperGroup):
    """A group of commands, listed under the headings that they name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        kwargs["params"] = [*(kwargs.get("params") or []), *_anywhere(environment=False)]
        super().__init__(*args, **kwargs)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - click's types
        """Write the commands, section by section in the order of their first one."""
        del ctx
        sections: dict[str, list[tuple[str, str]]] = {}
        shown = [(n, c) for n, c in self.commands.items() if not c.hidden]
        longest = max((len(name) for name, _ in shown), default=0)
        for name, command in shown:
            panel = getattr(command, "rich_help_panel", None)
            heading = panel if isinstance(panel, str) else "Commands"
            words = command.get_short_help_str(formatter.width - longest - 6)
            # Padded, so that the sections line up with one another.
            sections.setdefault(heading, []).append((f"{name:<{longest}}", words))
        for heading, rows in sections.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


class Root(Group):
    """The outermost group: it turns errors into a sentence and an exit code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*args, **kwargs)
        # The environment counts before any option, hence only here.
        names = {param.name for param in _anywhere(environment=True)}
        self.params = [p for p in self.params if p.name not in names] + _anywhere(environment=True)

    def main(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - passed on
        """Run a command and leave with its exit code; a bug keeps its traceback."""
        if not kwargs.pop("standalone_mode", True):
            return super().main(*args, **kwargs | {"standalone_mode": False})
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
        except TrackerError as error:
            complain(str(error))
            code = error.exit_code
        except OSError as error:
            if error.filename is None or error.errno not in _OUT_OF_REACH:
                raise
            complain(f"{error.filename}: {error.strerror}{_OUT_OF_REACH[error.errno]}.")
            code = TrackerError.exit_code
        except typer.Abort:
            warn("")  # what is typed at a question stands on its line
            code = INTERRUPTED
        except _UsageError as error:
            _complain_of_usage(error)
            code = error.exit_code
        if code == INTERRUPTED:
            complain("Interrupted.")
        sys.exit(code if isinstance(code, int) else 0)


def _about_queries(ctx: Any, typed: list[str], unknown: str) -> str:  # noqa: ANN401 - click's type
    """Return how to write a query's excluded word that was taken for options, "" for any other."""
    kinds = {param.param_type_name for param in ctx.command.params if param.name == "query"}
    # "-music" is read as -m -u -s -i -c; the first that is none is what was complained of.
    letter = unknown.removeprefix("-")
    words = (w for w in typed if re.match(r"-[^-]", w) and letter in w)
    word = next(words, None)
    if word is None or not kinds:
        return ""
    _refuse_bytes(word)
    if "argument" in kinds:
        how = f"write -- between options and query: {ctx.command_path} -- WORDS {shlex.quote(word)}"
    else:
        how = f"quote all of it: --query {shlex.quote(f'WORDS {word}')}"
    return f"; for a query that leaves something out, {how}"


def _refuse_bytes(typed: Any) -> None:  # noqa: ANN401 - any option's value
    """Raise UsageError for bytes that are no text: Python passes them on as lone surrogates."""
    if not isinstance(typed, str):
        return
    try:
        typed.encode()
    except UnicodeEncodeError:
        shown = os.fsencode(typed).decode(errors="backslashreplace")
        encoding = sys.getfilesystemencoding()
        raise UsageError(
            f"'{shown}' is not text in the encoding of this computer ({encoding}); type it again."
        ) from None


def _complain_of_usage(error: Any) -> None:  # noqa: ANN401 - click's own type
    if type(error).__name__ == "NoArgsIsHelpError":
        warn(error.format_message())  # help, not an answer
        return
    where = error.ctx.command_path if error.ctx else "tracker"
    message = error.format_message().rstrip(".")
    message = message.replace("is not a valid int range", "is not a whole number")
    message = message.replace("is not in the range x>=", "is less than ")
    stop = "" if message.endswith("?") else "."
    complain(f"{message}{stop} See {where} --help.")
