"""Live progress on stderr, only where that is a terminal."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.progress import Progress

    from tracker.services.poll import Progress as Polled


@contextmanager
def polling(*, quiet: bool, no_color: bool) -> Iterator[Callable[[Polled], None] | None]:
    """Show a poll: feeds done, not modified, new items, failing, and feeds a second.

    Yields what the poll is to call, or None where nothing is shown.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _bar("{task.fields[words]}", no_color=no_color) as progress:
        task = progress.add_task("fetching", total=None, words="")
        started = time.monotonic()

        def show(state: Polled) -> None:
            if state.to_match:
                progress.update(
                    task,
                    description="linking",
                    total=state.to_match,
                    completed=state.matched,
                    words=f"{state.matched:,} of {state.to_match:,} items",
                )
                return
            rate = state.done / max(time.monotonic() - started, 0.05)
            words = [f"{state.done:,} of {state.total:,} feeds", f"{state.new_items:,} new"]
            words += [f"{state.not_modified:,} not modified"] if state.not_modified else []
            words += [f"{state.failed:,} failing"] if state.failed else []
            progress.update(
                task,
                total=state.total,
                completed=state.done,
                words=f"{', '.join(words)}, {rate:,.0f}/s",
            )

        yield show


@contextmanager
def counted(what: str, *, no_color: bool) -> Iterator[Callable[[int, int], None]]:
    """Show how much of something is done; yields what to call with done and total."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    with _bar("{task.completed:,.0f} of {task.fields[whole]:,}", no_color=no_color) as progress:
        task = progress.add_task(what, total=None, whole=0)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, whole=total)

        yield show


@contextmanager
def stepped(steps: int, *, no_color: bool) -> Iterator[Callable[[str, int], None]]:
    """Show a walk through time; yields what to call after a step, with its date and all items."""
    if not sys.stderr.isatty():
        yield lambda _date, _items: None
        return
    with _bar("{task.fields[words]}", no_color=no_color) as progress:
        task = progress.add_task("polling", total=steps, words="")

        def show(date: str, items: int) -> None:
            progress.update(task, advance=1, words=f"{date}, {items:,} items")

        yield show


def _bar(words: str, *, no_color: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True, highlight=False, no_color=no_color or None)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TextColumn(words, style="dim"),
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
