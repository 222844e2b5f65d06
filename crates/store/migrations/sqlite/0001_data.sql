-- The data database. Nothing readable about a person is in it: ids, times, choices, amounts, hashes, sealed boxes.
-- Types are portable (TEXT, BIGINT, BOOLEAN, BLOB/BYTEA); time is microseconds UTC; every primary key begins with what it is sharded by.

-- Records: open columns that lists sort and filter by, and one sealed box.
CREATE TABLE record (
  id BLOB NOT NULL PRIMARY KEY,
  doc BIGINT NOT NULL,
  kind TEXT NOT NULL,
  owner BLOB,
  team BLOB,
  class BIGINT NOT NULL,
  usable BIGINT NOT NULL,
  state TEXT NOT NULL,
  version BIGINT NOT NULL,
  created BIGINT NOT NULL,
  captured BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  decide_after BIGINT NOT NULL,
  kept_until BIGINT,
  law TEXT NOT NULL,
  facts TEXT NOT NULL,
  vault_key BLOB NOT NULL,
  leaf BLOB NOT NULL,
  open TEXT NOT NULL,
  sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX record_doc ON record (doc);
CREATE INDEX record_recent ON record (kind, updated, id);
CREATE INDEX record_created ON record (kind, created, id);
CREATE INDEX record_captured ON record (kind, captured, id);
CREATE INDEX record_team ON record (team, kind) WHERE team IS NOT NULL;
CREATE INDEX record_due ON record (decide_after, id);

-- The earlier versions: the old row, on update.
CREATE TABLE record_version (
  record BLOB NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  leaf BLOB NOT NULL,
  open TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (record, version)
);

-- Open fields that lists sort or filter by: `field` is kind and key with a dot between.
CREATE TABLE record_facet (
  record BLOB NOT NULL,
  field TEXT NOT NULL,
  n BIGINT,
  t TEXT,
  PRIMARY KEY (record, field)
);
CREATE INDEX record_facet_n ON record_facet (field, n, record);
CREATE INDEX record_facet_t ON record_facet (field, t, record);

CREATE TABLE link (
  from_id BLOB NOT NULL,
  role TEXT NOT NULL,
  to_id BLOB NOT NULL,
  PRIMARY KEY (from_id, role, to_id)
);
CREATE INDEX link_back ON link (to_id, role, from_id);

CREATE TABLE timeline (
  subject BLOB NOT NULL,
  at BIGINT NOT NULL,
  entry BLOB NOT NULL,
  record BLOB NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY (subject, at, entry)
);
CREATE INDEX timeline_record ON timeline (record);

-- Index tables: rebuilt at will, left out of backups. The token index is the dialect's.
CREATE TABLE name_sort (
  record BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  prefix TEXT NOT NULL
);
CREATE INDEX name_sort_order ON name_sort (kind, prefix, record);

-- Blobs: named by the hash of their sealed bytes; their key is wrapped by the key of every record that refers to them.
CREATE TABLE blob (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  share BLOB NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX blob_share ON blob (share);
CREATE TABLE blob_ref (
  record BLOB NOT NULL,
  blob BLOB NOT NULL,
  role TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  PRIMARY KEY (record, blob)
);
CREATE INDEX blob_ref_blob ON blob_ref (blob);

CREATE TABLE catalogue_kind (
  key TEXT NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (key, version)
);
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
);
-- Moves whenever a record's state, usability or key changes, so that a read in flight is checked again.
CREATE TABLE standing (
  id BIGINT NOT NULL PRIMARY KEY,
  n BIGINT NOT NULL
);
INSERT INTO standing (id, n) VALUES (1, 0);

-- The trail.
CREATE TABLE event (
  id BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  name TEXT NOT NULL,
  actor TEXT NOT NULL,
  stream BLOB,
  seq BIGINT,
  chain BLOB,
  day_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX event_actor ON event (actor, at);
CREATE UNIQUE INDEX event_stream ON event (stream, seq);
CREATE TABLE event_record (
  record BLOB NOT NULL,
  at BIGINT NOT NULL,
  event BLOB NOT NULL,
  PRIMARY KEY (record, at, event)
);
CREATE TABLE stream (
  id BLOB NOT NULL PRIMARY KEY,
  opened BIGINT NOT NULL,
  closed BIGINT,
  seq BIGINT NOT NULL,
  chain BLOB NOT NULL,
  leafed BIGINT NOT NULL
);
CREATE TABLE day_key (
  day BIGINT NOT NULL,
  class TEXT NOT NULL,
  vault_key BLOB NOT NULL,
  PRIMARY KEY (day, class)
);

-- The ledger.
CREATE TABLE leaf_pending (
  unit BLOB NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  event_box BLOB NOT NULL,
  hash BLOB NOT NULL,
  data BLOB NOT NULL,
  record BLOB,
  version BIGINT,
  PRIMARY KEY (unit, n)
);
CREATE TABLE leaf (
  idx BIGINT NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL,
  data BLOB NOT NULL,
  unit BLOB NOT NULL,
  record BLOB,
  version BIGINT
);
CREATE INDEX leaf_record ON leaf (record, version);
CREATE INDEX leaf_unit ON leaf (unit, idx);
CREATE INDEX leaf_hash ON leaf (hash);
CREATE TABLE tree (
  id BIGINT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  root BLOB NOT NULL,
  frontier BLOB NOT NULL,
  at BIGINT NOT NULL,
  holder TEXT NOT NULL,
  fence BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);
CREATE TABLE tile (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hashes BLOB NOT NULL,
  PRIMARY KEY (level, idx)
);
CREATE TABLE checkpoint (
  size BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  note TEXT NOT NULL
);

CREATE TABLE job (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  unique_key TEXT NOT NULL,
  args TEXT NOT NULL,
  state TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  cursor TEXT NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  actor TEXT NOT NULL,
  purpose TEXT NOT NULL,
  cause BLOB NOT NULL,
  error TEXT NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT
);
CREATE INDEX job_ready ON job (state, run_at);
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state IN ('ready', 'running');

-- Destruction: the order, what it covers, the certificate.
CREATE TABLE destroy_order (
  id BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  request BLOB,
  body BLOB NOT NULL,
  leaf BLOB NOT NULL
);
CREATE INDEX destroy_order_state ON destroy_order (state);
CREATE TABLE destroy_item (
  destroy_order BLOB NOT NULL,
  record BLOB NOT NULL,
  doc BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (destroy_order, record)
);
CREATE INDEX destroy_item_record ON destroy_item (record);
CREATE TABLE certificate (
  destroy_order BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  body BLOB NOT NULL,
  leaf BLOB NOT NULL
);
CREATE TABLE suppression (
  hash BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  destroy_order BLOB NOT NULL
);

-- What people are to review before it is ordered, and who approved.
CREATE TABLE proposal (
  id BLOB NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  body BLOB NOT NULL
);

-- Retention.
CREATE TABLE rule (
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  pack TEXT NOT NULL,
  state TEXT NOT NULL,
  adopted BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (id, version)
);
CREATE TABLE hold (
  id BLOB NOT NULL PRIMARY KEY,
  placed BIGINT NOT NULL,
  placed_by TEXT NOT NULL,
  released BIGINT,
  released_by TEXT,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE TABLE hold_record (
  record BLOB NOT NULL,
  hold BLOB NOT NULL,
  PRIMARY KEY (record, hold)
);
CREATE INDEX hold_record_hold ON hold_record (hold);
CREATE TABLE request (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  law TEXT NOT NULL,
  kind TEXT NOT NULL,
  received BIGINT NOT NULL,
  due BIGINT NOT NULL,
  verified BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  closed BIGINT,
  destroy_order BLOB,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX request_person ON request (person);
CREATE INDEX request_open ON request (state, due);

-- To whom a person's data were disclosed, and whether they were told that they were erased, corrected or restricted.
CREATE TABLE disclosure (
  id BLOB NOT NULL PRIMARY KEY,
  person BLOB NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  request BLOB,
  task BLOB,
  answered BIGINT,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX disclosure_person ON disclosure (person, at);
CREATE INDEX disclosure_request ON disclosure (request);

-- Imports and captures.
CREATE TABLE batch (
  id BLOB NOT NULL PRIMARY KEY,
  what TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  started BIGINT NOT NULL,
  finished BIGINT,
  actor TEXT NOT NULL,
  seen BIGINT NOT NULL,
  created BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  duplicate BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE TABLE batch_item (
  batch BLOB NOT NULL,
  n BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  record BLOB,
  before BIGINT,
  after BIGINT,
  raw BLOB,
  PRIMARY KEY (batch, n)
);
CREATE INDEX batch_item_record ON batch_item (record);

-- Identity. Staff are people too: names and addresses are sealed.
CREATE TABLE staff (
  id BLOB NOT NULL PRIMARY KEY,
  login BLOB NOT NULL,
  role TEXT NOT NULL,
  team BLOB,
  state TEXT NOT NULL,
  password TEXT NOT NULL,
  failed BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  created BIGINT NOT NULL,
  settings TEXT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE UNIQUE INDEX staff_login ON staff (login);
CREATE TABLE role (
  name TEXT NOT NULL PRIMARY KEY,
  grants TEXT NOT NULL
);
CREATE TABLE session (
  id BLOB NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL,
  csrf BLOB NOT NULL,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  confirmed BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_staff ON session (staff);
CREATE TABLE api_key (
  id BLOB NOT NULL PRIMARY KEY,
  hash BLOB NOT NULL,
  staff BLOB NOT NULL,
  label TEXT NOT NULL,
  purpose TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT
);
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);

CREATE TABLE query (
  id BLOB NOT NULL PRIMARY KEY,
  staff TEXT NOT NULL,
  expires BIGINT NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX query_expires ON query (expires);
CREATE TABLE idempotency (
  hash BLOB NOT NULL PRIMARY KEY,
  body BLOB NOT NULL,
  status BIGINT NOT NULL,
  ids TEXT NOT NULL,
  expires BIGINT NOT NULL
);
-- What a job made for somebody to fetch: a package, an export. The bytes are a sealed blob that dies when it expires.
CREATE TABLE artifact (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  job BLOB NOT NULL,
  actor TEXT NOT NULL,
  blob_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  request BLOB,
  vault_key BLOB NOT NULL
);
CREATE INDEX artifact_expires ON artifact (expires);
