"""The staff of the demo insurer: somebody in every role, in four poles, each with a deputy; its delegates and their
people. Every name is invented.
"""

from dataclasses import dataclass
from unicodedata import normalize
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.roles import Role

_HOUSE = uuid5(NAMESPACE_URL, "https://www.mutuelle-des-embruns.example")


def person_id(login: str) -> UUID:
    """The same person has the same id on every machine."""
    return uuid5(_HOUSE, login)


@dataclass(frozen=True)
class Someone:
    """A member of the demo's staff; `deputy` is the login of whoever stands in for them,
    `delegate` the code of the delegate whose person they are."""

    name: str
    title: str
    roles: tuple[Role, ...]
    pole: str | None = None
    skills: tuple[str, ...] = ()
    deputy: str | None = None
    delegate: str | None = None

    @property
    def login(self) -> str:
        """First name, dot, last name, without accents."""
        plain = normalize("NFD", self.name.partition(" ")[2].lower()).encode("ascii", "ignore").decode()
        return plain.replace(" ", ".")


@dataclass(frozen=True)
class Delegate:
    """A delegate of the demo insurer, and the collective contracts that it manages."""

    code: str
    name: str
    broker: bool
    contracts: tuple[str, ...]

    @property
    def domain(self) -> str:
        """Where its people have their mail."""
        return f"{self.code.lower()}.example"


DELEGATES = (
    Delegate("ARMOR", "Armor Gestion", broker=True, contracts=("COL-2019-014", "COL-2021-003")),
    Delegate("LEON", "Léon Délégation", broker=False, contracts=("COL-2020-007",)),
)
"""Armor Gestion is its contracts' broker as well: a conflict that each of its audits notes."""

HANDLER, EXPERT = (Role.HANDLER,), (Role.HANDLER, Role.EXPERT_HANDLER)
USER, DIRECTOR = (Role.DELEGATE_USER,), (Role.DELEGATE_DIRECTOR,)
REFERENT, MANAGER = (Role.TECHNICAL_REFERENT,), (Role.POLE_MANAGER,)

STAFF = (
    Someone("Mme Claire Morvan", "Gestionnaire prestations", HANDLER, "benefits", ("english",), "yann.kerloch"),
    Someone("M. Yann Kerloch", "Gestionnaire prestations", HANDLER, "benefits", ("german",), "claire.morvan"),
    Someone(
        "Mme Soizic Le Dantec",
        "Gestionnaire experte",
        EXPERT,
        "benefits",
        ("optical", "dental", "hospital"),
        "tangi.riou",
    ),
    Someone("M. Tangi Riou", "Gestionnaire expert", EXPERT, "benefits", ("optical", "hospital"), "soizic.le.dantec"),
    Someone("Mme Nolwenn Salaün", "Gestionnaire adhésions", HANDLER, "memberships", ("spanish",), "erwan.tanguy"),
    Someone("M. Erwan Tanguy", "Gestionnaire cotisations", HANDLER, "memberships", (), "nolwenn.salaun"),
    Someone("Mme Rozenn Abgrall", "Gestionnaire support", HANDLER, "support", ("arabic",), "malo.quere"),
    Someone("M. Malo Quéré", "Gestionnaire relation adhérents", HANDLER, "member_relations", (), "rozenn.abgrall"),
    Someone("Mme Gwenola Prigent", "Référente technique prestations", REFERENT, "benefits", (), "alan.cadiou"),
    Someone("M. Alan Cadiou", "Référent technique adhésions", REFERENT, "memberships", (), "gwenola.prigent"),
    Someone("Mme Anne Le Goff", "Responsable du pôle prestations", MANAGER, "benefits", (), "gwenola.prigent"),
    Someone("M. Pierre Jaouen", "Responsable du pôle adhésions", MANAGER, "memberships", (), "alan.cadiou"),
    Someone("Mme Maud Corre", "Responsable du pôle support", MANAGER, "support", (), "herve.stephan"),
    Someone("M. Hervé Stéphan", "Responsable du pôle relation adhérent", MANAGER, "member_relations", (), "maud.corre"),
    Someone("Mme Odile Bescond", "Directrice juridique", (Role.LEGAL,), None, (), "loic.hamon"),
    Someone("M. Loïc Hamon", "Juriste", (Role.LEGAL,), None, (), "odile.bescond"),
    Someone(
        "Mme Isabelle Kermarrec",
        "Directrice des opérations clients",
        (Role.OPERATIONS_DIRECTOR, Role.TRACFIN_CORRESPONDENT, Role.PROCESS_PILOT),
        None,
        (),
        "anne.le.goff",
    ),
    Someone("M. François Le Bihan", "Directeur général", (Role.GENERAL_DIRECTOR,), None, (), "isabelle.kermarrec"),
    Someone("Mme Solène Guivarch", "Comptable", (Role.ACCOUNTING,), None, (), "ronan.postec"),
    Someone("M. Ronan Postec", "Responsable comptable", (Role.ACCOUNTING,), None, (), "solene.guivarch"),
    Someone("Mme Katell Rolland", "Contrôle interne", (Role.INTERNAL_CONTROL,)),
    Someone("M. Gildas Madec", "Auditeur", (Role.AUDITOR,), None, (), "maiwenn.le.saux"),
    Someone("Mme Maïwenn Le Saux", "Auditrice", (Role.AUDITOR,), None, (), "gildas.madec"),
    Someone("Mme Enora Lagadec", "Responsable conformité", USER, deputy="bastien.cloarec", delegate="ARMOR"),
    Someone("M. Bastien Cloarec", "Gestionnaire des audits", USER, deputy="enora.lagadec", delegate="ARMOR"),
    Someone("Mme Sabine Trévidic", "Directrice d’Armor Gestion", DIRECTOR, delegate="ARMOR"),
    Someone("M. Corentin Falhun", "Responsable qualité", USER, deputy="aziliz.bodenes", delegate="LEON"),
    Someone("Mme Aziliz Bodénès", "Gestionnaire des audits", USER, deputy="corentin.falhun", delegate="LEON"),
    Someone("M. Jakez Roudaut", "Directeur de Léon Délégation", DIRECTOR, delegate="LEON"),
    Someone("M. Alexis Cozic", "Administrateur", (Role.ADMINISTRATOR,)),
)
