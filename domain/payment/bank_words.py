"""What the bank answers with, and what it means for a line: the statuses and reasons of ISO 20022, as we read them.

Source: procedures, section 2 step 5 (what the bank's words mean: docs/decisions/0027)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Verdict(StrEnum):
    """What a bank's status means for a credit transfer: nothing final, paid, or rejected."""

    PENDING = "pending"
    PAID = "paid"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The French words shown on pages."""
        return _VERDICT_LABELS[self]


_VERDICT_LABELS = {Verdict.PENDING: "en cours", Verdict.PAID: "payé", Verdict.REJECTED: "rejeté"}

PER_TRANSACTION = "PART"
"""The bank's word for a file of which it accepted some lines only: each line has a status of its own."""

VERDICTS: Mapping[str, Verdict] = MappingProxyType(
    {
        "RCVD": Verdict.PENDING,
        "PDNG": Verdict.PENDING,
        "PATC": Verdict.PENDING,
        "ACTC": Verdict.PENDING,
        "ACCP": Verdict.PENDING,
        "ACFC": Verdict.PENDING,
        "ACWC": Verdict.PENDING,
        "ACWP": Verdict.PENDING,
        "ACSP": Verdict.PENDING,
        "ACSC": Verdict.PAID,
        "ACCC": Verdict.PAID,
        "RJCT": Verdict.REJECTED,
        "CANC": Verdict.REJECTED,
    }
)
"""The statuses that we know. Only money that has moved is paid: an accepted order can still be rejected."""


SENT_TWICE = frozenset({"DUPL", "AM05"})
"""The bank says that it has the very same already: the first one may be paid. Nothing is paid anew on such a word."""


def sent_twice(reasons: Iterable[str]) -> bool:
    """Whether one of the bank's reasons says that it has the very same already; the others do not count then.

    Source: policy (money is not sent a second time on a guess)
    """
    return not SENT_TWICE.isdisjoint(reasons)


@dataclass(frozen=True)
class Reason:
    """Why a bank rejected a line, in both languages, and what helps."""

    fr: str
    en: str


REASONS: Mapping[str, Reason] = MappingProxyType(
    {
        "AC01": Reason("numéro de compte incorrect", "incorrect account number"),
        "AC03": Reason("numéro de compte du bénéficiaire invalide", "invalid creditor account number"),
        "AC04": Reason("compte clos", "closed account"),
        "AC06": Reason("compte bloqué", "blocked account"),
        "AC13": Reason("type de compte non admis", "account type not admitted"),
        "AG01": Reason("opération interdite sur ce compte", "transaction forbidden on this account"),
        "AG02": Reason("code d’opération invalide", "invalid bank operation code"),
        "AM01": Reason("montant nul", "zero amount"),
        "AM02": Reason("montant non admis", "amount not allowed"),
        "AM04": Reason("provision insuffisante sur notre compte", "insufficient funds on our account"),
        "AM05": Reason("opération en double", "duplicate transaction"),
        "AM10": Reason("somme de contrôle incorrecte", "invalid control sum"),
        "AM18": Reason("nombre d’opérations incorrect", "invalid number of transactions"),
        "BE01": Reason("le nom ne correspond pas au titulaire du compte", "name does not match the account holder"),
        "BE04": Reason("adresse du bénéficiaire manquante", "missing creditor address"),
        "BE05": Reason("émetteur inconnu de la banque", "initiating party unknown to the bank"),
        "CNOR": Reason("banque du bénéficiaire non joignable", "creditor bank is not reachable"),
        "CUST": Reason("annulé à la demande du client", "cancelled at the customer’s request"),
        "DT01": Reason("date invalide", "invalid date"),
        "DUPL": Reason("fichier ou opération en double", "duplicate file or payment"),
        "ED05": Reason("échec du règlement", "settlement failed"),
        "FF01": Reason("format de fichier invalide", "invalid file format"),
        "FOCR": Reason("retour à la suite d’un rappel", "returned after a recall"),
        "FR01": Reason("fraude présumée", "fraud suspected"),
        "MD07": Reason("titulaire décédé", "account holder deceased"),
        "MS02": Reason("motif non précisé par le client", "reason not specified by the customer"),
        "MS03": Reason("motif non précisé par la banque", "reason not specified by the bank"),
        "NARR": Reason("motif en toutes lettres", "reason given in words"),
        "NOAS": Reason("pas de réponse du client", "no answer from the customer"),
        "RC01": Reason("code BIC incorrect", "incorrect bank identifier"),
        "RR01": Reason("compte du donneur d’ordre manquant", "missing debtor account"),
        "RR02": Reason("nom ou adresse du donneur d’ordre manquant", "missing debtor name or address"),
        "RR03": Reason("nom ou adresse du bénéficiaire manquant", "missing creditor name or address"),
        "RR04": Reason("motif réglementaire", "regulatory reason"),
        "TM01": Reason("reçu après l’heure limite", "received after the cut-off time"),
    }
)
"""The common reasons of the ISO 20022 external code list."""


def reason_in_words(code: str | None, language: str = "fr") -> str | None:
    """What a code says to people: in words where we know it, else the code itself. None without a code."""
    if code is None or code not in REASONS:
        return code
    return f"{getattr(REASONS[code], language)} ({code})"
