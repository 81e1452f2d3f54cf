"""The rest of the demo's staff, beside those of `local.demo_staff`: about seventy in all. Every name is invented.

Nobody here takes dental files, nor English in the benefits pole: the tour of the README finds the same people in the
whole house as in the small one.
"""

from domain.roles import Role
from local.demo_staff import EXPERT, HANDLER, MANAGER, REFERENT, Someone

BENEFITS, MEMBERSHIPS, SUPPORT, RELATIONS = "benefits", "memberships", "support", "member_relations"
_BENEFITS = "Gestionnaire prestations"
_MEMBERSHIPS = "Gestionnaire adhésions"
_CONTRIBUTIONS = "Gestionnaire cotisations"
_SUPPORT = "Gestionnaire support"
_RELATIONS = "Gestionnaire relation adhérents"

COLLEAGUES = (
    Someone("Mme Armelle Guéguen", _BENEFITS, HANDLER, BENEFITS, ("hearing",), "goulven.le.roux"),
    Someone("M. Goulven Le Roux", _BENEFITS, HANDLER, BENEFITS, (), "armelle.gueguen"),
    Someone("Mme Maëlle Kervella", _BENEFITS, HANDLER, BENEFITS, (), "ronan.bihannic"),
    Someone("M. Ronan Bihannic", _BENEFITS, HANDLER, BENEFITS, ("spanish",), "maelle.kervella"),
    Someone("Mme Youna Cariou", _BENEFITS, HANDLER, BENEFITS, (), "denez.pellen"),
    Someone("M. Denez Pellen", _BENEFITS, HANDLER, BENEFITS, (), "youna.cariou"),
    Someone("Mme Bleuenn Hascoët", _BENEFITS, HANDLER, BENEFITS, ("hearing",), "ivan.petton"),
    Someone("M. Ivan Petton", _BENEFITS, HANDLER, BENEFITS, (), "bleuenn.hascoet"),
    Someone("Mme Fanny Cloarec", _BENEFITS, HANDLER, BENEFITS, ("arabic",), "armelle.gueguen"),
    Someone("M. Brendan Laurent", _BENEFITS, HANDLER, BENEFITS, (), "youna.cariou"),
    Someone("Mme Lenaïg Troadec", "Gestionnaire experte optique", EXPERT, BENEFITS, ("optical",), "padrig.le.gall"),
    Someone("M. Padrig Le Gall", "Gestionnaire expert hospitalisation", EXPERT, BENEFITS, ("hospital",), "tangi.riou"),
    Someone("Mme Sterenn Omnès", "Gestionnaire experte", EXPERT, SUPPORT, ("dental", "hospital"), "lenaig.troadec"),
    Someone("M. Briac Menguy", "Référent technique hospitalisation", REFERENT, BENEFITS, (), "gwenola.prigent"),
    Someone("Mme Aziliz Tréguier", _MEMBERSHIPS, HANDLER, MEMBERSHIPS, (), "gurvan.le.bras"),
    Someone("M. Gurvan Le Bras", _MEMBERSHIPS, HANDLER, MEMBERSHIPS, ("english",), "aziliz.treguier"),
    Someone("Mme Rivanon Jézéquel", _MEMBERSHIPS, HANDLER, MEMBERSHIPS, (), "tugdual.helias"),
    Someone("M. Tugdual Hélias", _MEMBERSHIPS, HANDLER, MEMBERSHIPS, (), "rivanon.jezequel"),
    Someone("Mme Morgane Labous", _CONTRIBUTIONS, HANDLER, MEMBERSHIPS, (), "alan.queffelec"),
    Someone("M. Alan Quéffelec", _CONTRIBUTIONS, HANDLER, MEMBERSHIPS, (), "morgane.labous"),
    Someone("Mme Katrin Nédélec", _CONTRIBUTIONS, HANDLER, MEMBERSHIPS, ("german",), "erwan.tanguy"),
    Someone("M. Mael Bourhis", _CONTRIBUTIONS, HANDLER, MEMBERSHIPS, (), "katrin.nedelec"),
    Someone("Mme Enora Pichon", _MEMBERSHIPS, HANDLER, MEMBERSHIPS, (), "nolwenn.salaun"),
    Someone("M. Fañch Derrien", "Référent technique cotisations", REFERENT, MEMBERSHIPS, (), "alan.cadiou"),
    Someone("Mme Tiphaine Marzin", _SUPPORT, HANDLER, SUPPORT, (), "corentin.ropars"),
    Someone("M. Corentin Ropars", _SUPPORT, HANDLER, SUPPORT, (), "tiphaine.marzin"),
    Someone("Mme Haude Salou", _SUPPORT, HANDLER, SUPPORT, ("english",), "rozenn.abgrall"),
    Someone("M. Nicolas Diverrès", "Gestionnaire éditique", HANDLER, SUPPORT, (), "haude.salou"),
    Someone("Mme Gaëlle Cosquer", "Référente technique support", REFERENT, SUPPORT, (), "gwenola.prigent"),
    Someone("Mme Sklaerenn Floch", _RELATIONS, HANDLER, RELATIONS, ("english",), "thierry.balcon"),
    Someone("M. Thierry Balcon", _RELATIONS, HANDLER, RELATIONS, (), "sklaerenn.floch"),
    Someone("Mme Naïg Cadoret", _RELATIONS, HANDLER, RELATIONS, (), "kilian.le.meur"),
    Someone("M. Kilian Le Meur", _RELATIONS, HANDLER, RELATIONS, ("german",), "naig.cadoret"),
    Someone("Mme Solenn Huon", _RELATIONS, HANDLER, RELATIONS, ("spanish",), "jaouen.mevel"),
    Someone("M. Jaouen Mével", _RELATIONS, HANDLER, RELATIONS, (), "solenn.huon"),
    Someone("Mme Yuna Prat", _RELATIONS, HANDLER, RELATIONS, (), "malo.quere"),
    Someone("M. Elouan Riou", _RELATIONS, HANDLER, RELATIONS, ("arabic",), "yuna.prat"),
    Someone("Mme Mona Le Scao", "Référente technique relation adhérents", REFERENT, RELATIONS, (), "gaelle.cosquer"),
    Someone("Mme Divina Calvez", "Juriste", (Role.LEGAL,), None, (), "odile.bescond"),
    Someone("M. Tristan Guillerm", "Pilote de processus", (Role.PROCESS_PILOT,), None, (), "viviane.le.corre"),
    Someone("Mme Viviane Le Corre", "Responsable qualité", (Role.PROCESS_PILOT,), None, (), "tristan.guillerm"),
    Someone("Mme Sylvie Prigent", "Comptable", (Role.ACCOUNTING,), None, (), "solene.guivarch"),
    Someone("M. Hoel Abiven", "Contrôle interne", (Role.INTERNAL_CONTROL,), None, (), "katell.rolland"),
    Someone("Mme Rozenn Kerdoncuff", "Auditrice", (Role.AUDITOR,), None, (), "gildas.madec"),
    Someone("M. Yves Tromeur", "Administrateur suppléant", (Role.ADMINISTRATOR,), None, (), "alexis.cozic"),
    Someone("Mme Annaïg Le Berre", "Adjointe au pôle prestations", MANAGER, BENEFITS, (), "anne.le.goff"),
)
