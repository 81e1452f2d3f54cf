"""The words of a sizing: each step of the computation as a French or an English sentence.

Source: procedures, section 4 step 2
"""

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
        return self._words(language).format(**quoted)

    def _words(self, language: str) -> str:
        english = language == "en"
        if self.name is SizingStep.ONE_FEWER and not self.shares:
            return _TOO_FEW_ENGLISH if english else _TOO_FEW_FRENCH
        return (_ENGLISH if english else _FRENCH)[self.name]

    def as_json(self, language: str) -> dict[str, Any]:
        """`{"name", "value", "text"}`; the value to four decimals."""
        return {"name": self.name.value, "value": float(rounded(self.value, 4)), "text": self.tell(language)}


_FRENCH: Mapping[SizingStep, str] = {
    SizingStep.WORK: "{volume} dossiers de {minutes} minutes font {value} heures de travail par jour.",
    SizingStep.TIME_PER_PERSON: "{hours} heures par jour, moins {absence} d’absence, laissent {value} heures par tête.",
    SizingStep.STAFF: "{work} heures ÷ {per_person} heures = {value} équivalents temps plein, soit {people} personnes.",
    SizingStep.TRAFFIC: "{calls} appels par heure de {seconds} secondes font {traffic} appels à la fois (erlangs).",
    SizingStep.AGENTS: "Répondre à {wanted} des appels en {target} secondes prend {agents} téléconseillers (Erlang C).",
    SizingStep.WAITING: "{waiting} des appelants attendent.",
    SizingStep.SERVICE: "{reached} obtiennent une réponse en {target} secondes.",
    SizingStep.ONE_FEWER: "Avec {agents} téléconseillers, ce ne serait que {reached} en {target} secondes.",
    SizingStep.OCCUPANCY: "Les téléconseillers sont en ligne {occupancy} de leur temps.",
    SizingStep.MEAN_WAIT: "Un appelant attend {wait} secondes en moyenne.",
}
_ENGLISH: Mapping[SizingStep, str] = {
    SizingStep.WORK: "{volume} files of {minutes} minutes are {value} hours of work a day.",
    SizingStep.TIME_PER_PERSON: "{hours} hours a day, less {absence} of absence, leave {value} hours per person.",
    SizingStep.STAFF: "{work} hours ÷ {per_person} hours = {value} full-time staff: {people} people.",
    SizingStep.TRAFFIC: "{calls} calls an hour of {seconds} seconds are {traffic} calls at once (erlangs).",
    SizingStep.AGENTS: "To answer {wanted} of calls within {target} seconds takes {agents} agents (Erlang C).",
    SizingStep.WAITING: "{waiting} of callers wait.",
    SizingStep.SERVICE: "{reached} are answered within {target} seconds.",
    SizingStep.ONE_FEWER: "With {agents} agents it would be {reached} within {target} seconds only.",
    SizingStep.OCCUPANCY: "Agents are on the phone {occupancy} of their time.",
    SizingStep.MEAN_WAIT: "A caller waits {wait} seconds on average.",
}
_TOO_FEW_FRENCH = "Avec {agents} téléconseillers, l’attente s’allongerait sans fin."
_TOO_FEW_ENGLISH = "With {agents} agents the queue would grow for ever."
