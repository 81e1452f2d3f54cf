"""How each kind of reference data lies in its tables: what is staged, compared, written and told in its history.

In these texts `s` is a line of the file as it is staged, `c` what the register holds under the same key, and `j` a line
that has been judged.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.reference.words import ReferenceKind

_TAKEN = "judgement IN ('new', 'changed')"


@dataclass(frozen=True)
class Shape:
    """One kind. `wrong` are its judgements in their order, each with its condition; `settled`, statements that follow
    once all are judged, each repeated until it changes nothing; `told`, what the history says, `{}` being a prefix, and
    of what was there before, where `was_there` holds.
    """

    columns: Mapping[str, str]
    key: tuple[str, ...]
    current: str
    history_key: str
    written: tuple[str, ...]
    joins: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)
    member: str = "NULL::text"
    settled: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    login_field: str = "login"
    was_there: str = "known"

    @property
    def values(self) -> tuple[str, ...]:
        """The columns that are compared."""
        return tuple(name for name in self.columns if name not in self.key)

    def telling(self, prefix: str) -> str:
        """A JSON object of the values: those of the line, or with the prefix `old_` what stood there before."""
        told = self.told or {name: f"{{}}{name}" for name in self.values}
        parts = ", ".join(f"'{name}', {one.format(prefix)}" for name, one in told.items())
        return f"jsonb_build_object({parts})"


_FIRST_OF_CONTRACT = """
LEFT JOIN (SELECT DISTINCT ON (number) number, member_number, guarantee FROM staged ORDER BY number, line) f
       ON f.number = s.number"""
_FIRST_AS_MEMBER = """
LEFT JOIN (SELECT n.number FROM (SELECT DISTINCT ON (number) number, holder FROM staged ORDER BY number, line) n
           LEFT JOIN beneficiaries d ON d.number = n.number AND d.member_number <> d.number
           WHERE n.holder IS NULL AND d.number IS NULL) n ON n.number = s.holder"""
_OVERLAPPING = f"""
UPDATE judged j SET judgement = 'overlap'
WHERE {_TAKEN} AND (
    EXISTS (SELECT 1 FROM judged e WHERE e.number = j.number AND e.line < j.line
            AND e.judgement IN ('new', 'changed', 'unchanged') AND e.from_on <> j.from_on
            AND daterange(e.from_on, e.until_on) && daterange(j.from_on, j.until_on))
    OR EXISTS (SELECT 1 FROM contract_rights r WHERE r.contract_number = j.number AND r.from_on <> j.from_on
               AND daterange(r.from_on, r.until_on) && daterange(j.from_on, j.until_on)
               AND NOT EXISTS (SELECT 1 FROM judged e WHERE e.number = j.number AND e.from_on = r.from_on
                               AND e.judgement IN ('new', 'changed'))))"""
_ALL_IBANS = f"""
SELECT NULL::bigint AS line, member_number, from_at, iban, iban_hash FROM member_ibans
UNION ALL SELECT line, member_number, from_at, iban, iban_hash FROM judged WHERE {_TAKEN}"""
_IBAN_BEFORE = f"""
UPDATE judged j SET old_iban = b.iban, old_iban_hash = b.iban_hash, old_from_at = b.from_at,
                    judgement = CASE WHEN b.iban = j.iban THEN 'unchanged' ELSE 'new' END
FROM (SELECT line, lag(iban) OVER w AS iban, lag(iban_hash) OVER w AS iban_hash, lag(from_at) OVER w AS from_at
      FROM ({_ALL_IBANS}) a WINDOW w AS (PARTITION BY member_number ORDER BY from_at)) b
