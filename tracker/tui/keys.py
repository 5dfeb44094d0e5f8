"""The keys of the full-screen view, in one table.

The bindings, the help, the list of actions, the line of keys, docs/tui.md and the tests are made
from it. Keys are plain letters: combinations with Ctrl or Alt get lost in tmux and over ssh, so
none of them stands alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Need(StrEnum):
    """What has to be selected for an action."""

    NOTHING = ""
    STORY = "story"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Key:
    """An action and its keys.

    `keys` are Textual's names, the first one is shown first. `shown` is how help writes them.
    `command` is the command that does the same, "" for what only moves. `brief` is the word of the
    line of keys, "" for what is left out there.
    """

    action: str
    keys: tuple[str, ...]
    shown: str
    words: str
    need: Need = Need.NOTHING
    command: str = ""
    brief: str = ""


MOVE, READ, CHANGE, REST = "Move", "Read", "Change", "And"

KEYS: dict[str, tuple[Key, ...]] = {
    MOVE: (
        Key("down", ("j", "down"), "j ↓", "next row"),
        Key("up", ("k", "up"), "k ↑", "previous row"),
        Key("first", ("g", "home"), "g Home", "first row"),
        Key("last", ("G", "end"), "G End", "last row"),
        Key("page", ("space", "pagedown", "ctrl+d"), "Space PgDn Ctrl-d",
            "next page; at the end as n"),
        Key("page_up", ("pageup", "b", "ctrl+u"), "b PgUp Ctrl-u", "previous page"),
        Key("left", ("h", "left", "shift+tab"), "h ← Shift-Tab", "pane to the left"),
        Key("right", ("l", "right", "tab"), "l → Tab", "pane to the right"),
        Key("stories", ("1",), "1", "stories"),
        Key("timeline", ("2",), "2", "timeline"),
        Key("reading", ("3",), "3", "reading pane"),
        Key("enter", ("enter",), "Enter", "open", brief="open"),
        Key("back", ("escape",), "Esc", "back; ends a filter", brief="back"),
        Key("next_new", ("n",), "n", "next new development, in all stories", brief="next new"),
        Key("previous_new", ("p",), "p", "previous new development"),
        Key("older_day", ("[",), "[", "the day before"),
        Key("newer_day", ("]",), "]", "the day after"),
    ),
    READ: (
        Key("why", ("w",), "w", "why it belongs", Need.REPORT, "tracker why", "why"),
        Key("reports", ("v",), "v", "all reports of each development", Need.STORY,
            "tracker timeline --reports"),
        Key("doubtful", ("d",), "d", "doubtful reports, too", Need.STORY,
            "tracker timeline --maybe"),
        Key("order", ("t",), "t", "oldest first, or newest first", Need.STORY, "tracker timeline"),
        Key("browse", ("o",), "o", "open the report in the browser", Need.REPORT,
            "tracker timeline", "browser"),
        Key("browse_other", ("O",), "O", "choose a report to open", Need.REPORT,
            "tracker timeline --reports"),
        Key("copy", ("y",), "y", "copy the selected text, or the link", Need.REPORT,
            "tracker timeline", "copy"),
        Key("filter", ("/",), "/", "show only rows with these words", command="tracker search",
            brief="filter"),
    ),
    CHANGE: (
        Key("accept", ("a",), "a", "it belongs to the story", Need.REPORT, "tracker accept",
            "belongs"),
        Key("reject", ("x",), "x", "it does not belong", Need.REPORT, "tracker reject",
            "does not"),
        Key("seen", ("A",), "A", "all of this story is seen", Need.STORY, "tracker timeline"),
        Key("mute", ("m",), "m", "mute the story, or end that", Need.STORY,
            "tracker story mute"),
        Key("close", ("c",), "c", "close the story (asks), or reopen it", Need.STORY,
            "tracker story close"),
        Key("review", ("R",), "R", "answer what teaches the story most", Need.STORY,
            "tracker review"),
        Key("undo", ("z",), "z", "take the last change back, as often as you like",
            command="tracker undo", brief="undo"),
    ),
    REST: (
        Key("follow", ("f",), "f", "follow a story", command="tracker follow", brief="follow"),
        Key("poll", ("r",), "r", "poll the feeds that are due", command="tracker poll",
            brief="poll"),
        Key("export", ("e",), "e", "export the story to a file", Need.STORY, "tracker export"),
        Key("help", ("?", ":", "ctrl+p"), "? : Ctrl-p", "all keys; type to filter, Enter runs",
            command="tracker tui --help", brief="keys"),
        Key("quit", ("q", "ctrl+c"), "q Ctrl-c", "quit", brief="quit"),
    ),
}  # fmt: skip


def every() -> list[Key]:
    """Return all keys, in the order of the help."""
    return [key for group in KEYS.values() for key in group]


def key_of(action: str) -> Key:
    """Return the key of an action. Raises KeyError for an unknown one."""
    for key in every():
        if key.action == action:
            return key
    raise KeyError(action)


def possible(*, story: bool, report: bool) -> list[Key]:
    """Return what can be done where a story or a report is selected, or neither."""
    met = {Need.NOTHING: True, Need.STORY: story, Need.REPORT: report}
    return [key for key in every() if met[key.need]]


# What the line of keys shows in each pane, the most useful first; it is cut at the end.
LINE: dict[str, tuple[str, ...]] = {
    "stories": ("enter", "next_new", "follow", "poll", "help", "quit", "filter", "undo"),
    "timeline": (
        *("enter", "next_new", "help", "back", "why", "accept", "reject"),
        *("undo", "browse", "copy", "filter", "quit"),
    ),
    "reading": (
        *("back", "next_new", "help", "why", "browse", "copy", "accept"),
        *("reject", "undo", "quit"),
    ),
}


def table() -> str:
    """Return all keys as a table in Markdown, for docs/tui.md."""
    rows = ["| key | does | command |", "|---|---|---|"]
    for group in KEYS.values():
        for key in group:
            command = f"`{key.command}`" if key.command else ""
            rows.append(f"| `{key.shown}` | {key.words} | {command} |")
    return "\n".join(rows)
