"""What `--json` prints of alerts, in the manner of `tracker.views.json`; no address is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.model.alerts import MessageState
from tracker.plain_text import plain
from tracker.views.json import moment, outage, timeline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.model.alerts import MessageRow, Outcome, SendReport, Target, TargetRow
    from tracker.model.digest import Digest

Json = dict[str, Any]


def target(value: Target) -> Json:
    """Return a target; `stories` is null for all, `quiet` null for the hours of the settings."""
    return {
        "name": value.name,
        "channel": str(value.channel),
        "shown": value.shown,
        "stories": None if value.stories is None else list(value.stories),
        "takes": str(value.takes),
        "quiet": value.quiet,
        "added": moment(value.added),
        "last_digest": moment(value.digest_made),
    }


def targets(values: Sequence[TargetRow], messages: Sequence[MessageRow]) -> Json:
    """Return the targets and the messages that are not sent."""
    return {
        "targets": [
            target(v.target)
            | {
                "last_sent": moment(v.last_sent),
                "waiting": v.waiting,
                "problem": v.problem or None,
            }
            for v in values
        ],
        "messages": [message(v) for v in messages],
    }


def message(value: MessageRow) -> Json:
    """Return a message that is not sent."""
    one = value.message
    return {
        "id": one.id,
        "target": one.target,
        "kind": str(one.kind),
        "state": str(one.state),
        "story": value.story,
        "headline": plain(value.headline),
        "developments": value.developments,
        "made": moment(one.made),
        "due": moment(one.due),
        "tries": one.tries,
        "why": one.why or None,
    }


def sent(value: SendReport) -> Json:
    """Return what a run of sending did."""
    return {
        "sent": value.sent,
        "targets": list(value.targets),
        "waiting": value.count(MessageState.WAITING),
        "in_doubt": value.count(MessageState.DOUBT),
        "given_up": value.count(MessageState.FAILED),
        "troubles": [
            {"message": t.message_id, "target": t.target, "state": str(t.state), "reason": t.why}
            for t in value.troubles
        ],
    }


def digest(value: Digest) -> Json:
    """Return a digest: the developments with something new, story by story."""
    return {
        "since": moment(value.since),
        "made": moment(value.made),
        "developments": value.developments,
        "stories": [
            timeline(each.told)
            | {"late": each.late, "burst": each.burst._asdict() if each.burst else None}
            for each in value.news
        ],
        "silent": [
            {"story": each.story.slug, "last_development": moment(each.last)}
            for each in value.silent
        ],
        "failing": [outage(each) for each in value.failing],
    }


def tested(values: Sequence[tuple[Target, Outcome]]) -> Json:
    """Return what became of tests."""
    return {
        "tests": [
            {"target": t.name, "result": str(outcome.result), "reason": outcome.why or None}
            for t, outcome in values
        ]
    }
