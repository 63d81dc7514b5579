-- A series that was changed from one date on is several events: which is the first of them, and which comes next.
ALTER TABLE event ADD COLUMN first_uid TEXT;
ALTER TABLE event ADD COLUMN next_uid TEXT;
