"""Extraction of amounts, percentages and dates, with names that are equal in all languages.

For example: "$34.5bn", "34,5 Milliarden Dollar" and "34,5 milliards" are "3.45e+10"; "10 percent"
and "10 %" are "10%"; "May 26", "26. Mai" and "26 de mayo" are "@05-26". The currency is left out,
because outlets that convert amounts change the number too. Numbers in words are not recognised.
"""

from __future__ import annotations

import re

from tracker.stories.text.normalization import normalize

_WORDS_OF_SCALE = {
    1e3: "thousand mille mil tausend duizend mila tsd",
    1e6: "million millions millionen millones millon milione milioni milhao milhoes miljoen"
    " mln mio mn",
    1e9: "milliard milliards milliarde milliarden miliardo miliardi miljard bilhao bilhoes"
    " mrd mds md mld bn bln",
    1e12: "billion billions billionen billones billon bilione bilioni biljoen trilhao trilhoes tn",
    1e18: "trillion trillions trillionen trillones trillon triljoen",
}
_LONG_SCALE = {word: scale for scale, words in _WORDS_OF_SCALE.items() for word in words.split()}
"""Scales by word in the long scale; English and Brazilian Portuguese use the short one."""
_SHORT_SCALE = _LONG_SCALE | {"billion": 1e9, "billions": 1e9, "trillion": 1e12, "trillions": 1e12}
_SCALE_PAIRS = {"mil millones": 1e9, "mil milhoes": 1e9}
_SCALE_LETTERS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}
"""The scale of a letter joined to a number: "8.7B", but not "5 m"."""
_PERCENT = {"%", "percent", "percento", "prozent", "procent", "pct"}
_MEASURES = set(
    "euro euros dollar dollars dolar dolares dollari dollaro reais franken francs franchi yuan yen"
    " rupees roupies rupias kilo kilos kilogramm kg tonnes tonnen toneladas tonnellate ton"
    " kilometer kilometres kilometros chilometri km".split()
)
_PERCENT_PAIRS = {"per cent", "pour cent", "por ciento", "por cento"}
_NAMES_OF_MONTHS = (
    "january janvier januar janner janeiro enero gennaio januari jan",
    "february fevrier februar fevereiro febrero febbraio februari feb",
    "march mars marz marco marzo maart mar",
    "april avril abril aprile apr",
    "may mai mayo maggio maio mei",
    "june juin juni junio giugno junho jun",
    "july juillet juli julio luglio julho jul",
    "august aout agosto augustus aug",
    "september septembre septiembre settembre setembro sept sep",
    "october octobre oktober octubre ottobre outubro oct okt",
    "november novembre noviembre novembro nov",
    "december decembre dezember diciembre dicembre dezembro dec dez",
)
_NAMES_OF_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday"
    " lundi mardi mercredi jeudi vendredi samedi dimanche"
    " montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag"
    " lunes martes miercoles jueves viernes sabado domingo"
    " lunedi martedi mercoledi giovedi venerdi sabato domenica"
    " segunda-feira terca-feira quarta-feira quinta-feira sexta-feira"
    " maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)
_MONTHS = {
    name: number for number, names in enumerate(_NAMES_OF_MONTHS, start=1) for name in names.split()
}
MONTHS = frozenset(name for name in _MONTHS if len(name) > 3)  # noqa: PLR2004 - Jan is a name
"""The normalised names of the months in all languages, without abbreviations."""
DATED = frozenset(_MONTHS)
"""Normalised words that are months after a day, abbreviations included."""
_NOT_ALONE = {"march", "mars", "mar", "may", "mai", "mei", "marco"}
"""Words that are months only beside a number. For example: may (verb), mars (planet)."""
CALENDAR_WORDS = (MONTHS - _NOT_ALONE) | frozenset(_NAMES_OF_DAYS.split())
"""The normalised names of months and of days of the week, in all languages."""
_MONTH = f"(?:{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_YEAR = r"(?:19|20)\d\d"
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|o|\.)? (?:de |of )?(?P<month>{_MONTH})\b"
    rf"(?:\.?,? (?:de )?(?P<year>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_MONTH})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![.,]\d|%)"
    rf"(?:,? (?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_MONTH})(?:\.?,? (?:de )?(?P<year3>{_YEAR}))?\b"
)
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<money>(?:us|r)?[$€£¥] ?)?(?P<digits>\d[\d.,]*)(?P<letter>[kmbt](?![a-z]))?"
    r"(?: ?-?(?P<unit>%|[a-z]+)(?: (?P<second>[a-z]+))?)?"
)
_RUN_OF_LETTERS = re.compile(r"[a-z]+")  # a fast test for names of months
_DIGIT = re.compile(r"\d")
_SPACED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_THOUSANDS_DIGITS = 3
_SMALLEST_PLAIN = 20
"""Smaller bare numbers are vague: many reports count to three."""
_SPECIFIC, _PLAIN, _VAGUE = 1.0, 0.8, 0.4
"""How specific a quantity is to one event."""


