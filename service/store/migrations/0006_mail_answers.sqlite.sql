-- What came in for the reply address, one row for each answer: `state` is counted, noted (from the right person, but it
-- changes nothing), unverified (somebody else wrote it) or unprocessed. `key` is an HMAC and makes one of the same mail
-- delivered again. `sender` is From as written, `content` the sealed mail of what a person has to look at.
-- `verified`: sequence and dtstamp of these tell which answer is the newest (RFC 5546 §2.1.5).
CREATE TABLE mail_answer (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    event_id INTEGER REFERENCES event(id),
    registration_id INTEGER REFERENCES registration(id),
    person_id INTEGER REFERENCES person(id),
    sender TEXT NOT NULL,
    answer TEXT NOT NULL,
    comment TEXT NOT NULL,
    verified INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    dtstamp INTEGER,
    content BLOB,
    received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_answer_by_event ON mail_answer(event_id, id);
CREATE INDEX mail_answer_by_registration ON mail_answer(registration_id) WHERE registration_id IS NOT NULL;
CREATE INDEX mail_answer_by_person ON mail_answer(person_id) WHERE person_id IS NOT NULL;
CREATE INDEX mail_answer_by_age ON mail_answer(received_at) WHERE state <> 'counted';
