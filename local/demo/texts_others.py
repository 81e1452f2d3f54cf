"""Complaints about contributions, memberships, terminations, reception. Every word is invented."""

from domain.complaint.words import Channel, ComplainantKind, Theme
from local.demo.wording import Wording

OTHERS = (
    Wording(
        Theme.CONTRIBUTIONS,
        "memberships",
        "Cotisation prélevée deux fois",
        "Vous avez prélevé deux fois ma cotisation ce mois-ci, soit {amount} € de trop. Mon compte est à découvert par "
        "votre faute ; je demande aussi le remboursement des frais bancaires.\n\n{name}",
        "Votre cotisation a été prélevée deux fois.",
        "Un rejet bancaire mal interprété a provoqué un second prélèvement.",
        "Double prélèvement",
    ),
    Wording(
        Theme.CONTRIBUTIONS,
        "memberships",
        "Hausse de cotisation jamais annoncée",
        "Ma cotisation a augmenté de 18 % sans un mot. Je n’ai reçu aucun avis. Je conteste cette hausse et "
        "demande son "
        "annulation.\n\n{name}",
        "Vous contestez la hausse de votre cotisation.",
        "L’avis d’échéance a été déposé dans votre espace adhérent en novembre ; aucun courrier n’est parti.",
        "Avis déposé en ligne seulement",
    ),
    Wording(
        Theme.CONTRIBUTIONS,
        "memberships",
        "Mise en demeure pour une cotisation payée",
        "Je reçois une mise en demeure pour une cotisation payée par chèque il y a {weeks} semaines, et encaissée ! "
        "Relevé joint. J’attends des excuses.\n\n{name}",
        "Vous recevez une relance pour une cotisation déjà payée.",
        "Votre chèque a été encaissé et affecté à un autre contrat.",
        "Paiement affecté à un autre contrat",
    ),
    Wording(
        Theme.CONTRIBUTIONS,
        "memberships",
        "Enfant étudiant compté deux fois",
        "Ma fille est à ma charge et à celle de sa mère : vous la facturez aux deux. Cela dure depuis un an malgré mes "
        "courriers.\n\n{name}",
        "Votre fille est facturée sur deux contrats.",
        "Les deux contrats portent bien le même ayant droit depuis l’an dernier.",
        "Ayant droit enregistré deux fois",
    ),
    Wording(
        Theme.TERMINATION,
        "memberships",
        "Résiliation infra-annuelle ignorée",
        "J’ai résilié en recommandé il y a {weeks} semaines. Vous continuez de prélever. La loi vous donne un mois. "
        "Sans remboursement, j’engagerai une action en justice.\n\n{name}",
        "Vous avez résilié et les prélèvements continuent.",
        "Votre recommandé a été reçu ; la résiliation n’a pas été enregistrée.",
        "Résiliation reçue et non enregistrée",
        channel=Channel.LETTER,
    ),
    Wording(
        Theme.TERMINATION,
        "memberships",
        "Refus de résiliation : mutuelle d’entreprise obligatoire",
        "J’ai une mutuelle obligatoire par mon employeur depuis le mois dernier, attestation jointe deux fois. Vous "
        "refusez la résiliation pour « attestation illisible ».\n\n{name}",
        "Vous demandez la résiliation pour adhésion obligatoire chez votre employeur.",
        "La seconde attestation est parfaitement lisible.",
        "Pièce mal contrôlée",
    ),
    Wording(
        Theme.TERMINATION,
        "memberships",
        "Contrat radié sans avertissement",
        "À la pharmacie, ma carte est refusée : contrat radié. Personne ne m’a prévenu. J’ai toujours payé. C’est un "
        "scandale et je le dirai à la presse s’il le faut.\n\n{name}",
        "Votre contrat a été radié sans que vous en soyez averti.",
        "La radiation fait suite à trois échéances impayées, relancées à une ancienne adresse.",
        "Changement d’adresse non pris en compte",
    ),
    Wording(
        Theme.TERMINATION,
        "memberships",
        "You keep charging me after I left",
        "I left France and cancelled my contract {weeks} weeks ago by registered letter. You still take {amount} euros "
        "from my account every month. Stop it and pay me back.\n\n{name}",
        "You ended your contract when you left France, and we go on charging you.",
        "Your cancellation was registered with a later date than that of your letter.",
        "Date d’effet erronée",
        ("english",),
        ComplainantKind.FORMER_MEMBER,
        language="en",
    ),
    Wording(
        Theme.MEMBERSHIP,
        "memberships",
        "Carte de tiers payant jamais reçue",
        "Adhésion signée il y a {weeks} semaines, première cotisation prélevée le lendemain, et toujours pas de "
        "carte. Je "
        "paie tout d’avance.\n\n{name}",
        "Vous n’avez pas reçu votre carte de tiers payant.",
        "La carte a été éditée avec une adresse incomplète et nous a été retournée.",
        "Adresse incomplète",
    ),
    Wording(
        Theme.MEMBERSHIP,
        "memberships",
        "Nouveau-né pas inscrit",
        "Mon fils est né il y a {weeks} semaines. Déclaration faite le jour même. Il n’est toujours pas sur ma "
        "carte et le "
        "pédiatre refuse le tiers payant.\n\n{name}",
        "Votre fils n’est pas encore inscrit sur votre contrat.",
        "La déclaration de naissance est restée dans la file des courriels non classés.",
        "Déclaration non classée",
    ),
    Wording(
        Theme.INFORMATION,
        "support",
        "Espace adhérent inaccessible",
        "Impossible de me connecter depuis la mise à jour. Le lien de mot de passe arrive expiré. Au téléphone on me "
        "renvoie vers… l’espace adhérent.\n\n{name}",
        "Vous ne pouvez plus accéder à votre espace adhérent.",
        "Les liens envoyés pendant la mise à jour expiraient au bout d’une minute.",
        "Incident informatique",
        channel=Channel.WEB_FORM,
    ),
    Wording(
        Theme.INFORMATION,
        "support",
        "Relevés d’un inconnu dans ma boîte aux lettres",
        "J’ai reçu dans la même enveloppe que mon relevé celui d’un autre adhérent, avec ses soins. Qui a reçu les "
        "miens ? Je compte saisir la CNIL.\n\n{name}",
        "Vous avez reçu le relevé d’un autre adhérent.",
        "Deux plis ont été mis dans une même enveloppe lors de l’édition du mois.",
        "Erreur de mise sous pli",
        channel=Channel.LETTER,
    ),
    Wording(
        Theme.INFORMATION,
        "member_relations",
        "Conseil donné à la souscription",
        "Votre conseiller m’a vendu une « garantie complète ». Je découvre un délai d’attente de six mois dont il n’a "
        "jamais parlé. Je me sens trompé.\n\n{name}",
        "Vous n’aviez pas été informé d’un délai d’attente.",
        "Le délai figure sur le document d’information que vous avez signé ; l’entretien n’en garde pas trace.",
        "Devoir de conseil mal tracé",
        kind=ComplainantKind.MEMBER,
    ),
    Wording(
        Theme.RECEPTION,
        "member_relations",
        "Quarante minutes d’attente, puis raccroché au nez",
        "J’ai attendu quarante minutes. Une dame m’a dit « rappelez plus tard » et a raccroché. Est-ce ainsi "
        "qu’on traite "
        "ses adhérents après vingt ans ?\n\n{name}",
        "Vous avez attendu longtemps au téléphone et l’appel a été coupé.",
        "Une panne de l’autocommutateur a coupé plusieurs appels ce jour-là.",
        "Panne de téléphonie",
    ),
    Wording(
        Theme.RECEPTION,
        "member_relations",
        "Accueil désagréable en agence",
        "À votre agence on m’a fait répéter mon problème de santé devant toute la file. J’en ai pleuré. Je ne veux pas "
        "d’argent, je veux que cela n’arrive plus.\n\n{name}",
        "Vous avez été reçue sans discrétion dans notre agence.",
        "Le bureau fermé prévu pour ces entretiens n’a pas été proposé.",
        "Accueil sans confidentialité",
        channel=Channel.LETTER,
    ),
    Wording(
        Theme.RECEPTION,
        "member_relations",
        "Avis public : « Fuyez cette mutuelle »",
        "Publié sur votre page : « {weeks} semaines pour un remboursement, personne ne répond, fuyez !!! » 214 "
        "mentions "
        "j’aime. Signé {name}.",
        "Vous exprimez publiquement votre mécontentement sur nos délais.",
        "Votre dossier était complet ; notre réponse a tardé.",
        "Réponse tardive",
        channel=Channel.SOCIAL_NETWORK,
    ),
    Wording(
        Theme.OTHER,
        "member_relations",
        "Signalement d’une association de consommateurs",
        "Notre association de consommateurs est saisie par trois de vos adhérents au sujet de vos délais de "
        "réponse. Nous "
        "souhaitons connaître les mesures prises.\n\n{name}",
        "Vous nous interrogez sur nos délais de réponse au nom de trois adhérents.",
        "Les trois dossiers ont été retrouvés ; deux ont dépassé notre délai.",
        "Délais dépassés",
        kind=ComplainantKind.ASSOCIATION,
        channel=Channel.EMAIL,
    ),
    Wording(
        Theme.OTHER,
        "member_relations",
        "Démarchage téléphonique insistant",
        "Cinq appels en une semaine pour me vendre une complémentaire, à 20 heures passées. Je ne suis pas et ne serai "
        "jamais chez vous. Effacez mon numéro.\n\n{name}",
        "Vous êtes importuné par des appels commerciaux.",
        "Votre numéro figurait dans un fichier loué ; il en est retiré.",
        "Fichier de prospection non expurgé",
        kind=ComplainantKind.PROSPECT,
        channel=Channel.EMAIL,
    ),
    Wording(
        Theme.OTHER,
        "memberships",
        "Commission d’apport jamais versée",
        "Courtier, je vous ai apporté un contrat il y a {weeks} semaines : ma commission de {amount} € n’est "
        "toujours pas "
        "versée malgré mes relances.\n\n{name}",
        "Vous attendez le versement d’une commission d’apport.",
        "Le contrat a été enregistré sans code apporteur.",
        "Code apporteur manquant",
        kind=ComplainantKind.AGENT,
        channel=Channel.EMAIL,
    ),
)
