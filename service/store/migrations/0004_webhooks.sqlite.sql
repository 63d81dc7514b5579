-- Who is told about changes of a community's events and registrations. `secret` signs and must be known in the clear to
-- do so; it is sealed. `events`: names separated by spaces, or *. `state` is active or paused; failing_since and retry_at
-- belong to the receiver as a whole: while it fails, one delivery at a time tries the way.
CREATE TABLE webhook (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community(id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BLOB NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    failing_since INTEGER,
    retry_at INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_by_community ON webhook(community_id, id);

-- A delivery is a row of the outbox like a mail, but for a webhook instead of a person: the table gets a second kind of
-- recipient. Each kind has its own indexes, so that a queue of one never stands in the way of the other.
CREATE TABLE outbox_with_webhooks (
    id INTEGER PRIMARY KEY,
    unique_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_id INTEGER REFERENCES person(id),
    webhook_id INTEGER REFERENCES webhook(id) ON DELETE CASCADE,
    event_id INTEGER REFERENCES event(id),
    registration_id INTEGER REFERENCES registration(id),
    subject_id INTEGER,
    cause INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    not_after INTEGER,
    attempts INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    message_id TEXT NOT NULL,
    sequence INTEGER,
    sender TEXT,
    subject TEXT,
    bytes BLOB,
    last_error TEXT,
    reply TEXT,
    created_at INTEGER NOT NULL,
    frozen_at INTEGER,
    sent_at INTEGER,
    CHECK ((person_id IS NULL) <> (webhook_id IS NULL))
) STRICT;
INSERT INTO outbox_with_webhooks (id, unique_key, kind, person_id, event_id, registration_id, subject_id, cause, recipient, detail, state, due_at, not_after, attempts, lease_owner, lease_until, message_id, sequence, sender, subject, bytes, last_error, reply, created_at, frozen_at, sent_at)
    SELECT id, unique_key, kind, person_id, event_id, registration_id, subject_id, cause, recipient, detail, state, due_at, not_after, attempts, lease_owner, lease_until, message_id, sequence, sender, subject, bytes, last_error, reply, created_at, frozen_at, sent_at FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_with_webhooks RENAME TO outbox;
CREATE INDEX outbox_due ON outbox(due_at, id) WHERE state = 'pending' AND webhook_id IS NULL;
CREATE INDEX outbox_sending ON outbox(lease_until) WHERE state = 'sending';
CREATE INDEX outbox_failed ON outbox(id) WHERE state = 'failed';
CREATE INDEX outbox_by_person ON outbox(person_id, event_id, id);
CREATE INDEX outbox_open_by_person ON outbox(person_id, event_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_by_event ON outbox(event_id, id);
CREATE INDEX outbox_by_webhook ON outbox(webhook_id, id) WHERE webhook_id IS NOT NULL;
CREATE INDEX outbox_webhook_due ON outbox(webhook_id, due_at, id) WHERE state = 'pending' AND webhook_id IS NOT NULL;
CREATE INDEX outbox_webhook_open ON outbox(webhook_id, subject_id, id)
    WHERE state IN ('pending', 'sending') AND webhook_id IS NOT NULL;

-- The audit log says from which request a change came, and is chained: a line gets its position and a hash over itself
-- and the line before it within moments of its commit (usecases/audit.hpp). It only grows.
ALTER TABLE change_log ADD COLUMN request_id TEXT;
ALTER TABLE change_log ADD COLUMN position INTEGER;
ALTER TABLE change_log ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX change_log_chain ON change_log(position) WHERE position IS NOT NULL;
CREATE INDEX change_log_unsealed ON change_log(id) WHERE position IS NULL;
CREATE INDEX change_log_by_community ON change_log(community_id, id);
CREATE TRIGGER change_log_stays BEFORE DELETE ON change_log BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;
CREATE TRIGGER change_log_unchanged BEFORE UPDATE ON change_log
WHEN OLD.position IS NOT NULL OR NEW.id <> OLD.id OR NEW.at <> OLD.at OR NEW.actor <> OLD.actor OR NEW.action <> OLD.action
    OR NEW.community_id IS NOT OLD.community_id OR NEW.event_id IS NOT OLD.event_id OR NEW.person_id IS NOT OLD.person_id
    OR NEW.detail <> OLD.detail OR NEW.request_id IS NOT OLD.request_id
BEGIN
    SELECT RAISE(ABORT, 'the audit log only grows');
END;
