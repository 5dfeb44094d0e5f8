"""Options and arguments that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

from tracker.cli.complete import story_slugs

Story = Annotated[
    str,
    typer.Argument(help="The story's slug or title.", autocompletion=story_slugs, metavar="STORY"),
]
Items = Annotated[
    list[str],
    typer.Argument(help="The number that timeline shows, or the URL.", metavar="ITEM..."),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Query = Annotated[
    list[str],
    typer.Argument(help='Words, names, "phrases", OR, -word, title:word.', metavar="QUERY..."),
]
Languages = Annotated[
    list[str] | None,
    typer.Option("--lang", help="Only this language (en, fr, …); may be repeated.", metavar="CODE"),
]
Forms = Annotated[
    bool, typer.Option("--forms", help="Show every word that a part of the query stands for.")
]
