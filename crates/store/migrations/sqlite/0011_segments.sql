-- Segments: a saved view of people, for one purpose. Campaigns: a template, an account and a segment; whom a letter was written to, ids alone.
CREATE TABLE segment (
  id BLOB NOT NULL PRIMARY KEY,
  list_view BLOB NOT NULL,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX segment_view ON segment (list_view, purpose);
CREATE TABLE campaign (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  segment BLOB NOT NULL,
  template BLOB NOT NULL,
  account BLOB NOT NULL,
  state TEXT NOT NULL,
  job BLOB,
  place TEXT NOT NULL,
  barred TEXT NOT NULL,
  created BIGINT NOT NULL,
  begun BIGINT,
  ended BIGINT,
  version BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX campaign_staff ON campaign (staff, id);
CREATE TABLE campaign_person (
  campaign BLOB NOT NULL,
  person BLOB NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  letter BLOB,
  at BIGINT NOT NULL,
  PRIMARY KEY (campaign, person)
);
