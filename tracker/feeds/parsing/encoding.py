"""Every document becomes UTF-8 before anything else looks at it."""

from __future__ import annotations

import codecs
import re

from tracker.errors import FeedFormatError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),  # "<?xm" in EBCDIC
)
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*\?>")
_DECLARED = re.compile(rb"encoding\s*=\s*['\"]\s*([A-Za-z0-9._:-]+)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_LOOKED_AT = 400
_BROKEN = re.compile("\ufffd+")
_CONTROLS = bytes(set(range(32)) - {9, 10, 13})
# Labels that the web uses for more than they say (WHATWG Encoding, 4.2), and one misspelt often.
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "windows-1252",
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-9": "windows-1254",
    "x-sjis": "cp932",
}


def to_utf8(body: bytes, content_type: str = "") -> bytes:
    """Give the document in UTF-8, without byte order mark, XML declaration and control characters.

    What is valid UTF-8 is taken for it whatever the document or its publisher declare: text in
    another encoding hardly ever is. Else counts what the document declares, then `content_type`,
    then Windows-1252, which reads everything; UTF-8 counts only where it is nearly true. Raises
    FeedFormatError for what is no text at all.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _tidy(_recoded(body[len(mark) :], [name]))
    for sign, name in _SIGNS:
        if body.startswith(sign):
            return _tidy(_recoded(body, [name]))
    if b"\0" in body[:_LOOKED_AT] and not body.lstrip().startswith(b"<"):
        raise FeedFormatError("it is a file of another kind, not a feed")
    head = _DECLARATION.match(body)
    declared = _DECLARED.search(head[0]) if head else None
    names = [declared[1].decode("ascii").lower()] if declared else []
    if charset := _CHARSET.search(content_type):
        names.append(charset[1].lower())
    # ISO-2022 says everything in ASCII, with escapes.
    if not (b"\x1b" in body and names and names[0].startswith("iso-2022")) and _is_utf8(body):
        return _tidy(body)
    return _tidy(_recoded(body, names))


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _recoded(body: bytes, names: list[str]) -> bytes:
    for name in names or ["utf-8"]:  # which XML is in that declares nothing
        if name.replace("_", "-") in {"utf-8", "utf8"}:
            if text := _nearly_utf8(body):
                return text.encode("utf-8")
            continue
        try:
            return body.decode(_WIDER.get(name, name), "strict").encode("utf-8")
        except (UnicodeError, LookupError):
            continue
    if names and names[0].startswith(("utf-16", "utf-32")):
        return body.decode(names[0], "replace").encode("utf-8")
    return body.decode("windows-1252", "replace").encode("utf-8")


def _nearly_utf8(body: bytes) -> str | None:
    """Return the text where most of what is not ASCII is UTF-8, a few broken bytes marked as such.

    A summary that was cut within a character must not spoil all the others, nor an emoji of two
    halves (CESU-8), which are six broken bytes side by side. Where it is the other way round, the
    document is in another encoding, and its letters would all be lost.
    """
    text = body.decode("utf-8", "replace")
    sound = len(text) - len(text.encode("ascii", "ignore")) - text.count("\ufffd")
    return text if len(_BROKEN.findall(text)) < sound else None


def _tidy(body: bytes) -> bytes:
    """Without what XML 1.0 forbids; one stray control would make the whole document malformed."""
    body = body.translate(None, _CONTROLS)
    if head := _DECLARATION.match(body):
        body = body[head.end() :]
    return body.strip()
