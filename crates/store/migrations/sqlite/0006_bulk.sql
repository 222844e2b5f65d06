-- Bulk acts: a frozen set of records, what is to be done with them (sealed: a value may be personal), and how far it is.
CREATE TABLE bulk (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  state TEXT NOT NULL,
  expires BIGINT NOT NULL,
  job BLOB,
  total BIGINT NOT NULL,
  place BIGINT NOT NULL,
  counts TEXT NOT NULL,
  items BLOB NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB
);
CREATE INDEX bulk_expires ON bulk (expires);
