"""Sending what is due, as `poll`, `notify` and `digest` do it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tracker.cli.invocation.context import Session
    from tracker.model.alerts import SendReport
    from tracker.services.alerts import Courier
    from tracker.store.database import Database


def courier(here: Session) -> Courier:
    """Return what sending needs."""
    from tracker.config import alerts_path
    from tracker.services.alerts import Courier
    from tracker.views import json as as_json

    return Courier(alerts_path(here.feeds_path), as_json.timeline, here.zone)


def send_due(db: Database, here: Session) -> SendReport | None:
    """Send what is due; None if nothing is. Another process that sends is left to it."""
    from tracker.store.alerts.work import has_work

    if not has_work(db, here.now):
        return None
    from contextlib import suppress

    from tracker.errors import BusyError
    from tracker.services import alerts

    with suppress(BusyError):
        return alerts.send(db, courier(here), here.now)
    return None
