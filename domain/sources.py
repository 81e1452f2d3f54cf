"""Where a rule comes from: the only sources that code, policy file and pages may quote."""

from enum import StrEnum


class Source(StrEnum):
    """A document that a rule can be quoted from; `citation` is what a page shows beside the rule."""

    SHEET = "sheet"
    RULES_17_2 = "rules_17_2"
    MEMO = "memo"
    ACPR = "acpr"
    PROTELIS = "protelis"
    MUTUALITE_L221_11 = "mutualite_l221_11"
    TRAVAIL_L3121_16 = "travail_l3121_16"
    TRAVAIL_L3121_18 = "travail_l3121_18"
    TRAVAIL_L3121_20 = "travail_l3121_20"
    TRAVAIL_L3121_22 = "travail_l3121_22"
    TRAVAIL_L3121_28 = "travail_l3121_28"
    TRAVAIL_L3121_36 = "travail_l3121_36"
    TRAVAIL_L3123_9 = "travail_l3123_9"
    TRAVAIL_L3123_20 = "travail_l3123_20"
    TRAVAIL_L3123_28 = "travail_l3123_28"
    TRAVAIL_L3131_1 = "travail_l3131_1"
    TRAVAIL_L3132_2 = "travail_l3132_2"
    TRAVAIL_L3132_3 = "travail_l3132_3"
    POLICY = "policy"

    @property
    def citation(self) -> str:
        """The source in French, as a handler or a regulator would quote it."""
        return _CITATIONS[self]


_CITATIONS = {
    Source.SHEET: "Fiche processus ISO 9001 « Gérer les retours et réclamations clients » (20/01/2022)",
    Source.RULES_17_2: "Règlement mutualiste, article 17.2",
    Source.MEMO: "Mémoire de la direction des opérations (2022)",
    Source.ACPR: "Recommandation ACPR 2022-R-01 du 9 mai 2022, modifiée par 2024-R-02 du 2 juillet 2024",
    Source.PROTELIS: "Diagnostic Protélis d'un service santé (2013)",
    Source.MUTUALITE_L221_11: "Code de la mutualité, article L221-11",
    Source.TRAVAIL_L3121_16: "Code du travail, article L3121-16",
    Source.TRAVAIL_L3121_18: "Code du travail, article L3121-18",
    Source.TRAVAIL_L3121_20: "Code du travail, article L3121-20",
    Source.TRAVAIL_L3121_22: "Code du travail, article L3121-22",
    Source.TRAVAIL_L3121_28: "Code du travail, article L3121-28",
    Source.TRAVAIL_L3121_36: "Code du travail, article L3121-36",
    Source.TRAVAIL_L3123_9: "Code du travail, article L3123-9",
    Source.TRAVAIL_L3123_20: "Code du travail, article L3123-20",
    Source.TRAVAIL_L3123_28: "Code du travail, article L3123-28",
    Source.TRAVAIL_L3131_1: "Code du travail, article L3131-1",
    Source.TRAVAIL_L3132_2: "Code du travail, article L3132-2",
    Source.TRAVAIL_L3132_3: "Code du travail, article L3132-3",
    Source.POLICY: "Choix de la mutuelle",
}
