-- Bulk acts: a frozen set of records, what is to be done with them (sealed: a value may be personal), and how far it is.
CREATE TABLE bulk (
  id BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL,
  expires BIGINT NOT NULL,
  job BYTEA,
  total BIGINT NOT NULL,
  place BIGINT NOT NULL,
  counts TEXT NOT NULL,
  items BYTEA NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA
);
CREATE INDEX bulk_expires ON bulk (expires);
