-- Mail: accounts, how far each folder was read, letters on their way. What names anybody is in the sealed boxes.
CREATE TABLE mail_account (
  id BYTEA NOT NULL PRIMARY KEY,
  staff BYTEA,
  team BYTEA,
  share TEXT NOT NULL,
  state TEXT NOT NULL,
  fault TEXT NOT NULL,
  failing_since BIGINT,
  failures BIGINT NOT NULL,
  due BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  fetched BIGINT,
  seen BIGINT NOT NULL,
  captured BIGINT NOT NULL,
  duplicate BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX mail_account_staff ON mail_account (staff);
CREATE INDEX mail_account_due ON mail_account (due);
CREATE TABLE mail_folder (
  account BYTEA NOT NULL,
  folder TEXT NOT NULL,
  validity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  PRIMARY KEY (account, folder)
);
CREATE TABLE mail_outbox (
  id BYTEA NOT NULL PRIMARY KEY,
  account BYTEA NOT NULL,
  staff BYTEA NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  created BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  sent BIGINT,
  record BYTEA,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
CREATE INDEX mail_outbox_next ON mail_outbox (state, next_at);
CREATE INDEX mail_outbox_staff ON mail_outbox (staff, id);
CREATE TABLE mail_template (
  id BYTEA NOT NULL PRIMARY KEY,
  staff BYTEA NOT NULL,
  shared BOOLEAN NOT NULL,
  created BIGINT NOT NULL,
  vault_key BYTEA NOT NULL,
  sealed BYTEA NOT NULL
);
