-- Who is told about changes of a community's events and registrations. `secret` signs and must be known in the clear to
-- do so; it is sealed. `events`: names separated by spaces, or *. `state` is active or paused; failing_since and retry_at
-- belong to the receiver as a whole: while it fails, one delivery at a time tries the way.
CREATE TABLE webhook (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community(id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BYTEA NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    failing_since BIGINT,
    retry_at BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX webhook_by_community ON webhook(community_id, id);

-- A delivery is a row of the outbox like a mail, but for a webhook instead of a person: the table gets a second kind of
-- recipient. Each kind has its own indexes, so that a queue of one never stands in the way of the other.
ALTER TABLE outbox ALTER COLUMN person_id DROP NOT NULL;
ALTER TABLE outbox ADD COLUMN webhook_id BIGINT REFERENCES webhook(id) ON DELETE CASCADE;
ALTER TABLE outbox ADD CHECK ((person_id IS NULL) <> (webhook_id IS NULL));
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox(due_at, id) WHERE state = 'pending' AND webhook_id IS NULL;
CREATE INDEX outbox_failed ON outbox(id) WHERE state = 'failed';
CREATE INDEX outbox_by_webhook ON outbox(webhook_id, id) WHERE webhook_id IS NOT NULL;
CREATE INDEX outbox_webhook_due ON outbox(webhook_id, due_at, id) WHERE state = 'pending' AND webhook_id IS NOT NULL;
CREATE INDEX outbox_webhook_open ON outbox(webhook_id, subject_id, id)
    WHERE state IN ('pending', 'sending') AND webhook_id IS NOT NULL;

-- The audit log says from which request a change came, and is chained: a line gets its position and a hash over itself
-- and the line before it within moments of its commit (usecases/audit.hpp). It only grows.
ALTER TABLE change_log ADD COLUMN request_id TEXT;
ALTER TABLE change_log ADD COLUMN position BIGINT;
ALTER TABLE change_log ADD COLUMN hash TEXT;
CREATE UNIQUE INDEX change_log_chain ON change_log(position) WHERE position IS NOT NULL;
CREATE INDEX change_log_unsealed ON change_log(id) WHERE position IS NULL;
CREATE INDEX change_log_by_community ON change_log(community_id, id);
CREATE FUNCTION change_log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL
        AND (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.community_id, NEW.event_id, NEW.person_id, NEW.detail, NEW.request_id)
            IS NOT DISTINCT FROM
            (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.community_id, OLD.event_id, OLD.person_id, OLD.detail, OLD.request_id)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit log only grows';
END
$$;
CREATE TRIGGER change_log_stays BEFORE UPDATE OR DELETE ON change_log FOR EACH ROW EXECUTE FUNCTION change_log_only_grows();
