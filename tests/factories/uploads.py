"""Documents as people send them: small, and what their first and last bytes say."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo

A_PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
A_JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(64) + b"\xff\xd9"
A_PNG = b"\x89PNG\r\n\x1a\n" + bytes(64) + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def a_form(content: bytes, name: str = "facture.pdf", **fields: str) -> tuple[bytes, str]:
    """The body of a form with this file and these fields, and the kind of content that it says it is."""
    parts = [f'name="{field}"\r\n\r\n{value}'.encode() for field, value in fields.items()]
    parts.append(f'name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'.encode() + content)
    body = b"".join(b"--frontier\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return body + b"--frontier--\r\n", "multipart/form-data; boundary=frontier"


A_CSV = "Délégataire;Pièce;Date\r\nArmor;Bordereau;02/03/2027\r\n".encode()
_OFFICE = "application/vnd.openxmlformats-officedocument."


def packed(**entries: str) -> bytes:
    """A packed file with these entries, the same bytes at any hour."""
    whole = BytesIO()
    with ZipFile(whole, "w") as file:
        for name, text in entries.items():
            file.writestr(ZipInfo(name), text)
    return whole.getvalue()


def of_office(kind: str, **more: str) -> bytes:
    """What makes an office file one: its table of types, which names its main part."""
    table = f'<Types><Override PartName="/main.xml" ContentType="{kind}.main+xml"/></Types>'
    return packed(**{"[Content_Types].xml": table, "main.xml": "<main/>", **more})


AN_XLSX = of_office(f"{_OFFICE}spreadsheetml.sheet")
A_DOCX = of_office(f"{_OFFICE}wordprocessingml.document")
AN_XLSM = of_office("application/vnd.ms-excel.sheet.macroEnabled")
