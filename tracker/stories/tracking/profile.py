"""The profile of a story: its words, the candidates of late, and the words that the user set."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tracker.model.preview import ProfileTerm
from tracker.stories.scoring.candidate_counts import CandidateCounts, Counts
from tracker.stories.text.normalization import normalize
from tracker.stories.text.stemming import SNOWBALL
from tracker.stories.text.tokenization import tokenize
from tracker.stories.tracking.story_words import StoryWord, StoryWords

if TYPE_CHECKING:
    from collections.abc import Container, Mapping


_VERSION = 3
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)
_MIN_REPORTS = 1.5
"""The fewest reports of a word that is shown."""
_PROPOSAL_SHARE = 0.3
"""Share of a story's reports from which on a name is proposed for the query."""


class Profile:
    """What a story keeps from one poll to the next.

    `words` are those of its reports before the day `folded` (an ordinal; 0 for none): later reports
    are read from the database. `last` is the day of the last report before it, 0 without one.
    `proposals` are names that it proposes for the query. `vocabulary` are the words by which
    it finds items, as a unit vector, set when it has learned.
    `counts` are its candidates. `manual_terms` are weights (-1..1) that the user set, by word as
    typed; `manual_stems` by stem.
    """

    def __init__(self) -> None:
        self.words = StoryWords()
        self.folded = 0
        self.last = 0
        self.proposals: list[str] = []
        self.vocabulary: Mapping[str, float] = {}
        self.counts = CandidateCounts()
        self.manual_terms: dict[str, float] = {}
        self.manual_stems: dict[str, float] = {}

    def edit(self, word: str, weight: float | None) -> None:
        """Set the weight of a word (-1..1; 0 ignores it); None leaves it to learning.

        It applies to all inflections of the word in all languages. Stems that it shares with
        another word set by the user keep that word's weight.
        """
        for typed in [typed for typed in self.manual_terms if normalize(typed) == normalize(word)]:
            del self.manual_terms[typed]
        if weight is not None:
            self.manual_terms[word] = max(-1.0, min(1.0, weight))
        self.manual_stems.clear()
        for typed, given in self.manual_terms.items():
            self.manual_stems.update(dict.fromkeys(_stems(typed), given))

    def take_edits(self, other: Profile) -> None:
        """Take over the words that the user set."""
        self.manual_terms, self.manual_stems = dict(other.manual_terms), dict(other.manual_stems)


def shown_terms(
    profile: Profile, words: StoryWords, asked: Container[str], most: int = 40
) -> tuple[ProfileTerm, ...]:
    """Return the terms that the user set, then the strongest of a story's words.

    Their weight (0..1) is relative to that of the strongest. A proposal is a name in many reports
    that is not `asked` (stems of the query): the query then also matches items without the names
    typed so far.
    """
    typed = [_manual_term(words, word, weight) for word, weight in profile.manual_terms.items()]
    found: dict[str, ProfileTerm] = {}
    ranked = sorted(words.words.items(), key=lambda pair: (-pair[1].weight, pair[0]))
    rest = [
        (stem, word)
        for stem, word in ranked
        if word.reports >= _MIN_REPORTS and stem not in profile.manual_stems
    ]
    top = rest[0][1].weight if rest else 1.0
    for stem, word in rest:
        if len(found) == most:
            break
        proposed = (
            word.is_name
            and stem not in asked
            and word.reports >= max(2.0, words.mass * _PROPOSAL_SHARE)
        )
        # Stemmers of several languages give one name several stems; the strongest is shown.
        found.setdefault(
            normalize(word.shown),
            ProfileTerm(
                word.shown,
                "name" if word.is_name else "word",
                word.weight / top,
                _datetime_of(word.first),
                round(word.reports),
                proposed=proposed,
            ),
        )
    return (*typed, *found.values())


def _manual_term(words: StoryWords, typed: str, weight: float) -> ProfileTerm:
    """Return a term that the user set, with its reports."""
    seen = [words.words[stem] for stem in _stems(typed) if stem in words.words]
    named = any(word.is_name for word in seen)
    since = _datetime_of(min(word.first for word in seen)) if seen else None
    reports = round(max((word.reports for word in seen), default=0.0))
    return ProfileTerm(typed, "name" if named else "word", weight, since, reports, given=True)


def _stems(word: str) -> set[str]:
    """Return the stems of a word in all languages."""
    return {read.stem for code in ("", *SNOWBALL) for read in tokenize(word, code)}


def profile_to_json(profile: Profile) -> str:
    """Return a profile as text that `profile_from_json` reads."""
    profile.counts.prune()
    profile.words.prune()
    words = profile.words
    return _ENCODER.encode(
        {
            "v": _VERSION,
            "folded": profile.folded,
            "last": profile.last,
            "mass": round(words.mass, 6),
            "words": {
                stem: (round(word[0], 5), round(word[1], 3), *word[2:4], round(word[4], 3))
                for stem, word in words.words.items()
            },
            "proposed": profile.proposals,
            "counted": profile.counts.total,
            "days": {
                str(day): {
                    str(kind): (round(each[0]), round(each[1]), round(each[2], 4))
                    for kind, each in kinds.items()
                }
                for day, kinds in profile.counts.days.items()
            },
            "said": profile.manual_terms,
            "edited": profile.manual_stems,
        }
    )


def profile_from_json(text: str | None) -> Profile:
    """Return the profile that `profile_to_json` wrote.

    It is empty for None and "". Of an earlier version's text only the words that the user set are
    taken.
    """
    profile = Profile()
    data: dict[str, Any] = json.loads(text) if text else {}
    profile.manual_stems = data.get("edited", {})
    profile.manual_terms = dict(data.get("said", profile.manual_stems))
    if data.get("v") != _VERSION:
        return profile
    profile.folded, profile.last = data["folded"], data["last"]
    profile.proposals = data["proposed"]
    words = {stem: StoryWord(*values) for stem, values in data["words"].items()}
    profile.words = StoryWords(words, data["mass"])
    days = {
        int(day): {int(kind): Counts(*values) for kind, values in kinds.items()}
        for day, kinds in data["days"].items()
    }
    profile.counts = CandidateCounts(days, data["counted"])
    return profile


def _datetime_of(day: int) -> datetime:
    return datetime.fromordinal(max(1, day)).replace(tzinfo=UTC)
