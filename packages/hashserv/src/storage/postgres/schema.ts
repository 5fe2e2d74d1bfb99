/**
 * The tables that the reference makes on PostgreSQL, so that it can be replaced on its own database, and take turns with
 * us. Ours count rows in eight bytes. `outhash_lookup_v3` is replaced by one that also has `created` and the id, so that
 * the oldest row of an output is its first entry.
 */
export const SCHEMA = `
CREATE TABLE IF NOT EXISTS unihashes_v3 (
  id BIGSERIAL PRIMARY KEY,
  method TEXT NOT NULL,
  taskhash TEXT NOT NULL,
  unihash TEXT NOT NULL,
  gc_mark TEXT NOT NULL,
  UNIQUE (method, taskhash)
);
CREATE TABLE IF NOT EXISTS outhashes_v2 (
  id BIGSERIAL PRIMARY KEY,
  method TEXT NOT NULL,
  taskhash TEXT NOT NULL,
  outhash TEXT NOT NULL,
  created TIMESTAMP,
  owner TEXT,
  "PN" TEXT,
  "PV" TEXT,
  "PR" TEXT,
  task TEXT,
  outhash_siginfo TEXT,
  UNIQUE (method, taskhash, outhash)
);
CREATE TABLE IF NOT EXISTS users (
  id BIGSERIAL PRIMARY KEY,
  username TEXT NOT NULL,
  token TEXT NOT NULL,
  permissions TEXT,
  UNIQUE (username)
);
CREATE TABLE IF NOT EXISTS config (
  id BIGSERIAL PRIMARY KEY,
  name TEXT NOT NULL,
  value TEXT,
  UNIQUE (name)
);
CREATE INDEX IF NOT EXISTS unihash_lookup_v1 ON unihashes_v3 (unihash);
CREATE INDEX IF NOT EXISTS outhash_lookup_v4 ON outhashes_v2 (method, outhash, created NULLS FIRST, id);
DROP INDEX IF EXISTS outhash_lookup_v3;
DROP INDEX IF EXISTS taskhash_lookup_v4;
DO $$ BEGIN
  IF to_regclass('unihashes_v2') IS NOT NULL THEN
    INSERT INTO unihashes_v3 (id, method, taskhash, unihash, gc_mark)
      SELECT id, method, taskhash, unihash, '' FROM unihashes_v2 ON CONFLICT DO NOTHING;
    PERFORM setval(pg_get_serial_sequence('unihashes_v3', 'id'), (SELECT max(id) FROM unihashes_v3));
    DROP TABLE unihashes_v2;
  END IF;
END $$;`;
