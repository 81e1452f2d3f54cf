"""Orders to pay that somebody who owns the tables types by hand, past all of our code: the database has to see."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from local.demo_staff import person_id
from tests.factories.complaints import ACCOUNTANT

BATCH = (
    "INSERT INTO cases (id, reference, procedure, state, policy, pole, received_on, opened_at, lines, checkpointed) "
    "VALUES (CAST(:id AS uuid), :name, 'payment', 'built', 'procedure-2', 'benefits', :day, :at, 0, 0)"
)
PAYMENT = (
    "INSERT INTO payments "
    "(case_id, message_id, executes_on, count, total_cents, built_by, built_at, file, file_sha256) "
    "VALUES (:id, :name, :day, :count, :cents, :builder, :at, '', :name)"
)
LINE = (
    "INSERT INTO instructions (id, payment_id, position, claim_id, end_to_end_id, amount_cents, iban, iban_hash, name, "
    "instructed_at, status) SELECT gen_random_uuid(), :id, :position, c.id, c.reference || :attempt, "
    "coalesce(:cents, c.payable_cents), coalesce(:iban, m.iban), coalesce(:iban_hash, m.iban_hash), 'Mme Vasseur', "
    ":at, :status FROM claims c LEFT JOIN member_ibans m ON m.member_number = c.member_number AND m.until_at IS NULL "
    "WHERE c.id = :claim"
)


def own_tables_only(connection: Connection) -> None:
    """Be somebody who may do with the tables whatever their owner may, and is no superuser, until the transaction (or
    the savepoint) is rolled back.
    """
    connection.execute(text("CREATE ROLE typist NOSUPERUSER"))
    owner = connection.execute(text("SELECT current_user")).scalar_one()
    connection.execute(text(f'GRANT "{owner}" TO typist'))
    connection.execute(text("SET LOCAL ROLE typist"))


def type_an_order(connection: Connection, claim: UUID, cents: int) -> None:
    """A batch of one line, typed: one statement after the other."""
    at, payment_id = datetime.now(UTC), uuid4()
    named: dict[str, Any] = {"id": payment_id, "name": f"VIR-{payment_id.hex}", "at": at, "day": at.date()}
    line = {"position": 1, "attempt": "-typed", "iban": None, "iban_hash": None, "status": "instructed"}
    connection.execute(text(BATCH), named)
    connection.execute(text(PAYMENT), named | {"count": 1, "cents": cents, "builder": person_id(ACCOUNTANT)})
    connection.execute(text(LINE), named | line | {"claim": claim, "cents": cents})
