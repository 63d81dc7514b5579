-- The stored reply of a POST that named an Idempotency-Key, written in the transaction of its effect and kept a day.
-- Key, fingerprint (of the request) and subject (the address it speaks of) are HMACs: nothing here can be read.
-- `reply` is sealed; NULL once the person it names has been erased.
CREATE TABLE idempotent_request (
    token_id BIGINT NOT NULL REFERENCES api_token(id),
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    subject TEXT,
    reply BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);
CREATE INDEX idempotent_request_by_age ON idempotent_request(created_at);
CREATE INDEX idempotent_request_by_subject ON idempotent_request(subject) WHERE subject IS NOT NULL;
