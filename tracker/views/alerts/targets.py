"""Targets of alerts, the messages that are not sent, and what a run of sending did."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from tracker import when
from tracker.model.alerts import Channel, Kind, MessageState, Result, Takes
from tracker.plain_text import plain
from tracker.views.text import (
    BAD,
    FAINT,
    HEADING,
    MARK,
    WARNING,
    cut,
    hanging,
    hint,
    lines,
    width_of,
    wrap,
)
from tracker.wording import count, listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from tracker.model.alerts import MessageRow, Outcome, SendReport, Target, TargetRow

_LISTED = 20
_STATES = {
    MessageState.WAITING: ("waiting", FAINT),
    MessageState.SENDING: ("being sent", FAINT),
    MessageState.DOUBT: ("in doubt", WARNING),
    MessageState.FAILED: ("given up", BAD),
}


_KEPT = {
    Channel.EXEC: "The program and its arguments are",
    Channel.WEBHOOK: "Its address, and the key that signs its messages, are",
}


def added(target: Target, path: str, topic: str, width: int) -> Text:
    """Return what `notify add` did; `path` is that of alerts.conf."""
    found = hanging(f"Added {target.name}: {_address(target)}, for {_stories(target)}.", width, 0)
    if topic:
        words = f"Subscribe to this topic in the ntfy app; whoever knows it can read along: {topic}"
        found += hanging(words, width, 2)
    if target.channel is not Channel.DESKTOP:
        kept = _KEPT.get(target.channel, "Its address is")
        found += hanging(f"{kept} in {plain(path)}, which only you can read.", width, 2, FAINT)
    return lines([*found, hint("", f"tracker notify test {target.name}", " tries it.")])


def removed(target: Target, waiting: int, width: int) -> Text:
    """Return what `notify rm` did."""
    gone = f"; {count(waiting, 'message')} that waited for it will not be sent" if waiting else ""
    return lines(hanging(f"Removed {target.name}{gone}.", width, 0))


def targets(
    values: Sequence[TargetRow],
    messages: Sequence[MessageRow],
    *,
    default_quiet: str,
    now: datetime,
    zone: tzinfo | None,
    width: int,
) -> Text:
    """Return the targets, and below them the messages that are not sent.

    `default_quiet` are the quiet hours of the settings.
    """
    if not values:
        return lines(
            [
                Text("No target: tracker tells nobody."),
                hint("", "tracker notify add ntfy", " sends alerts to your phone;"),
                hint("", "tracker notify add --help", " lists the other channels."),
            ]
        )
    found: list[Text] = []
    for value in values:
        target = value.target
        found.append(Text.assemble((target.name, HEADING), (f"  {_address(target)}", "")))
        hours = default_quiet if target.quiet is None else target.quiet
        facts = [_stories(target), *_takes(target), f"quiet {hours}" if hours else "never quiet"]
        sent = value.last_sent
        facts.append(f"last sent {when.ago(sent, now)}" if sent else "nothing sent yet")
        found += hanging(" · ".join(facts), width, 2, FAINT)
        if value.problem:
            found += hanging(f"! failing: {plain(value.problem)}", width, 2, BAD)
    return lines([*found, *_messages(messages, now, zone, width)])


def _takes(target: Target) -> list[str]:
    return [] if target.takes is Takes.ALL else [f"{target.takes} only"]


def _address(target: Target) -> str:
    channel = "" if target.name == target.channel else f"{target.channel} "
    return f"{channel}{plain(target.shown)}"


def _stories(target: Target) -> str:
    if target.stories is None:
        return "all stories"
    return (
        listed(map(plain, target.stories)) if target.stories else "no story (its stories are gone)"
    )


def _messages(
    values: Sequence[MessageRow], now: datetime, zone: tzinfo | None, width: int
) -> list[Text]:
    doubt = [v for v in values if v.message.state is MessageState.DOUBT]
    failed = [v for v in values if v.message.state is MessageState.FAILED]
    waiting = [v for v in values if v not in doubt and v not in failed]
    found: list[Text] = []
    for title, chosen in (("In doubt", doubt), ("Given up", failed), ("Waiting", waiting)):
        if not chosen:
            continue
        # What may or may not have arrived is named to the last; what waits is only counted.
        shown = chosen if chosen is not waiting else chosen[:_LISTED]
        found += [Text(), Text(f"{title}: {count(len(chosen), 'message')}", HEADING)]
        for value in shown:
            found += _message(value, now, zone, width)
        if len(shown) < len(chosen):
            found.append(Text(f"  and {len(chosen) - len(shown):,} more", FAINT))
    if doubt:
        words = "In doubt: it may have arrived, and is not sent again by itself."
        found += [Text(), *hanging(words, width, 0, FAINT)]
    if doubt or failed:
        number = (doubt or failed)[0].message.id
        found.append(hint("", f"tracker notify retry {number}", " sends it;"))
        found.append(hint("", f"tracker notify drop {number}", " takes it off this list."))
    return found


def _message(value: MessageRow, now: datetime, zone: tzinfo | None, width: int) -> list[Text]:
    message = value.message
    about = what(value)
    head = f"{message.id:>5}  {when.listed(message.made, zone, now)}  {message.target}: "
    row = Text(head)
    row.append(cut(about, max(width - width_of(head), 20)))
    found = [row]
    words = plain(message.why)
    if message.state is MessageState.WAITING:
        again = f"due {when.until(message.due, now)}"
        words = f"{words}; tried {count(message.tries, 'time')}, {again}" if words else again
    style = _STATES.get(message.state, ("", FAINT))[1]
    return found + (hanging(words, width, 7, style) if words else [])


def what(value: MessageRow) -> str:
    """Return what a message is about, in words."""
    if value.message.kind is Kind.DIGEST:
        return "digest"
    if value.developments > 1:
        return count(value.developments, "development")
    return plain(value.headline) or "a report that is gone"


def tested(results: Sequence[tuple[Target, Outcome]], width: int) -> Text:
    """Return what became of tests."""
    found: list[Text] = []
    for target, outcome in results:
        if outcome.result is Result.SENT:
            found.append(Text.assemble((f"{target.name}: sent", MARK)))
        else:
            doubt = "may have arrived: " if outcome.result is Result.DOUBT else "not sent: "
            found += hanging(f"{target.name}: {doubt}{plain(outcome.why)}", width, 0, BAD)
    return lines(found or [Text("No target is there to be tested.")])


def sent(report: SendReport, width: int) -> list[Text]:
    """Return what a run of sending did, no row if it did nothing."""
    found = []
    if report.sent:
        words = f"{count(report.sent, 'message')} sent to {listed(report.targets)}"
        found += [Text(row, MARK) for row in wrap(words, width)]
    for trouble in report.troubles:
        words = f"{trouble.target}: {plain(trouble.why)}; {_becomes(trouble.state)}"
        found += [Text(row, WARNING) for row in wrap(f"! {words}", width)]
    return found


def nothing() -> Text:
    """Return what is said if nothing was to be sent."""
    return Text("No message waits to be sent again.")


def _becomes(state: MessageState) -> str:
    return {
        MessageState.DOUBT: "the message may have arrived: tracker notify ls",
        MessageState.FAILED: "the message was given up: tracker notify ls",
    }.get(state, "it is tried again")