def is_unit(word: str) -> bool:
    """Return whether a normalised word makes the number before it an amount.

    For example: billion.
    """
    return word in _SHORT_SCALE or word in _PERCENT or word in _MEASURES


def join_spaced_digits(text: str, language: str) -> str:
    """Return a text with spaced thousands joined, except in English.

    For example: "1 800 salariés".
    """
    return text if language == "en" else _SPACED.sub("", text)


def quantities(text: str, language: str) -> dict[str, float]:
    """Return a text's quantities and dates by name, each with its specificity in 0..1.

    An amount, a percentage or a full date has 1.0, a larger bare number 0.8, and a small number or
    a month alone 0.4.
    """
    text = normalize(text)
    found: dict[str, float] = {}
    has_month = not _MONTHS.keys().isdisjoint(_RUN_OF_LETTERS.findall(text))
    for date in _DATE.finditer(text) if has_month else ():
        found.update(_dates_of(date))
    if not _DIGIT.search(text):
        return found
    text = _DATE.sub(" ; ", text) if has_month else text
    for number in _NUMBER.finditer(join_spaced_digits(text, language)):
        name, specificity = _quantity(number, language)
        found[name] = max(specificity, found.get(name, 0.0))
    return found


def _dates_of(match: re.Match[str]) -> dict[str, float]:
    word = match["month"] or match["month2"] or match["month3"]
    day = match["day"] or match["day2"]
    year = match["year"] or match["year2"] or match["year3"]
    if not day and not year and word in _NOT_ALONE:
        return {}
    month = f"{_MONTHS[word]:02}"
    found = {f"@{month}": _VAGUE}
    if day:
        found[f"@{month}-{int(day):02}"] = _SPECIFIC
    if year:
        found[f"@{year}-{month}"] = _PLAIN
    return found


def _quantity(match: re.Match[str], language: str) -> tuple[str, float]:
    """Return a number's name and specificity; 3, 3 % and 3 million differ."""
    value = _value(match["digits"].rstrip(".,"), language)
    unit, pair = match["unit"] or "", f"{match['unit']} {match['second']}"
    if unit in _PERCENT or pair in _PERCENT_PAIRS:
        return f"{value:.4g}%", _SPECIFIC
    scale = _SCALE_PAIRS.get(pair) or (_SHORT_SCALE if language == "en" else _LONG_SCALE).get(unit)
    scale = scale or _SCALE_LETTERS.get(match["letter"] or "")
    if scale or match["money"]:
        return f"{value * (scale or 1.0):.3g}", _SPECIFIC
    return f"{value:.6g}", _VAGUE if value < _SMALLEST_PLAIN else _PLAIN


def _value(digits: str, language: str) -> float:
    """Parse digits with separators.

    For example: English 1,800 is 1.800 elsewhere, and 1.5 is 1,5.
    """
    separators = [character for character in digits if not character.isdigit()]
    if not separators:
        return float(digits)
    last = separators[-1]
    whole, _, fraction = digits.rpartition(last)
    is_point = separators.count(last) == 1 and (
        len(set(separators)) > 1
        or len(fraction) != _THOUSANDS_DIGITS
        or last == ("." if language == "en" else ",")
    )
    joined = re.sub(r"[.,]", "", whole)
    return float(f"{joined}.{fraction}" if is_point else joined + fraction)
