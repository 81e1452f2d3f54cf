"""The catalogue: the pieces that a delegate can be asked for, in three domains, each with what it is checked for.

An audit keeps its own copy of what it asks for. Source: Memo (38 pieces in three domains)
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from domain.audit.report import BothLanguages
from domain.audit.words import AuditDomain
from domain.policy.parts import Model, Slug, Text, check_unique
from domain.refusals import Invalid


class InTwoLanguages(Model):
    """Words in the two languages of the pages."""

    fr: Text
    en: Text

    def read(self) -> BothLanguages:
        """The same, as the rules pass it on."""
        return BothLanguages(self.fr, self.en)


class CataloguePiece(Model):
    """One piece. `lists_people`: it is a list of people, and concerns the audited contract only. Source: Memo"""

    id: Slug
    label: InTwoLanguages
    checked_for: InTwoLanguages
    lists_people: bool = False


@dataclass(frozen=True)
class AskedPiece:
    """A piece that an audit asks for: its own copy, with its number in the list, from 1."""

    id: str
    number: int
    domain: AuditDomain
    label: BothLanguages
    checked_for: BothLanguages
    lists_people: bool


class Catalogue(Model):
    """All the pieces, in one version."""

    version: Text
    pieces: Mapping[AuditDomain, Annotated[tuple[CataloguePiece, ...], Field(min_length=1)]]

    @field_validator("pieces")
    @classmethod
    def every_domain_has_its_pieces(
        cls, pieces: Mapping[AuditDomain, tuple[CataloguePiece, ...]]
    ) -> Mapping[AuditDomain, tuple[CataloguePiece, ...]]:
        """An audit of a domain without pieces would look at nothing."""
        if missing := [domain for domain in AuditDomain if domain not in pieces]:
            raise ValueError(f"every domain has its pieces: add {', '.join(missing)}")
        return pieces

    @model_validator(mode="after")
    def pieces_are_told_apart(self) -> Self:
        """A delivery names its piece."""
        check_unique((piece.id for _, piece in self._listed()), "piece")
        return self

    def asked(self, themes: Iterable[AuditDomain], wanted: Sequence[str] | None = None) -> tuple[AskedPiece, ...]:
        """The pieces that an audit of these domains asks for: all of them, or those wanted, in the catalogue's order.

        Raises Invalid for a piece that the catalogue has not, that is of another domain, or that is named twice.
        Source: procedures, section 3 step 1
        """
        domains = frozenset(themes)
        listed = [(domain, piece) for domain, piece in self._listed() if domain in domains]
        if wanted is not None:
            _check_wanted(wanted, [piece.id for _, piece in listed])
            listed = [(domain, piece) for domain, piece in listed if piece.id in wanted]
        return tuple(_asked(number, domain, piece) for number, (domain, piece) in enumerate(listed, start=1))

    def _listed(self) -> list[tuple[AuditDomain, CataloguePiece]]:
        return [(domain, piece) for domain in AuditDomain for piece in self.pieces[domain]]


def _asked(number: int, domain: AuditDomain, piece: CataloguePiece) -> AskedPiece:
    words = piece.label.read(), piece.checked_for.read()
    return AskedPiece(piece.id, number, domain, *words, piece.lists_people)


def _check_wanted(wanted: Sequence[str], known: Sequence[str]) -> None:
    """Raises Invalid."""
    if not wanted:
        raise Invalid("An audit asks for one piece at least.", "Name some, or none for all of them.", field="pieces")
    if twice := sorted({piece for piece in wanted if wanted.count(piece) > 1}):
        raise Invalid(
            f"The same piece is asked for twice: {', '.join(twice)}.", "Name each piece once.", field="pieces"
        )
    if unknown := sorted(set(wanted) - set(known)):
        raise Invalid(
            f"The catalogue has no such piece in the audit's domains: {', '.join(unknown)}.",
            "Take pieces of the catalogue, of the domains that are audited.",
            field="pieces",
        )
