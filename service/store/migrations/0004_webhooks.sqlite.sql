-- Who is told about changes of a community's events and registrations, and what is still to be told. `secret` signs and
-- must be known in the clear to do so; it is sealed.
CREATE TABLE webhook (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community(id),
    url TEXT NOT NULL,
    events TEXT NOT NULL,
    secret BLOB NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_by_community ON webhook(community_id, id);
CREATE INDEX change_log_by_community ON change_log(community_id, id);
