-- When a member's feed was last fetched and by which program, one row a person.
CREATE TABLE feed_fetch (
    person_id BIGINT PRIMARY KEY REFERENCES person(id),
    fetched_at BIGINT NOT NULL,
    client TEXT NOT NULL
);
-- What a person chose for the feed, and when.
ALTER TABLE person ADD COLUMN feed_alarm TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN feed_changed_at BIGINT NOT NULL DEFAULT 0;
UPDATE person SET feed_changed_at = created_at;
-- When what calendars show last changed: LAST-MODIFIED and DTSTAMP of an entry.
ALTER TABLE event ADD COLUMN shown_at BIGINT NOT NULL DEFAULT 0;
UPDATE event SET shown_at = updated_at;
ALTER TABLE registration ADD COLUMN shown_at BIGINT NOT NULL DEFAULT 0;
UPDATE registration SET shown_at = updated_at;
