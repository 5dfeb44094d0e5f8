"""What messages say: plain text without control characters, from the developments they tell."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.developments import fold
from tracker.export.addresses import web_address
from tracker.export.headlines import headline, language, outlet
from tracker.hashing import blake2b
from tracker.model.alerts import Kind, Notice
from tracker.plain_text import plain
from tracker.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tracker.developments import Development
    from tracker.model.core import Report, Timeline

    Encoder = Callable[[Timeline], Mapping[str, Any]]

_LISTED = 20
"""Developments that a summary lists by their headlines."""


def key_of(*parts: object) -> str:
    """Return the key of a message: the same parts give the same one, in letters and digits."""
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode(), digest_size=12).hexdigest()


def alert(
    told: Timeline, event: int, languages: Sequence[str], encode: Encoder, *, update: bool = False
) -> Notice:
    """Return the notice of one development.

    Its headline is the first reporter's, or the first in one of `languages` if there is one. An
    `update` replaces an earlier notice of the development.
    """
    story = told.story
    development = _one(fold(told.reports))
    chosen = _chosen(development, languages)
    item = chosen.link.item
    payload = {
        **_clean(encode(told)),
        "kind": str(Kind.UPDATE if update else Kind.ALERT),
        "event": event,
    }
    return Notice(
        key_of(story.id, story.created.isoformat(), event),
        plain(story.title),
        f"{headline(item)}\n{_outlets(development, chosen)}",
        web_address(item.url) or "",
        payload,
        quiet=update,
    )


def _one(found: Sequence[Development]) -> Development:
    """Return the first development; several are one that has parted since it was due."""
    return found[-1]


def _chosen(development: Development, languages: Sequence[str]) -> Report:
    reports = (development.first, *development.others)
    readable = [r for r in reports if language(r.link.item) in languages]
    return readable[0] if readable else development.first


def _outlets(development: Development, chosen: Report) -> str:
    """Return "The Wire", or "The Wire, and 2 other outlets"."""
    names = {outlet(r.link.item) for r in (development.first, *development.others)}
    own = outlet(chosen.link.item)
    others = len(names - {own})
    return f"{own}, and {count(others, 'other outlet')}" if others else own


def more(told: Timeline, key: str, encode: Encoder) -> Notice:
    """Return the notice of the developments of a story that are over the cap, in one line."""
    number = len(fold(told.reports))
    text = (
        f"+{count(number, 'more development')};"
        f" tracker timeline {told.story.slug} --new shows {'it' if number == 1 else 'them'}."
    )
    return Notice(key, plain(told.story.title), text, payload=_several(Kind.MORE, [told], encode))


def summary(
    told: Sequence[Timeline], key: str, languages: Sequence[str], encode: Encoder
) -> Notice:
    """Return the notice of all developments that waited, story by story, oldest first."""
    folded = [(each, fold(each.reports)[::-1]) for each in told]
    number = sum(len(found) for _, found in folded)
    title = f"{count(number, 'development')} in {count(len(told), 'story', 'stories')}"
    rows: list[str] = []
    left = _LISTED
    for each, found in folded:
        rows += ["", plain(each.story.title)] if rows else [plain(each.story.title)]
        for development in found[:left]:
            chosen = _chosen(development, languages)
            rows.append(f"- {headline(chosen.link.item)} ({_outlets(development, chosen)})")
        hidden = len(found) - len(found[:left])
        rows += [f"- {hidden:,} more"] if hidden else []
        left = max(left - len(found), 0)
    return Notice(key, title, "\n".join(rows), payload=_several(Kind.SUMMARY, told, encode))


def digest(title: str, text: str, key: str, told: Sequence[Timeline], encode: Encoder) -> Notice:
    """Return the notice of a digest, whose text is plain."""
    return Notice(key, plain(title), text, payload=_several(Kind.DIGEST, told, encode))


def test(name: str, key: str) -> Notice:
    """Return a notice by which the user tries a target."""
    text = f"This is a test of the target {plain(name)}. Alerts of tracker arrive like this."
    return Notice(key, "tracker", text, payload={"kind": "test"})


def _several(kind: Kind, told: Sequence[Timeline], encode: Encoder) -> dict[str, Any]:
    return {"kind": str(kind), "stories": [_clean(encode(each)) for each in told]}


def _clean(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Return a JSON value whose texts are plain: what takes messages may print them as they are.

    An address that is not of the web becomes "".
    """
    if isinstance(value, str):
        return (web_address(value) or "") if name == "url" else plain(value)
    if isinstance(value, dict):
        return {key: _clean(each, key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def stored(content: str) -> Notice:
    """Return the notice that `to_store` made a text of."""
    return Notice(**json.loads(content))


def to_store(notice: Notice) -> str:
    """Return a notice as text, to be sent later as it is."""
    return json.dumps(asdict(notice), ensure_ascii=False)
