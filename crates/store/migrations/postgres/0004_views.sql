-- Saved views of lists: whose, of which kind, and a sealed box with name, filter, order and columns (a filter may name people).
CREATE TABLE list_view (
  id BYTEA NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  staff BYTEA NOT NULL,
  shared BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX list_view_staff ON list_view (staff, kind);
CREATE INDEX list_view_shared ON list_view (kind) WHERE shared;
-- Which view a kind's list opens with: for one member of staff, or for everybody (sixteen zeros).
CREATE TABLE list_default (
  holder BYTEA NOT NULL,
  kind TEXT NOT NULL,
  list_view BYTEA NOT NULL,
  PRIMARY KEY (holder, kind)
);
CREATE INDEX list_default_view ON list_default (list_view);
-- The roles that share views from now on.
UPDATE role SET grants = substr(grants, 1, length(grants) - 1) || ',{"privilege":"share","kind":"*","class":"sensitive","reach":"all","purposes":["administration","sales","support","billing","marketing","legal"]}]'
WHERE name IN ('admin', 'manager') AND grants LIKE '[{%' AND grants NOT LIKE '%"privilege":"share"%';
