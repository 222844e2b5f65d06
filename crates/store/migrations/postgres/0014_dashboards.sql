-- Dashboards: whose, who sees them, and a sealed box with name and tiles (a name is anybody's words). Which one stands on somebody's desk.
CREATE TABLE dashboard (
  id BYTEA NOT NULL PRIMARY KEY,
  staff BYTEA NOT NULL,
  team BYTEA,
  shared TEXT NOT NULL,
  version BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX dashboard_staff ON dashboard (staff);
CREATE INDEX dashboard_shared ON dashboard (shared);
CREATE TABLE dashboard_home (
  staff BYTEA NOT NULL PRIMARY KEY,
  dashboard BYTEA NOT NULL
);
