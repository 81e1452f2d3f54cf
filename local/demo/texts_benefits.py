"""Complaints about benefits: reimbursements that are late, wrong or refused. Every word is invented."""

from domain.complaint.words import Channel, ComplainantKind, Theme
from local.demo.wording import Wording

_DELAY, _AMOUNT, _REFUSAL = Theme.REIMBURSEMENT_DELAY, Theme.REIMBURSEMENT_AMOUNT, Theme.REFUSAL

BENEFITS = (
    Wording(
        _DELAY,
        "benefits",
        "Remboursement de lunettes en attente",
        "Bonjour,\n\nJ’ai envoyé la facture de mes lunettes il y a {weeks} semaines. Malgré deux appels, "
        "toujours rien sur "
        "mon compte. On me répond que le dossier est « en cours ». J’ai avancé {amount} € et j’attends ce "
        "remboursement pour payer mon loyer.\n\nCordialement,\n{name}",
        "Vous attendez depuis plusieurs semaines le remboursement de vos lunettes.",
        "Votre facture est arrivée le lendemain de son envoi ; elle a été rattachée à un autre dossier.",
        "Facture rattachée à un autre dossier",
        ("optical",),
    ),
    Wording(
        _DELAY,
        "benefits",
        "Lentilles : trois relances, aucune réponse",
        "Madame, Monsieur,\n\nC’est ma troisième relance pour des lentilles achetées il y a {weeks} semaines "
        "({amount} €). Votre espace adhérent affiche « pièce manquante » alors que j’ai tout déposé deux "
        "fois.\n\n{name}",
        "Vous avez déposé deux fois la facture de vos lentilles, sans être remboursé.",
        "Les deux dépôts sont bien dans votre espace ; le contrôle automatique a rejeté le format du fichier.",
        "Dépôt rejeté par le contrôle automatique",
        ("optical",),
    ),
    Wording(
        _AMOUNT,
        "benefits",
        "Verres progressifs remboursés comme des verres simples",
        "Votre décompte de ce mois rembourse mes verres progressifs au tarif des verres unifocaux. Il me manque "
        "{amount} €. L’ordonnance était jointe. Merci de corriger.\n\n{name}",
        "Vous contestez le montant remboursé pour vos verres progressifs.",
        "L’ordonnance jointe porte bien des verres progressifs ; la saisie a retenu un autre code.",
        "Erreur de codification",
        ("optical",),
    ),
    Wording(
        _DELAY,
        "benefits",
        "Devis dentaire sans réponse",
        "J’attends depuis {weeks} semaines votre accord sur un devis de couronne. Mon dentiste a déjà déplacé deux "
        "fois le rendez-vous. Quelqu’un le lit-il ?\n\n{name}",
        "Vous attendez la réponse à un devis de prothèse dentaire.",
        "Votre devis nous est parvenu et n’a pas été étudié dans le délai que nous annonçons.",
        "Devis resté sans suite",
        ("dental",),
    ),
    Wording(
        _REFUSAL,
        "benefits",
        "Refus de prise en charge d’un implant",
        "Vous refusez mon implant au motif qu’il n’est « pas prévu par le contrat ». Le conseiller qui m’a fait signer "
        "disait le contraire. Je demande le remboursement de {amount} € ou un geste commercial.\n\n{name}",
        "Vous contestez le refus de prise en charge de votre implant.",
        "Le tableau de garanties remis à la souscription exclut l’implantologie ; le courriel du conseiller ne "
        "promettait pas cette prise en charge.",
        "Garantie mal comprise à la souscription",
        ("dental",),
    ),
    Wording(
        _AMOUNT,
        "benefits",
        "Reste à charge sur des soins dentaires",
        "Le devis que vous aviez validé annonçait un reste à charge de 40 €. J’ai payé {amount} € de plus. À quoi sert "
        "un devis validé ?\n\n{name}",
        "Vous constatez un reste à charge plus élevé que celui du devis validé.",
        "Les soins facturés diffèrent en partie de ceux du devis.",
        "Actes facturés différents du devis",
        ("dental",),
    ),
    Wording(
        _DELAY,
        "benefits",
        "Frais d’hôpital réclamés par la clinique",
        "La clinique me réclame {amount} € parce que vous n’avez pas payé la prise en charge que vous aviez donnée. "
        "Elle me menace d’un huissier alors que je sors à peine d’opération. Faites le nécessaire.\n\n{name}",
        "La clinique vous réclame des frais pour lesquels nous avions donné une prise en charge.",
        "La prise en charge a bien été donnée ; la facture de la clinique attend depuis sa réception.",
        "Facture d’établissement non traitée",
        ("hospital",),
    ),
    Wording(
        _REFUSAL,
        "benefits",
        "Chambre particulière refusée après coup",
        "On m’avait confirmé par téléphone la chambre particulière. Après l’hospitalisation, refus ! {amount} € à ma "
        "charge. Je vous demande de réécouter l’appel.\n\n{name}",
        "Vous contestez le refus de remboursement de la chambre particulière.",
        "L’enregistrement de l’appel confirme que notre conseiller a donné un accord.",
        "Information erronée donnée au téléphone",
        ("hospital",),
    ),
    Wording(
        _AMOUNT,
        "benefits",
        "Forfait hospitalier non remboursé",
        "Il manque sur mon décompte le forfait journalier de six jours, soit {amount} €. Votre site dit qu’il est pris "
        "en charge sans limite.\n\n{name}",
        "Vous demandez le remboursement du forfait journalier hospitalier.",
        "Le forfait journalier est couvert par votre contrat pour toute la durée du séjour.",
        "Décompte incomplet",
        ("hospital",),
    ),
    Wording(
        _REFUSAL,
        "benefits",
        "Appareils auditifs : dossier refusé sans explication",
        "Ma mère (83 ans) a reçu un refus d’une ligne pour ses appareils auditifs. Aucune explication, aucun "
        "nom, aucun "
        "numéro. C’est inhumain.\n\n{name}",
        "Vous demandez pourquoi la prise en charge d’appareils auditifs a été refusée.",
        "Le renouvellement est possible quatre ans après l’achat précédent ; cette date n’est pas atteinte.",
        "Motif de refus non expliqué",
        ("hearing",),
        ComplainantKind.BENEFICIARY,
    ),
    Wording(
        _DELAY,
        "benefits",
        "Six séances d’ostéopathie toujours pas remboursées",
        "Vous traitez « sous 48 heures », dit votre publicité. Cela fait {weeks} semaines. Je garde mes factures pour "
        "rien, apparemment.\n\n{name}",
        "Vous attendez le remboursement de séances d’ostéopathie.",
        "Les factures ont été reçues ensemble ; une seule a été enregistrée.",
        "Lot de factures enregistré en partie",
    ),
    Wording(
        _DELAY,
        "benefits",
        "VOUS VOUS MOQUEZ DE MOI",
        "Bande d’incapables !!! {weeks} semaines pour rembourser {amount} € que je vous ai DÉJÀ réclamés trois "
        "fois. Vous "
        "savez prélever le 5 du mois, ça oui. Des voleurs, voilà ce que vous êtes. J’exige mon argent.",
        "Vous attendez un remboursement que vous avez réclamé plusieurs fois.",
        "Vos trois demandes figurent au dossier ; aucune n’a reçu de réponse.",
        "Relances restées sans réponse",
        channel=Channel.EMAIL,
    ),
    Wording(
        _REFUSAL,
        "benefits",
        "Cure thermale : pièce demandée trois fois",
        "Vous m’avez demandé trois fois le même certificat pour ma cure, et trois fois je l’ai envoyé. Je ne "
        "l’enverrai pas une quatrième.\n\n{name}",
        "Vous avez fourni trois fois le certificat demandé pour votre cure thermale.",
        "Les trois certificats sont au dossier ; les demandes automatiques n’ont pas été arrêtées.",
        "Demandes de pièces répétées à tort",
    ),
    Wording(
        _AMOUNT,
        "benefits",
        "Remboursement versé sur un ancien compte",
        "J’ai changé de banque au printemps et vous l’ai écrit. Vous avez versé {amount} € sur le compte fermé. La "
        "banque a renvoyé l’argent, dit-elle. Où est-il ?\n\n{name}",
        "Un remboursement a été versé sur un compte que vous aviez fermé.",
        "Votre changement de coordonnées a été enregistré après le virement ; les fonds nous ont été retournés.",
        "Coordonnées bancaires mises à jour trop tard",
    ),
    Wording(
        _DELAY,
        "benefits",
        "Reimbursement of my glasses still missing",
        "Hello,\n\nI sent the invoice for my glasses {weeks} weeks ago and called twice since. Nobody could tell me "
        "when I shall be paid. It is {amount} euros, which is a lot for me.\n\nKind regards,\n{name}",
        "You have been waiting for several weeks to be reimbursed for your glasses.",
        "Your invoice, written in English, was waiting for somebody to read it, and nobody did.",
        "Pièce en langue étrangère laissée de côté",
        ("english",),
        language="en",
    ),
    Wording(
        _AMOUNT,
        "benefits",
        "Hospital stay in Brest: wrong amount paid",
        "Dear Sir or Madam,\n\nYour statement shows half of what your table of benefits promises for a hospital stay. "
        "I paid {amount} euros myself. Please explain, in English if you can.\n\n{name}",
        "You dispute the amount that was paid for your stay in hospital.",
        "The statement counted only half of the days of your stay.",
        "Décompte incomplet",
        ("english",),
        language="en",
    ),
    Wording(
        _REFUSAL,
        "benefits",
        "Mise en demeure au nom de ma cliente",
        "Je suis le conseil de votre adhérente, dont vous refusez depuis {weeks} semaines de rembourser {amount} €. À "
        "défaut de règlement sous quinze jours, j’ai pour instruction de saisir le tribunal.\n\nMaître {name}, avocat",
        "Vous demandez, au nom de votre cliente, un remboursement refusé.",
        "Le refus reposait sur une version antérieure du contrat.",
        "Version de contrat erronée",
        kind=ComplainantKind.LAWYER,
        channel=Channel.LETTER,
    ),
)
