-- The stored reply of a POST that named an Idempotency-Key, written in the transaction of its effect. `reply` is sealed
-- (it may hold a link); kept a day.
CREATE TABLE idempotent_request (
    token_id BIGINT NOT NULL REFERENCES api_token(id),
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    reply BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotent_request_by_age ON idempotent_request(created_at);
