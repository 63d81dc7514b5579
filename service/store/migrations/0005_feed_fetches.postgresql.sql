-- When a member's feed was last fetched and by which program, one row a person.
CREATE TABLE feed_fetch (
    person_id BIGINT PRIMARY KEY REFERENCES person(id),
    fetched_at BIGINT NOT NULL,
    client TEXT NOT NULL
);
