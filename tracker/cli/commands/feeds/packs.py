"""`feeds packs`: the bundled feeds to start from, by topic and language."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.invocation.base import Command, Group, examples
from tracker.cli.invocation.complete import pack_names
from tracker.cli.invocation.context import Session, session
from tracker.cli.invocation.options import Json

app = typer.Typer(
    cls=Group,
    help="Show and add bundled feeds, by topic and language.",
    rich_markup_mode=None,
    epilog=examples(
        "tracker feeds packs",
        "tracker feeds packs show technology-fr",
        "tracker feeds packs add technology-fr news-fr",
    ),
)
Name = Annotated[
    str,
    typer.Argument(
        help="A pack (technology-fr), a topic (technology) or a language (fr).",
        autocompletion=pack_names,
        metavar="PACK",
    ),
]
Names = Annotated[
    list[str],
    typer.Argument(
        help="Packs (technology-fr), topics (technology) or languages (fr).",
        autocompletion=pack_names,
        metavar="PACK...",
    ),
]


@app.callback(invoke_without_command=True)
def packs(ctx: typer.Context, json: Json = False) -> None:
    """List the packs if no command is named."""
    if ctx.invoked_subcommand is None:
        _list(session(ctx), json=json)


@app.command("ls", cls=Command, epilog=examples("tracker feeds packs ls"))
def ls(ctx: typer.Context, json: Json = False) -> None:
    """List the packs: topics, languages, and how many feeds each has."""
    _list(session(ctx), json=json)


def _list(here: Session, *, json: bool) -> None:
    from tracker.feeds.listing.packs import packs as every
    from tracker.views.polling import feed_lists as view

    found = [(pack.name, pack.topic, pack.language, pack.feeds) for pack in every()]
    if json:
        here.show_json(view.packs_json(found))
    else:
        here.show(view.packs(found, width=here.width))


@app.command(
    "show",
    cls=Command,
    epilog=examples("tracker feeds packs show technology-fr", "tracker feeds packs show science"),
)
def show(ctx: typer.Context, name: Name, json: Json = False) -> None:
    """Show the feeds of a pack."""
    from tracker.feeds.listing.packs import named
    from tracker.views.polling import feed_lists as view

    here = session(ctx)
    found = [(pack.name, pack.topic, pack.language, pack.feeds) for pack in named(name)]
    if json:
        here.show_json(view.packs_json(found))
    else:
        here.show(view.pack(found))


@app.command(
    "add",
    cls=Command,
    epilog=examples(
        "tracker feeds packs add technology-fr news-fr",
        "tracker feeds packs add science --tag read-later --dry-run",
    ),
)
def add(
    ctx: typer.Context,
    names: Names,
    tag: Annotated[
        list[str] | None,
        typer.Option(help="A word for all of these feeds; may be repeated.", metavar="WORD"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only count what would be added.")
    ] = False,
    json: Json = False,
) -> None:
    """Add the feeds of packs to the list, with their topic as a tag."""
    from tracker.config import add_feeds, load_feeds
    from tracker.feeds.listing.packs import feeds_of
    from tracker.views.polling import feed_lists as view

    here = session(ctx)
    path = here.feeds_path
    chosen = {source.url: source for name in names for source in feeds_of(name)}
    sources = [source._replace(tags=(*source.tags, *(tag or ()))) for source in chosen.values()]
    if dry_run:
        known = {s.url for s in load_feeds(path).sources} if path.exists() else set()
        new = [source for source in sources if source.url not in known]
    else:
        new = add_feeds(path, sources)
    done = view.Import(new, len(sources) - len(new), 0, {}, dry_run)
    if json:
        here.show_json(view.import_json(done))
    else:
        here.show(view.imported(done, str(path)))


def register(group: typer.Typer) -> None:
    """Add the commands to the group `feeds`."""
    group.add_typer(app, name="packs")
