"""Does an item belong to a story, how surely, and why.

One evaluator for preview, poll, backfill and search. A score is the chance that logistic regression
gives: what the item shows of the query (names, affair, nearness) and what the story has learned
(words, patterns of names, times) each add log-odds. The worth of a reason is the difference it
makes to that chance, in the order given, so that worths add up to the score.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tracker.model import Reason, Status, Verdict
from tracker.stories.matching.observer import Observer
from tracker.stories.query.model import NAME
from tracker.stories.scoring.estimates import USUAL_IN_DAYS, Priors, Shaped, Standing
from tracker.stories.scoring.explanation import Added, reasons
from tracker.stories.scoring.features import HELD, Weigher
from tracker.stories.scoring.statistics import chance_of, log_odds, shrunk, strongest
from tracker.stories.scoring.weights import WEIGHTS

if TYPE_CHECKING:
    from tracker.stories.matching.evidence import Evidence
    from tracker.stories.query.model import QueryInterpretation
    from tracker.stories.scoring.features import Sighting
    from tracker.stories.scoring.profile import Profile
    from tracker.stories.scoring.weights import Weights
    from tracker.stories.text.documents import AnalyzedText


_MORE = 2
"""Parts of an affair beyond the first that make it less needful to tell each; more do no more."""


class Judge:
    """Judges items for one query; knows nothing of other stories and keeps nothing.

    `subjects` are the numbers of the parts that make the story, `named` is whether one is a name,
    `priors` what a profile says of the query as a whole.
    `at_home` judges what is read without the query's country, None where nothing is: sightings that
    are `at_home` are handed to it.
    """

    def __init__(self, interpretation: QueryInterpretation, weights: Weights = WEIGHTS) -> None:
        self.parts = interpretation.segments
        self.weights = weights
        self.observer = Observer(interpretation)
        self._weigher = Weigher(interpretation.segments, weights)
        self._apart = self._weigher.apart
        self._affair = self._weigher.affair
        self.subjects = self._weigher.subjects
        self.at_home = Judge(interpretation.domestic, weights) if interpretation.domestic else None
        self._unsaid = [
            p.text for p in self.parts if p.entity and p.entity == interpretation.country
        ]
        self._open = bool(self._affair) and all(self.parts[n].optional for n, _ in self._affair)
        self.named = any(part.kind == NAME for part in self.parts)
        self.priors = Priors(self._weigher)
        self._makes_up = len(self.subjects) > 1 and not self._open
        self._told_in_days = self.named and self._makes_up and not self._affair
        self._somewhere = len(self.subjects) == 1 and self.parts[self.subjects[0]].is_place

    def sight(self, text: AnalyzedText, day: int) -> Sighting:
        """Look at an item; `day` is the ordinal of its date."""
        return self.weigh(self.observer.observe(text), day)

    def weigh(self, evidence: Evidence, day: int) -> Sighting:
        """Sum up evidence in the figures that every judgement needs."""
        return self._weigher.weigh(evidence, day)

    # --- judging ---------------------------------------------------------------------------------

    def standing(self, profile: Profile, items: int = 1) -> Standing:
        """Give a profile as it stands, for judging so many items before it counts any of them."""
        home = self.at_home
        return Standing(
            profile,
            self.weights,
            self.priors.name_shares(profile),
            self.priors.affair_shares(profile),
            items,
            unheard=self.priors.unheard(profile),
            meeting=self.priors.meeting(profile),
            at_home=home.standing(profile.at_home(), items) if home else None,
        )

    def names(self, sighting: Sighting, standing: Standing) -> float:
        """Give how much of the query's names an item holds, in 0..1.

        Where the query has none, its other words together have to make the story.
        """
        if sighting.at_home and self.at_home and standing.at_home:
            return self.at_home.names(sighting, standing.at_home)
        return self._shaped(sighting, standing).names

    def _shaped(self, sighting: Sighting, standing: Standing) -> Shaped:
        """Give what adds to an item for what it shows of the query, found once for each shape."""
        shape = sighting.shape
        key = (shape, sighting.day) if self._told_in_days else shape
        found = standing.shapes.get(key)
        if found is None:
            held, names = self._held(sighting, standing)
            power = names**self.weights.affair_power
            open_to_habit = 1.0 - self.weights.habit * min(1.0, sighting.firm)
            told = max(
                self._weigher.telling(sighting.levels, standing.affair_shares), sighting.by_most
            )
            typed = self._typed(sighting, names, power, max(told, standing.unheard))
            pattern, usual = self._pattern(sighting, standing)
            habits = {
                "how many reports name it": self._rare(sighting, standing, names) * open_to_habit,
                "what brings the names together": standing.meeting,
                "such reports as a rule": pattern * open_to_habit,
            }
            total = sum(typed.values()) + sum(habits.values())
            parts = [
                s * sighting.levels[n]
                for s, (n, _) in zip(standing.affair_shares, self._affair, strict=True)
            ]
            found = Shaped(held, parts, names, power, typed, habits, usual, open_to_habit, total)
            standing.shapes[key] = found
        return found

    def _held(self, sighting: Sighting, standing: Standing) -> tuple[list[float], float]:
        """Give what an item holds of each name, by their shares or alike: whichever is more.

        The rarest name alone may tell the story, and so may all but the rarest. With their sum, to
        which a name that is not there adds as it is to be expected beside those that are.
        """
        levels = [sighting.levels[number] for number in self.subjects]
        by_rarity = [share * level for share, level in zip(standing.shares, levels, strict=True)]
        held = max(by_rarity, [level / len(levels) for level in levels], key=sum)
        total = sum(held)
        for place, level in enumerate(levels if total else ()):
            if not level:
                expected = standing.profile.along(sighting.held, HELD << 2 * place)
                total += self.weights.along * expected * standing.shares[place]
        total = self._of_many(sighting, standing, max(total, sighting.by_most))
        if sighting.elsewhere and total < 1.0:
            return held, total * self.weights.elsewhere
        return held, total + self._made_up_for(sighting, standing, total)

    def _of_many(self, sighting: Sighting, standing: Standing, total: float) -> float:
        """Give the share of the names as it counts: of many names a few are enough.

        Where they are all that tells the affair, they are as far as hardly any report holds them:
        Altman is told of with OpenAI every day.
        """
        if self._weigher.times_enough == 1.0:
            return total
        enough = min(1.0, total * self._weigher.times_enough)
        few = 1.0 if self._affair else standing.few(sighting.held)
        return total + (enough - total) * few

    def _made_up_for(self, sighting: Sighting, standing: Standing, total: float) -> float:
        """Give how much a report that tells the affair makes up for the names that it leaves out.

        It does where hardly any report holds the others: of "Panama ports BlackRock", a court on
        the ports of Panama. What Apple sues for without Epic is another affair. Where no affair is
        typed, it is told in days of which most reports are on the story. A shortage of chips makes
        up for the car of "car chip shortage": matters are left out more often than names.
        """
        if not self._makes_up or not 0.0 < total < 1.0:
            return 0.0
        told = max(0.0, 2.0 * sighting.affair - 1.0)  # half of it says nothing
        if not self.named:
            return self.weights.made_up_subject * told * (1.0 - total)
        if not self._affair:
            on, off = standing.around(sighting.day)
            told = on / (on + off + 1.0)
        few = standing.few(sighting.held)
        return self.weights.made_up * told * few * (1.0 - total)

    def score(
        self, sighting: Sighting, profile: Profile, standing: Standing | None = None
    ) -> float:
        """Give the chance that an item belongs to the story; `standing` is the profile's."""
        if sighting.barred:
            return 0.0
        standing = standing or self.standing(profile)
        if sighting.at_home and self.at_home:
            return self.at_home.score(sighting, profile.at_home(), standing.at_home)
        added = self._added(sighting, standing)
        return added.chance(self.weights.start)

    def _added(self, sighting: Sighting, standing: Standing) -> Added:
        shaped = self._shaped(sighting, standing)
        return Added(
            shaped,
            self._learned_words(sighting, standing, shaped.power),
            self._of_its_days(sighting, standing, shaped),
            self._meaning(sighting.evidence.likeness),
        )

    def _meaning(self, likeness: float | None) -> float:
        """Give what it adds that the title means the same in other words; never below 0."""
        weights = self.weights
        return weights.likeness * max(0.0, (likeness or 0.0) - weights.likeness_from)

    def _typed(
        self, sighting: Sighting, names: float, power: float, told: float
    ) -> dict[str, float]:
        """Give what the query's own parts add, where the affair is told so well."""
        weights = self.weights
        affair = weights.affair * told * power
        if len(self._affair) > 1:  # to tell nothing of two parts says more than of one, some less
            affair = weights.several_start * names + weights.several_slope * affair
            affair += weights.several_more * names * min(_MORE, len(self._affair) - 1)
        return {
            "names": weights.names * names**weights.names_power,
            "affair": affair,
            "near": weights.near * sighting.evidence.near,
            "title": weights.title * sighting.in_title,
            "every name": weights.every_name * sighting.every_name,
        }

    def _learned_words(
        self, sighting: Sighting, standing: Standing, power: float
    ) -> list[tuple[str, float]]:
        """Give the learned words of the item with what each adds, the sum within its bounds."""
        weights, profile = self.weights, standing.profile
        terms = sighting.evidence.terms
        edited = [
            (stem, profile.edited[stem] * weights.edited * share)
            for stem, share in (terms.items() if profile.edited else ())
            if stem in profile.edited
        ]
        if profile.on < weights.fewest:
            return edited
        found = standing.words(terms)
        if len(found) > weights.learned_words:
            found = strongest(found, weights.learned_words)
        total = sum([worth for _, worth in found])
        most = weights.learned_most if total > 0 else weights.learned_least
        factor = min(1.0, most / abs(total)) if total else 1.0
        if total > 0:
            factor *= power
        if factor != 1.0:
            found = [(stem, worth * factor) for stem, worth in found]
        return edited + found

    def _rare(self, sighting: Sighting, standing: Standing, names: float) -> float:
        """Give what it adds how many reports name it so.

        That few tell of a place says nothing for any of them: where something happens, much does.
        """
        weights = self.weights
        rare = math.log(weights.usual_a_year / standing.yearly(sighting.held))
        rare = weights.rare * _within(rare, weights.rare_most)
        if rare > 0:
            return 0.0 if self._somewhere else rare * names
        if self._open and len(self.subjects) == 1:  # nothing shows it: Strait of Hormuz crisis
            return 0.0
        return rare

    def _pattern(self, sighting: Sighting, standing: Standing) -> tuple[float, float]:
        """Give what it adds which of such reports belonged, and the share of them that did."""
        weights, profile = self.weights, standing.profile
        base = shrunk(*standing.as_full(sighting.pattern), weights.prior, weights.strength)
        on, off = profile.patterns.get(sighting.pattern, (0.0, 0.0))
        usual = shrunk(on, off, base, weights.strength)
        pattern = weights.pattern * (log_odds(usual) - log_odds(base))
        on_story = weights.base * (log_odds(base) - log_odds(weights.prior))
        pattern += on_story * profile.known(USUAL_IN_DAYS) if on_story > 0.0 else on_story
        return _within(pattern, weights.pattern_most), usual

    def _of_its_days(
        self, sighting: Sighting, standing: Standing, shaped: Shaped
    ) -> tuple[float, float]:
        """Give what it adds which reports of its days belonged, and how many there were."""
        weights = self.weights
        on, off = standing.around(sighting.day)
        now = shrunk(on, off, shaped.usual, weights.strength)
        time = weights.time * (log_odds(now) - log_odds(shaped.usual))
        if time > 0:
            time *= shaped.power * standing.profile.known(USUAL_IN_DAYS)
        time = _within(time, weights.time_most) * shaped.open_to_habit
        return time, standing.surge(sighting.day) * weights.surge * shaped.power

    def verdict(
        self, sighting: Sighting, profile: Profile, standing: Standing | None = None
    ) -> Verdict:
        """Judge an item and say why; `standing` is the profile's."""
        if barred := sighting.barred:
            return Verdict(0.0, None, (Reason(barred, "negated", barred, "", 0.0),))
        standing = standing or self.standing(profile)
        if sighting.at_home and self.at_home:
            found = self.at_home.verdict(sighting, profile.at_home(), standing.at_home)
            unsaid = [Reason(country, "home", "", "", 0.0) for country in self._unsaid]
            return replace(found, reasons=(*found.reasons, *unsaid))
        added = self._added(sighting, standing)
        score = added.chance(self.weights.start)
        status = None
        if score >= self.weights.linked:
            status = Status.LINKED
        elif score >= self.weights.maybe:
            status = Status.MAYBE
        return Verdict(score, status, tuple(reasons(self._weigher, sighting, added)))

    def beside(self, score: float, likeness: float) -> float:
        """Give the chance (0..1) of a report with this score that is so like a sure one.

        `likeness` is in 0..1, `score` strictly between.
        """
        weights = self.weights
        told = min(weights.neighbour_most, weights.neighbour * likeness)
        return chance_of(log_odds(score) + told)

    def share(self, sighting: Sighting, names: float, score: float) -> float:
        """Give how a profile is to count an item: 1 if the query alone shows it, else its score."""
        if sighting.at_home and self.at_home:
            return self.at_home.share(sighting, names, score)
        least = self.weights.explicit if self._affair else self.weights.together
        if sighting.firm * names >= least:
            return 1.0
        return max(0.0, min(0.99, score))

    def counts(self, share: float, names: float) -> tuple[float, float]:
        """Give how much of an item counts as on the story, and how much as off it.

        A score counts only in part for it, so that learning does not feed on itself; items with
        few of the names say little either way.
        """
        weight = names**self.weights.count_power
        if share >= 1.0:
            return weight, 0.0
        weights = self.weights
        return (
            weight * weights.taken_on_trust * share,
            weight * (1.0 - share) ** weights.off_power,
        )


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))
