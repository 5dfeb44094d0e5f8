"""Whatever way a feed is written, a change of it leaves all bytes before and behind it."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.config import edit_feed, load_feeds

WORDS = st.sampled_from(
    ["A", "B: x", "#1", "'q'", 'say "hi"', "Größe", "-", "1", "true", "a, b", "[x]"]
)
TAGS = st.lists(st.sampled_from(["x", "y", "z z", "m: #"]), min_size=1, max_size=3, unique=True)
KEYS = {
    "title": WORDS,
    "language": st.sampled_from(["en", "fr"]),
    "tags": TAGS,
    "headers": st.just({"K": "v: 1"}),
}
ENDS = st.sampled_from(["", " # c", "  "])


@st.composite
def feed(draw: Any, number: int) -> str:
    """Return a feed as a person may write it, on several lines or on one."""
    values: dict[str, Any] = {"url": f"https://f{number}.example/x"}
    values |= {key: draw(KEYS[key]) for key in KEYS if draw(st.booleans())}
    keys = draw(st.permutations(list(values)))
    if draw(st.integers(0, 3)) == 0:
        pairs = (f"{key}: {json.dumps(values[key], ensure_ascii=False)}" for key in keys)
        return f"  - {{{', '.join(pairs)}}}{draw(ENDS)}\n"
    rows = []
    for place, key in enumerate(keys):
        if place and draw(st.integers(0, 4)) == 0:
            rows.append("    # note")
        begin = "    " if place else "  - "
        value, end = values[key], draw(ENDS)
        inline = json.dumps(value, ensure_ascii=False)
        if isinstance(value, str) or draw(st.booleans()):
            rows.append(f"{begin}{key}: {inline}{end}")
            continue
        rows.append(f"{begin}{key}:{end}")
        if isinstance(value, list):
            rows += [f"      - {json.dumps(each)}{draw(ENDS)}" for each in value]
        else:
            rows += [f"      {name}: {json.dumps(text)}" for name, text in value.items()]
    return "".join(f"{row}\n" for row in rows)


@settings(max_examples=80)
@given(data=st.data())
def test_a_change_leaves_what_stands_before_and_behind(data: st.DataObject) -> None:
    feeds = [data.draw(feed(number)) for number in range(data.draw(st.integers(1, 3)))]
    gaps = [data.draw(st.sampled_from(["", "\n", "  # between\n"])) for _ in feeds]
    newline = data.draw(st.sampled_from(["\n", "\r\n"]))
    text = "# head\nfeeds: # all\n" + "".join(map("".join, zip(feeds, gaps, strict=True)))
    text += data.draw(st.sampled_from(["", "settings: {workers: 1}\n", "# end\n", "# end"]))
    place = data.draw(st.integers(0, len(feeds) - 1))
    start = text.index(feeds[place])
    before, after = text[:start], text[start + len(feeds[place]) :]
    changes: dict[str, Any] = {}
    for key, strategy in (("title", WORDS), ("language", KEYS["language"]), ("tags", TAGS)):
        if data.draw(st.booleans()):
            value = data.draw(st.none() | strategy)
            changes[key] = tuple(value or ()) if key == "tags" else value
    with TemporaryDirectory() as folder:
        path = Path(folder) / "feeds.yaml"
        path.write_bytes(text.replace("\n", newline).encode())
        listed = load_feeds(path).sources
        edit_feed(path, listed[place].url, lambda source: source._replace(**changes))
        found = path.read_bytes().decode().replace(newline, "\n")
        assert load_feeds(path).sources[place] == listed[place]._replace(**changes)
    assert found.startswith(before)
    assert found.endswith(after)
    assert found.count("# note") == text.count("# note")