WHERE b.line = j.line AND j.old_iban IS DISTINCT FROM b.iban"""
_IBAN_UNTIL = f"""
SELECT line, member_number, from_at, lead(from_at) OVER (PARTITION BY member_number ORDER BY from_at) AS until_at
FROM ({_ALL_IBANS}) a"""

MEMBERS = Shape(
    columns={
        "number": "text",
        "name": "text",
        "holder": "text",
        "email": "text",
        "address": "text[]",
        "language": "text",
        "vip": "boolean",
        "company_contact": "text",
        "sensitive": "text",
    },
    key=("number",),
    current="""SELECT b.number, b.name, nullif(b.member_number, b.number) AS holder, m.email, m.address, m.language,
                      m.vip, m.company_contact, b.sensitive
               FROM beneficiaries b LEFT JOIN members m ON m.number = b.number""",
    joins=f"LEFT JOIN members h ON h.number = s.holder {_FIRST_AS_MEMBER}",
    wrong={
        "is_member": "s.holder IS NOT NULL AND c.number IS NOT NULL AND c.holder IS NULL",
        "is_dependant": "s.holder IS NULL AND c.holder IS NOT NULL",
        "no_holder": "s.holder IS NOT NULL AND h.number IS NULL AND n.number IS NULL",
    },
    history_key="number",
    member="coalesce(s.holder, s.number)",
    written=(
        f"""INSERT INTO members (number, name, email, address, language, vip, company_contact)
            SELECT number, name, email, address, language, vip, company_contact
            FROM judged WHERE {_TAKEN} AND holder IS NULL
            ON CONFLICT (number) DO UPDATE SET name = excluded.name, email = excluded.email,
                address = excluded.address, language = excluded.language, vip = excluded.vip,
                company_contact = excluded.company_contact""",
        f"""INSERT INTO beneficiaries (number, member_number, name, sensitive)
            SELECT number, coalesce(holder, number), name, sensitive FROM judged WHERE {_TAKEN}
            ON CONFLICT (number) DO UPDATE SET member_number = excluded.member_number, name = excluded.name,
                sensitive = excluded.sensitive""",
    ),
)
CONTRACTS = Shape(
    columns={"number": "text", "member_number": "text", "guarantee": "text", "from_on": "date", "until_on": "date"},
    key=("number", "from_on"),
    current="""SELECT r.contract_number AS number, r.from_on, k.member_number, k.guarantee, r.until_on
               FROM contract_rights r JOIN contracts k ON k.number = r.contract_number""",
    joins=f"""LEFT JOIN members m ON m.number = s.member_number
              LEFT JOIN contracts k ON k.number = s.number {_FIRST_OF_CONTRACT}""",
    wrong={
        "no_member": "m.number IS NULL",
        "of_another": "k.member_number <> s.member_number OR f.member_number <> s.member_number",
        "two_guarantees": "f.guarantee <> s.guarantee",
    },
    history_key="number || ' ' || from_on",
    member="s.member_number",
    settled=(_OVERLAPPING,),
    written=(
        f"""INSERT INTO contracts (number, member_number, guarantee)
            SELECT DISTINCT ON (number) number, member_number, guarantee FROM judged WHERE {_TAKEN}
            ORDER BY number, line
            ON CONFLICT (number) DO UPDATE SET guarantee = excluded.guarantee""",
        f"""INSERT INTO contract_rights (contract_number, from_on, until_on)
            SELECT number, from_on, until_on FROM judged WHERE {_TAKEN}
            ON CONFLICT (contract_number, from_on) DO UPDATE SET until_on = excluded.until_on""",
    ),
)
CONTRIBUTIONS = Shape(
    columns={"contract_number": "text", "period_on": "date", "due_cents": "bigint", "paid_cents": "bigint"},
    key=("contract_number", "period_on"),
    current="SELECT * FROM contributions",
    joins="LEFT JOIN contracts k ON k.number = s.contract_number",
    wrong={"no_contract": "k.number IS NULL"},
    history_key="contract_number || ' ' || to_char(period_on, 'YYYY-MM')",
    member="k.member_number",
    written=(
        f"""INSERT INTO contributions (contract_number, period_on, due_cents, paid_cents)
            SELECT contract_number, period_on, due_cents, paid_cents FROM judged WHERE {_TAKEN}
            ON CONFLICT (contract_number, period_on)
            DO UPDATE SET due_cents = excluded.due_cents, paid_cents = excluded.paid_cents""",
    ),
)
IBANS = Shape(
    columns={
        "member_number": "text",
        "from_at": "timestamptz",
        "iban": "text",
        "iban_hash": "bytea",
        "changed_through": "text",
        "changed_by": "text",
    },
    key=("member_number", "from_at"),
    current="""SELECT i.member_number, i.from_at, i.iban, i.iban_hash, i.changed_through, p.login AS changed_by
               FROM member_ibans i LEFT JOIN staff p ON p.id = i.changed_by""",
    joins="LEFT JOIN members m ON m.number = s.member_number LEFT JOIN staff p ON p.login = s.changed_by",
    wrong={"no_member": "m.number IS NULL", "no_login": "s.changed_by IS NOT NULL AND p.id IS NULL"},
    history_key="member_number",
    member="s.member_number",
    settled=("UPDATE judged SET judgement = 'past' WHERE judgement = 'changed'", _IBAN_BEFORE),
    told={
        "last_four": "right({}iban, 4)",
        "iban_hash": "encode({}iban_hash, 'hex')",
        "from_at": "{}from_at",
    },
    written=(
        f"""UPDATE member_ibans i SET until_at = u.until_at FROM ({_IBAN_UNTIL}) u
            WHERE u.line IS NULL AND i.member_number = u.member_number AND i.from_at = u.from_at
            AND i.until_at IS DISTINCT FROM u.until_at""",
        f"""INSERT INTO member_ibans
                (id, member_number, iban, iban_hash, from_at, until_at, changed_by, changed_through)
            SELECT gen_random_uuid(), j.member_number, j.iban, j.iban_hash, j.from_at, u.until_at, p.id,
                   j.changed_through
            FROM judged j JOIN ({_IBAN_UNTIL}) u ON u.line = j.line LEFT JOIN staff p ON p.login = j.changed_by
            WHERE {_TAKEN}""",
    ),
    login_field="changed_by",
    was_there="old_iban IS NOT NULL",
)
PROVIDERS = Shape(
    columns={"number": "text", "name": "text", "category": "text"},
    key=("number",),
    current="SELECT * FROM providers",
    history_key="number",
    written=(
        f"""INSERT INTO providers (number, name, category)
            SELECT number, name, category FROM judged WHERE {_TAKEN}
            ON CONFLICT (number) DO UPDATE SET name = excluded.name, category = excluded.category""",
    ),
)
GUARANTEES = Shape(
    columns={"guarantee": "text", "category": "text", "act": "text", "ceiling_cents": "bigint"},
    key=("guarantee", "category", "act"),
    current="SELECT * FROM guarantee_lines",
    history_key="concat_ws(' ', guarantee, category, act)",
    written=(
        f"""INSERT INTO guarantee_lines (guarantee, category, act, ceiling_cents)
            SELECT guarantee, category, act, ceiling_cents FROM judged WHERE {_TAKEN}
            ON CONFLICT (guarantee, category, act) DO UPDATE SET ceiling_cents = excluded.ceiling_cents""",
    ),
)
STAFF = Shape(
    columns={"login": "text", "iban_hash": "bytea", "member_number": "text"},
    key=("login", "iban_hash"),
    current="""SELECT p.login, i.iban_hash, i.member_number FROM staff_ibans i JOIN staff p ON p.id = i.staff_id""",
    joins="LEFT JOIN staff p ON p.login = s.login LEFT JOIN members m ON m.number = s.member_number",
    wrong={
        "no_login": "p.id IS NULL",
        "no_member": "s.member_number IS NOT NULL AND m.number IS NULL",
    },
    history_key="login",
    told={"iban_hash": "encode(iban_hash, 'hex')", "member_number": "{}member_number"},
    written=(
        f"""INSERT INTO staff_ibans (staff_id, iban_hash, member_number)
            SELECT p.id, j.iban_hash, j.member_number FROM judged j JOIN staff p ON p.login = j.login WHERE {_TAKEN}
            ON CONFLICT (staff_id, iban_hash) DO UPDATE SET member_number = excluded.member_number""",
    ),
)
SHAPES: dict[ReferenceKind, Shape] = {
    ReferenceKind.MEMBERS: MEMBERS,
    ReferenceKind.CONTRACTS: CONTRACTS,
    ReferenceKind.CONTRIBUTIONS: CONTRIBUTIONS,
    ReferenceKind.IBANS: IBANS,
    ReferenceKind.PROVIDERS: PROVIDERS,
    ReferenceKind.GUARANTEES: GUARANTEES,
    ReferenceKind.STAFF: STAFF,
}
