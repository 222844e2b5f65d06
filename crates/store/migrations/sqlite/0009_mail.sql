-- Mail: accounts, how far each folder was read, letters on their way. What names anybody is in the sealed boxes.
CREATE TABLE mail_account (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB,
  team BLOB,
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
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX mail_account_staff ON mail_account (staff);
CREATE INDEX mail_account_due ON mail_account (due);
CREATE TABLE mail_folder (
  account BLOB NOT NULL,
  folder TEXT NOT NULL,
  validity BIGINT NOT NULL,
  uid BIGINT NOT NULL,
  PRIMARY KEY (account, folder)
);
CREATE TABLE mail_outbox (
  id BLOB NOT NULL PRIMARY KEY,
  account BLOB NOT NULL,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  created BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  tries BIGINT NOT NULL,
  sent BIGINT,
  record BLOB,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX mail_outbox_next ON mail_outbox (state, next_at);
CREATE INDEX mail_outbox_staff ON mail_outbox (staff, id);
CREATE TABLE mail_template (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL,
  shared BOOLEAN NOT NULL,
  created BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
