-- Segments: a saved view of people, for one purpose. Campaigns: a template, an account and a segment; whom a letter was written to, ids alone.
CREATE TABLE segment (
  id BYTEA NOT NULL PRIMARY KEY,
  list_view BYTEA NOT NULL,
  staff BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX segment_view ON segment (list_view, purpose);
CREATE TABLE campaign (
  id BYTEA NOT NULL PRIMARY KEY,
  staff BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  segment BYTEA NOT NULL,
  template BYTEA NOT NULL,
  account BYTEA NOT NULL,
  state TEXT NOT NULL,
  job BYTEA,
  place TEXT NOT NULL,
  barred TEXT NOT NULL,
  created BIGINT NOT NULL,
  begun BIGINT,
  ended BIGINT,
  version BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX campaign_staff ON campaign (staff, id);
CREATE TABLE campaign_person (
  campaign BYTEA NOT NULL,
  person BYTEA NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  letter BYTEA,
  at BIGINT NOT NULL,
  PRIMARY KEY (campaign, person)
);
