"""Complaints are found by their words, names and numbers; searches are kept to be sent to a colleague."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

WORD_KINDS = "asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part, hword_numpart"
CONFIGURATIONS = f"""
CREATE TEXT SEARCH DICTIONARY public.every_french_word (TEMPLATE = snowball, LANGUAGE = french);
CREATE TEXT SEARCH CONFIGURATION public.french_words (COPY = pg_catalog.french);
ALTER TEXT SEARCH CONFIGURATION public.french_words
    ALTER MAPPING FOR {WORD_KINDS} WITH public.unaccent, public.every_french_word;
CREATE TEXT SEARCH CONFIGURATION public.names (COPY = pg_catalog.simple);
ALTER TEXT SEARCH CONFIGURATION public.names
    ALTER MAPPING FOR {WORD_KINDS} WITH public.unaccent, pg_catalog.simple;
"""
"""Without stop words: a phrase is found with its small words, and `-le` means what it says."""

PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~«»‹›“”„‘’‚–—‐‑…·•°§€£\u00a0\u202f\u2009\x02\x03"
SPACED = f"""
CREATE FUNCTION public.spaced(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $$ SELECT translate(words, $p${PUNCTUATION}$p$, repeat(' ', {len(PUNCTUATION)})) $$
"""
"""Sign by sign, so that a place in the one text is the same place in the other; the last two mark what was found."""

WORDS_OF = """
CREATE VIEW words_of AS
SELECT c.case_id,
       ltrim(split_part(k.reference, '-', 3), '0') AS number,
       to_tsvector('public.names', public.spaced(concat_ws(' ', c.complainant_name, c.member_number))) AS names,
       to_tsvector('public.french_words', public.spaced(c.subject || ' ' || c.text)) AS words
FROM complaints c JOIN cases k ON k.id = c.case_id
"""
KEEP_WORDS = """
CREATE FUNCTION keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO complaint_words (case_id, number, names, words)
    SELECT * FROM words_of WHERE case_id = NEW.case_id
    ON CONFLICT (case_id) DO UPDATE
    SET number = excluded.number, names = excluded.names, words = excluded.words;
    RETURN NULL;
END $$
"""
FILL = "INSERT INTO complaint_words (case_id, number, names, words) SELECT * FROM words_of"


def upgrade() -> None:
    """The words of every complaint beside it: written when it arrives, left alone by all that is decided later."""
    for command in CONFIGURATIONS.strip().split(";\n"):
        op.execute(command)
    op.execute(SPACED)
    op.execute(WORDS_OF)
    _create_complaint_words()
    _keep_them()
    op.execute(FILL)
    op.create_index(op.f("ix_complaint_words_number"), "complaint_words", ["number"])
    op.create_index("ix_complaint_words_found", "complaint_words", ["names", "words"], postgresql_using="gin")
    op.create_table(
        "searches",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("person_id", sa.UUID(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at_wall", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_wall", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["staff.id"], name=op.f("fk_searches_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_searches")),
    )
    op.create_index(op.f("ix_searches_last_used_wall"), "searches", ["last_used_wall"])


def _create_complaint_words() -> None:
    op.create_table(
        "complaint_words",
        sa.Column("case_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("names", postgresql.TSVECTOR(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["complaints.case_id"], name=op.f("fk_complaint_words_case_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_complaint_words")),
    )


def _keep_them() -> None:
    """First the trigger, then what was there before: the trigger waits for whoever writes a complaint, and lets nobody
    write one until it holds for them, so that the filling sees all that the trigger did not.
    """
    op.execute(KEEP_WORDS)
    op.execute(
        "CREATE TRIGGER keep_words AFTER INSERT OR UPDATE OF complainant_name, member_number, subject, text "
        "ON complaints FOR EACH ROW EXECUTE FUNCTION keep_words()"
    )
