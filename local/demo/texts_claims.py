"""What the demo's controllers write, and a page that a member has sent."""

from domain.claim.words import CheckName

CUT = "Le plafond de votre garantie pour cet acte est atteint : nous remboursons dans sa limite."
REFUSED = "Votre garantie ne couvre pas cet acte."
REFUSED_FOR = {
    CheckName.RIGHTS_OPEN: "Vos droits n’étaient pas ouverts à la date des soins.",
    CheckName.DUPLICATE: "Ces soins ont déjà fait l’objet d’une demande.",
    CheckName.CONTRIBUTIONS: "Vos cotisations sont impayées depuis plusieurs mois.",
}
"""Of what the checks have found, what a member is told."""
SENT_BACK = "Le forfait annuel n’a pas été déduit : merci de refaire le calcul."
LACKING = "La pièce qui accompagnait votre demande n’est pas lisible."


def a_page(title: str) -> bytes:
    """A page of paper with a title, as a PDF that every reader opens."""
    shown = title.encode("cp1252", "replace").replace(b"(", b"").replace(b")", b"")
    words = b"BT /F1 20 Tf 72 760 Td (" + shown + b") Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    page, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(page))
        page += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, table, size)
    return page + end + b"startxref\n%d\n%%%%EOF\n" % len(page)
