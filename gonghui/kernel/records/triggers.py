"""The database side of history: every version of every record, chained by hash.

One function serves all tables. Statement triggers with transition tables keep bulk writes at set
speed. Rows of `records_history` can be added, never changed or deleted.

The last version of a record is ordered by `id + 0`: by plain `id`, a planner without fresh statistics
(inside one long load) walks the primary key backwards through the whole past for every new record.
The table's name is made a text first: a `name` compares in another collation, for which the index of
versions is no use, and the last version of a record would be looked for in those of every table.
`OFFSET 0` keeps the planner from making the JSON of a row twice, once to store and once to hash.
"""

from __future__ import annotations

from django.db import connection, models

FUNCTIONS = """
CREATE OR REPLACE FUNCTION gonghui_moment() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('gonghui.now', true), '')::timestamptz, now())
$$;
CREATE OR REPLACE FUNCTION gonghui_actor() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('gonghui.actor', true), '')::bigint
$$;
CREATE OR REPLACE FUNCTION gonghui_history_hash(previous bytea, verb text, at timestamptz, actor bigint, content jsonb)
RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
  SELECT sha256(convert_to(coalesce(encode(previous, 'hex'), '') || verb || (extract(epoch FROM at))::text
    || coalesce(actor::text, '') || content::text, 'UTF8'))
$$;
CREATE OR REPLACE FUNCTION gonghui_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  here text := TG_TABLE_NAME;
  moment timestamptz := gonghui_moment();
  who bigint := gonghui_actor();
  what text := coalesce(nullif(current_setting('gonghui.verb', true), ''), lower(TG_OP) || ' by hand');
  why text := left(coalesce(current_setting('gonghui.reason', true), ''), 400);
BEGIN
  INSERT INTO records_history ("table", record_id, verb, reason, at, actor_id, row, hash)
  SELECT here, v.id, what, why, moment, who, v.content,
    gonghui_history_hash(
      (SELECT h.hash FROM records_history h WHERE h."table" = here AND h.record_id = v.id
       ORDER BY h.id + 0 DESC LIMIT 1), what, moment, who, v.content)
  FROM (SELECT r.id, to_jsonb(r) AS content FROM changed r OFFSET 0) v
  ORDER BY v.id;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION gonghui_history_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  here text := TG_TABLE_NAME;
BEGIN
  PERFORM set_config('gonghui.verb', 'delete', true);
  INSERT INTO records_history ("table", record_id, verb, reason, at, actor_id, row, hash)
  SELECT here, r.id, 'delete', left(coalesce(current_setting('gonghui.reason', true), ''), 400),
    gonghui_moment(), gonghui_actor(), to_jsonb(r),
    gonghui_history_hash(
      (SELECT h.hash FROM records_history h WHERE h."table" = here AND h.record_id = r.id
       ORDER BY h.id + 0 DESC LIMIT 1), 'delete', gonghui_moment(), gonghui_actor(), to_jsonb(r))
  FROM changed r;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION gonghui_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Tests empty whole tables between them; nobody else sets this.
  IF TG_OP = 'TRUNCATE' AND current_setting('gonghui.allow_truncate', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% refuses %: its rows are only ever added', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE TRIGGER records_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE
  ON records_history FOR EACH STATEMENT EXECUTE FUNCTION gonghui_refuse();
"""

PER_TABLE = """
CREATE OR REPLACE TRIGGER gonghui_history_insert AFTER INSERT ON "{table}"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gonghui_history();
CREATE OR REPLACE TRIGGER gonghui_history_update AFTER UPDATE ON "{table}"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gonghui_history();
CREATE OR REPLACE TRIGGER gonghui_history_delete AFTER DELETE ON "{table}"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gonghui_history_deleted();
"""

CHAIN = """
SELECT id FROM (
  SELECT id, hash, gonghui_history_hash(
    lag(hash) OVER (PARTITION BY "table", record_id ORDER BY id), verb, at, actor_id, row) AS expected
  FROM records_history) chained
WHERE hash <> expected ORDER BY id LIMIT %s
"""


def install(tables: list[type[models.Model]]) -> None:
    """Put the history triggers on the tables of registers; doing it again changes nothing."""
    statements = [FUNCTIONS]
    statements += [PER_TABLE.format(table=model._meta.db_table) for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("\n".join(statements))


def broken_links(limit: int = 20) -> list[int]:
    """The history entries whose hash does not follow from what stands before them."""
    with connection.cursor() as cursor:
        cursor.execute(CHAIN, [limit])
        return [row[0] for row in cursor.fetchall()]
