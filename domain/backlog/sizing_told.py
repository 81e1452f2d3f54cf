"""The words of a sizing: each step of the computation as a French or an English sentence.

Source: procedures, section 4 step 2
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from domain.backlog.numbers import rounded, spoken, spoken_share
from domain.backlog.words import SizingStep

Number = Fraction | float


@dataclass(frozen=True)
class SizedStep:
    """One step: its value, and the numbers and shares that its sentence quotes."""

    name: SizingStep
    value: Number
    numbers: Mapping[str, Number]
    shares: Mapping[str, Number] = field(default_factory=dict)

    def tell(self, language: str) -> str:
        """The sentence; English when `language` is "en", otherwise French."""
        quoted = {name: spoken(value, language) for name, value in {**self.numbers, "value": self.value}.items()}
        quoted |= {name: spoken_share(value, language) for name, value in self.shares.items()}
        one = _ONE_ENGLISH if language == "en" else _ONE_FRENCH
        return one.sub(r"\1 \2", self._words(language).format(**quoted))

    def _words(self, language: str) -> str:
        english = language == "en"
        if self.name is SizingStep.ONE_FEWER and not self.shares:
            return _TOO_FEW_ENGLISH if english else _TOO_FEW_FRENCH
        return (_ENGLISH if english else _FRENCH)[self.name]

    def as_json(self, language: str) -> dict[str, Any]:
        """`{"name", "value", "text"}`; the value to four decimals."""
        return {"name": self.name.value, "value": float(rounded(self.value, 4)), "text": self.tell(language)}


_FRENCH: Mapping[SizingStep, str] = {
    SizingStep.WORK: "{volume} dossiers par jour × {minutes} minutes = {value} heures de travail.",
    SizingStep.TIME_PER_PERSON: "{hours} heures par jour × (1 − {absence} d’absence) = {value} heures par personne.",
    SizingStep.STAFF: "{work} heures ÷ {per_person} heures = {value} ETP (équivalent temps plein), arrondi à {people}.",
    SizingStep.TRAFFIC: "{calls} appels par heure × {seconds} secondes = {traffic} appels à la fois (erlangs).",
    SizingStep.AGENTS: "Répondre à {wanted} des appels en {target} secondes prend {agents} téléconseillers (Erlang C).",
    SizingStep.WAITING: "Part des appelants qui attendent\u00a0: {waiting}.",
    SizingStep.SERVICE: "Part qui obtient une réponse en {target} secondes\u00a0: {reached}.",
    SizingStep.ONE_FEWER: "Avec {agents} téléconseillers, ce ne serait que {reached} en {target} secondes.",
    SizingStep.OCCUPANCY: "Les téléconseillers sont en ligne {occupancy} de leur temps.",
    SizingStep.MEAN_WAIT: "Un appelant attend {wait} secondes en moyenne.",
}
_ENGLISH: Mapping[SizingStep, str] = {
    SizingStep.WORK: "{volume} files a day × {minutes} minutes = {value} hours of work.",
    SizingStep.TIME_PER_PERSON: "{hours} hours a day × (1 − {absence} of absence) = {value} hours per person.",
    SizingStep.STAFF: "{work} hours ÷ {per_person} hours = {value} full-time staff, rounded up to {people}.",
    SizingStep.TRAFFIC: "{calls} calls an hour × {seconds} seconds = {traffic} calls at once (erlangs).",
    SizingStep.AGENTS: "Answering {wanted} of calls within {target} seconds takes {agents} agents (Erlang C).",
    SizingStep.WAITING: "Share of callers who wait: {waiting}.",
    SizingStep.SERVICE: "Share who are answered within {target} seconds: {reached}.",
    SizingStep.ONE_FEWER: "With {agents} agents it would be {reached} within {target} seconds only.",
    SizingStep.OCCUPANCY: "Agents are on the phone {occupancy} of their time.",
    SizingStep.MEAN_WAIT: "A caller waits {wait} seconds on average.",
}
_TOO_FEW_FRENCH = "Avec {agents} téléconseillers, l’attente s’allongerait sans fin."
_TOO_FEW_ENGLISH = "With {agents} agents the queue would grow for ever."

_ONE_FRENCH = re.compile(r"(?<![\d,\u202f])([01](?:,\d+)?) (\w+?)s\b")
_ONE_ENGLISH = re.compile(r"(?<![\d.,])(1) (\w+?)s\b")
"""What is one, or in French less than two, is no plural."""
