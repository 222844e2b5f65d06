-- The data database. Nothing readable about a person is in it: ids, times, choices, amounts, hashes, sealed boxes.
-- Types are portable (TEXT, BIGINT, BOOLEAN, BLOB/BYTEA); time is microseconds UTC; every primary key begins with what it is sharded by.

-- Records: open columns that lists sort and filter by, and one sealed box.
CREATE TABLE record (
  id BYTEA NOT NULL PRIMARY KEY,
  doc BIGINT NOT NULL,
  kind TEXT NOT NULL,
  owner BYTEA,
  team BYTEA,
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
  vault_key BYTEA NOT NULL,
  leaf BYTEA NOT NULL,
  open TEXT NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX record_doc ON record (doc);
CREATE INDEX record_recent ON record (kind, updated, id);
CREATE INDEX record_created ON record (kind, created, id);
CREATE INDEX record_captured ON record (kind, captured, id);
CREATE INDEX record_team ON record (team, kind) WHERE team IS NOT NULL;
CREATE INDEX record_due ON record (decide_after, id);

-- The earlier versions: the old row, on update.
CREATE TABLE record_version (
  record BYTEA NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  leaf BYTEA NOT NULL,
  open TEXT NOT NULL,
  sealed BYTEA NOT NULL,
  PRIMARY KEY (record, version)
);

-- Open fields that lists sort or filter by: `field` is kind and key with a dot between.
CREATE TABLE record_facet (
  record BYTEA NOT NULL,
  field TEXT NOT NULL,
  n BIGINT,
  t TEXT COLLATE "C",
  PRIMARY KEY (record, field)
);
CREATE INDEX record_facet_n ON record_facet (field, n, record);
CREATE INDEX record_facet_t ON record_facet (field, t, record);

CREATE TABLE link (
  from_id BYTEA NOT NULL,
  role TEXT NOT NULL,
  to_id BYTEA NOT NULL,
  PRIMARY KEY (from_id, role, to_id)
);
CREATE INDEX link_back ON link (to_id, role, from_id);

CREATE TABLE timeline (
  subject BYTEA NOT NULL,
  at BIGINT NOT NULL,
  entry BYTEA NOT NULL,
  record BYTEA NOT NULL,
  what TEXT NOT NULL,
  PRIMARY KEY (subject, at, entry)
);
CREATE INDEX timeline_record ON timeline (record);

-- Index tables: rebuilt at will, left out of backups. The token index is the dialect's.
CREATE TABLE name_sort (
  record BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  prefix TEXT COLLATE "C" NOT NULL
);
CREATE INDEX name_sort_order ON name_sort (kind, prefix, record);

-- Blobs: named by the hash of their sealed bytes; their key is wrapped by the key of every record that refers to them.
CREATE TABLE blob (
  id BYTEA NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  size BIGINT NOT NULL,
  share BYTEA NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX blob_share ON blob (share);
CREATE TABLE blob_ref (
  record BYTEA NOT NULL,
  blob BYTEA NOT NULL,
  role TEXT NOT NULL,
  wrapped BYTEA NOT NULL,
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
  id BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  name TEXT NOT NULL,
  actor TEXT NOT NULL,
  stream BYTEA,
  seq BIGINT,
  chain BYTEA,
  day_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX event_actor ON event (actor, at);
CREATE UNIQUE INDEX event_stream ON event (stream, seq);
CREATE TABLE event_record (
  record BYTEA NOT NULL,
  at BIGINT NOT NULL,
  event BYTEA NOT NULL,
  PRIMARY KEY (record, at, event)
);
CREATE TABLE stream (
  id BYTEA NOT NULL PRIMARY KEY,
  opened BIGINT NOT NULL,
  closed BIGINT,
  seq BIGINT NOT NULL,
  chain BYTEA NOT NULL,
  leafed BIGINT NOT NULL
);
CREATE TABLE day_key (
  day BIGINT NOT NULL,
  class TEXT NOT NULL,
  vault_key BYTEA NOT NULL,
  PRIMARY KEY (day, class)
);

-- The ledger.
CREATE TABLE leaf_pending (
  unit BYTEA NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  event_box BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  data BYTEA NOT NULL,
  record BYTEA,
  version BIGINT,
  PRIMARY KEY (unit, n)
);
CREATE TABLE leaf (
  idx BIGINT NOT NULL PRIMARY KEY,
  hash BYTEA NOT NULL,
  data BYTEA NOT NULL,
  unit BYTEA NOT NULL,
  record BYTEA,
  version BIGINT
);
CREATE INDEX leaf_record ON leaf (record, version);
CREATE INDEX leaf_unit ON leaf (unit, idx);
CREATE INDEX leaf_hash ON leaf (hash);
CREATE TABLE tree (
  id BIGINT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  frontier BYTEA NOT NULL,
  at BIGINT NOT NULL,
  holder TEXT NOT NULL,
  fence BIGINT NOT NULL,
  lease_until BIGINT NOT NULL
);
CREATE TABLE tile (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hashes BYTEA NOT NULL,
  PRIMARY KEY (level, idx)
);
CREATE TABLE checkpoint (
  size BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  note TEXT NOT NULL
);

CREATE TABLE job (
  id BYTEA NOT NULL PRIMARY KEY,
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
  cause BYTEA NOT NULL,
  error TEXT NOT NULL,
  created BIGINT NOT NULL,
  finished BIGINT
);
CREATE INDEX job_ready ON job (state, run_at);
CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE state IN ('ready', 'running');

-- Destruction: the order, what it covers, the certificate.
CREATE TABLE destroy_order (
  id BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  request BYTEA,
  body BYTEA NOT NULL,
  leaf BYTEA NOT NULL
);
CREATE INDEX destroy_order_state ON destroy_order (state);
CREATE TABLE destroy_item (
  destroy_order BYTEA NOT NULL,
  record BYTEA NOT NULL,
  doc BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  fields TEXT NOT NULL,
  PRIMARY KEY (destroy_order, record)
);
CREATE INDEX destroy_item_record ON destroy_item (record);
CREATE TABLE certificate (
  destroy_order BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  body BYTEA NOT NULL,
  leaf BYTEA NOT NULL
);
CREATE TABLE suppression (
  hash BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  destroy_order BYTEA NOT NULL
);

-- What people are to review before it is ordered, and who approved.
CREATE TABLE proposal (
  id BYTEA NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  cause TEXT NOT NULL,
  body BYTEA NOT NULL
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
  id BYTEA NOT NULL PRIMARY KEY,
  placed BIGINT NOT NULL,
  placed_by TEXT NOT NULL,
  released BIGINT,
  released_by TEXT,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE TABLE hold_record (
  record BYTEA NOT NULL,
  hold BYTEA NOT NULL,
  PRIMARY KEY (record, hold)
);
CREATE INDEX hold_record_hold ON hold_record (hold);
CREATE TABLE request (
  id BYTEA NOT NULL PRIMARY KEY,
  person BYTEA NOT NULL,
  law TEXT NOT NULL,
  kind TEXT NOT NULL,
  received BIGINT NOT NULL,
  due BIGINT NOT NULL,
  verified BOOLEAN NOT NULL,
  state TEXT NOT NULL,
  closed BIGINT,
  destroy_order BYTEA,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX request_person ON request (person);
CREATE INDEX request_open ON request (state, due);

-- To whom a person's data were disclosed, and whether they were told that they were erased, corrected or restricted.
CREATE TABLE disclosure (
  id BYTEA NOT NULL PRIMARY KEY,
  person BYTEA NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  request BYTEA,
  task BYTEA,
  answered BIGINT,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX disclosure_person ON disclosure (person, at);
CREATE INDEX disclosure_request ON disclosure (request);

-- Imports and captures.
CREATE TABLE batch (
  id BYTEA NOT NULL PRIMARY KEY,
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
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE TABLE batch_item (
  batch BYTEA NOT NULL,
  n BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  record BYTEA,
  before BIGINT,
  after BIGINT,
  raw BYTEA,
  PRIMARY KEY (batch, n)
);
CREATE INDEX batch_item_record ON batch_item (record);

-- Identity. Staff are people too: names and addresses are sealed.
CREATE TABLE staff (
  id BYTEA NOT NULL PRIMARY KEY,
  login BYTEA NOT NULL,
  role TEXT NOT NULL,
  team BYTEA,
  state TEXT NOT NULL,
  password TEXT NOT NULL,
  failed BIGINT NOT NULL,
  locked_until BIGINT NOT NULL,
  created BIGINT NOT NULL,
  settings TEXT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE UNIQUE INDEX staff_login ON staff (login);
CREATE TABLE role (
  name TEXT NOT NULL PRIMARY KEY,
  grants TEXT NOT NULL
);
CREATE TABLE session (
  id BYTEA NOT NULL PRIMARY KEY,
  hash BYTEA NOT NULL,
  csrf BYTEA NOT NULL,
  staff BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  created BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  confirmed BIGINT NOT NULL
);
CREATE UNIQUE INDEX session_hash ON session (hash);
CREATE INDEX session_staff ON session (staff);
CREATE TABLE api_key (
  id BYTEA NOT NULL PRIMARY KEY,
  hash BYTEA NOT NULL,
  staff BYTEA NOT NULL,
  label TEXT NOT NULL,
  purpose TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  revoked BIGINT
);
CREATE UNIQUE INDEX api_key_hash ON api_key (hash);

CREATE TABLE query (
  id BYTEA NOT NULL PRIMARY KEY,
  staff TEXT NOT NULL,
  expires BIGINT NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX query_expires ON query (expires);
CREATE TABLE idempotency (
  hash BYTEA NOT NULL PRIMARY KEY,
  body BYTEA NOT NULL,
  status BIGINT NOT NULL,
  ids TEXT NOT NULL,
  expires BIGINT NOT NULL
);
-- What a job made for somebody to fetch: a package, an export. The bytes are a sealed blob that dies when it expires.
CREATE TABLE artifact (
  id BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  job BYTEA NOT NULL,
  actor TEXT NOT NULL,
  blob_name TEXT NOT NULL,
  size BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  request BYTEA,
  vault_key BYTEA NOT NULL
);
CREATE INDEX artifact_expires ON artifact (expires);
