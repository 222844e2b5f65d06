-- Automation: endpoints and what was or is to be sent to them, rules and their runs. Ids, kinds, keys of fields and states; what people wrote is in the sealed boxes.
CREATE TABLE automation_cursor (
  name TEXT NOT NULL PRIMARY KEY,
  idx BIGINT NOT NULL
);
CREATE TABLE webhook (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  hears TEXT NOT NULL,
  since BIGINT NOT NULL,
  failing_since BIGINT,
  delivered BIGINT,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE TABLE webhook_delivery (
  id BLOB NOT NULL PRIMARY KEY,
  webhook BLOB NOT NULL,
  what TEXT NOT NULL,
  cause BLOB NOT NULL,
  record BLOB NOT NULL,
  fields TEXT NOT NULL,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  status BIGINT,
  tries BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  done BIGINT
);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook, cause, record, what);
CREATE INDEX webhook_delivery_next ON webhook_delivery (state, next_at);
CREATE INDEX webhook_delivery_of ON webhook_delivery (webhook, id);
CREATE TABLE automation_rule (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  hears TEXT NOT NULL,
  since BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL,
  vault_key BLOB NOT NULL,
  sealed BLOB NOT NULL
);
CREATE INDEX automation_rule_staff ON automation_rule (staff);
CREATE TABLE automation_run (
  id BLOB NOT NULL PRIMARY KEY,
  rule BLOB NOT NULL,
  cause BLOB NOT NULL,
  record BLOB NOT NULL,
  version BIGINT NOT NULL,
  at BIGINT NOT NULL,
  depth BIGINT NOT NULL,
  state TEXT NOT NULL,
  step BIGINT NOT NULL,
  reason TEXT NOT NULL,
  detail TEXT NOT NULL,
  tries BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  done BIGINT
);
CREATE UNIQUE INDEX automation_run_once ON automation_run (rule, cause, record);
CREATE INDEX automation_run_next ON automation_run (state, next_at);
CREATE INDEX automation_run_of ON automation_run (rule, id);
