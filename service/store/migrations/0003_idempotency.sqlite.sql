-- The stored reply of a POST that named an Idempotency-Key, written in the transaction of its effect. `reply` is sealed
-- (it may hold a link); kept a day.
CREATE TABLE idempotent_request (
    token_id INTEGER NOT NULL REFERENCES api_token(id),
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    reply BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, key)
) STRICT;
CREATE INDEX idempotent_request_by_age ON idempotent_request(created_at);
