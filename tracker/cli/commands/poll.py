"""`poll`: fetch what is due, store it, link it, and send the alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.invocation.base import Command, examples
from tracker.cli.invocation.context import session
from tracker.cli.invocation.options import FeedTags, Json
from tracker.cli.invocation.terminal import complain

if TYPE_CHECKING:
    from rich.text import Text

    from tracker.cli.invocation.context import Session
    from tracker.model.alerts import SendReport
    from tracker.model.polling import PollReport
    from tracker.store.database import Database


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "poll",
        cls=Command,
        rich_help_panel="Feeds",
        epilog=examples(
            "tracker poll",
            "tracker poll --force --strict",
            "tracker poll --tag security",
            "tracker poll --feed https://www.theverge.com/rss/index.xml",
            "tracker poll --quiet     (as `tracker schedule install` lets it run)",
        ),
    )(poll)


def poll(
    ctx: typer.Context,
    force: Annotated[bool, typer.Option("--force", help="Poll all feeds, due or not.")] = False,
    feed: Annotated[
        str | None, typer.Option(help="Poll this feed only, due or not.", metavar="URL")
    ] = None,
    tag: FeedTags = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Say nothing unless something is wrong.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 if any feed failed.")
    ] = False,
    json: Json = False,
) -> None:
    """Fetch the feeds that are due, link what is new, send alerts."""
    from tracker.cli.invocation.progress import polling
    from tracker.errors import UsageError
    from tracker.services import poll as use_case
    from tracker.store.polling import feeds

    if feed is not None and tag:
        raise UsageError("--feed names one feed already; leave out --tag.")
    here = session(ctx)
    with here.database() as db, polling(quiet=quiet, no_color=here.no_color) as progress:
        report = use_case.poll(
            db,
            here.feeds_path,
            here.now,
            force=force,
            url=feed,
            tags=tag or (),
            overrides=here.overrides,
            progress=progress,
        )
        due = None if report.feeds else feeds.next_due(db)
        listed = len(feeds.listed_urls(db))
        sent = _send(db, here)
    if json:
        from tracker.views import json as as_json

        here.show_json(as_json.poll(report) | _sent_json(sent))
    elif not quiet:
        from tracker.views.polling.poll import poll as view

        here.show(view(report, width=here.width, due=due, listed=listed, alerts=_rows(sent, here)))
    else:
        _complain(report, sent)
    _judge(report, strict=strict)


def _send(db: Database, here: Session) -> SendReport | None:
    """Send the alerts that are due; what keeps them from it is said, and the poll stays done."""
    from tracker.cli.invocation.sending import send_due
    from tracker.errors import TrackerError

    try:
        return send_due(db, here)
    except TrackerError as error:
        complain(f"No alert is sent: {error}")
        return None


def _sent_json(sent: SendReport | None) -> dict[str, object]:
    if sent is None:
        nothing = dict.fromkeys(("sent", "waiting", "in_doubt", "given_up"), 0)
        return {"alerts": nothing | {"targets": [], "troubles": []}}
    from tracker.views.alerts import json as alerts_json

    return {"alerts": alerts_json.sent(sent)}


def _rows(sent: SendReport | None, here: Session) -> list[Text]:
    if sent is None:
        return []
    from tracker.views.alerts.targets import sent as view

    return view(sent, here.width)


def _complain(report: PollReport, sent: SendReport | None) -> None:
    """Say which feeds failed, and which alerts did; what is tried again by itself is left out."""
    for failure in report.failures:
        complain(f"{failure.url}: {failure.reason}")
    for trouble in sent.troubles if sent else ():
        if trouble.state != "waiting":
            complain(f"{trouble.target}: {trouble.why}; tracker notify ls names the message.")


def _judge(report: PollReport, *, strict: bool) -> None:
    """Raise PollFailedError where the exit code must tell that feeds failed."""
    from tracker.errors import PollFailedError

    if report.all_failed:
        raise PollFailedError(
            "The feed failed." if report.feeds == 1 else f"All {report.feeds:,} feeds failed."
        )
    if strict and report.failed:
        raise PollFailedError(f"{report.failed:,} of {report.feeds:,} feeds failed.")
