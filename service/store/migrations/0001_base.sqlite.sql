-- The base schema. Instants are seconds since 1970 UTC; days are days since 1970; ids come from the program.

CREATE TABLE instance (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE community (
    id INTEGER PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- A person is an address. What a community knows of it stands in member.
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    feed_version INTEGER NOT NULL,
    provisional_in_feed INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community(id),
    person_id INTEGER NOT NULL REFERENCES person(id),
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    category TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    role TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (community_id, person_id)
) STRICT;
CREATE INDEX member_by_person ON member(person_id);
CREATE INDEX member_by_community ON member(community_id, id);

CREATE TABLE working_group (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community(id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (community_id, slug)
) STRICT;

CREATE TABLE working_group_member (
    working_group_id INTEGER NOT NULL REFERENCES working_group(id),
    member_id INTEGER NOT NULL REFERENCES member(id) ON DELETE CASCADE,
    PRIMARY KEY (working_group_id, member_id)
) STRICT;
CREATE INDEX working_group_member_by_member ON working_group_member(member_id);

CREATE TABLE programme (
    id INTEGER PRIMARY KEY,
    community_id INTEGER NOT NULL REFERENCES community(id),
    title TEXT NOT NULL,
    period TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX programme_by_community ON programme(community_id, id);

CREATE TABLE objective (
    programme_id INTEGER NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (programme_id, position)
) STRICT;

CREATE TABLE topic (
    programme_id INTEGER NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    objective_position INTEGER NOT NULL,
    position INTEGER NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (programme_id, objective_position, position)
) STRICT;

CREATE TABLE programme_output (
    programme_id INTEGER NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    due TEXT NOT NULL,
    topics TEXT NOT NULL,
    PRIMARY KEY (programme_id, position)
) STRICT;

-- `definition` is all that an organiser wrote, as the JSON of the API; the columns beside it are computed from it
-- for look-ups and for the rules on seats. starts_at and ends_at are caches of wall time + zone, never the truth.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    schedule_kind TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    working_group_id INTEGER REFERENCES working_group(id),
    capacity_on_site INTEGER,
    capacity_online INTEGER,
    link_due TEXT,
    cancel_reason TEXT,
    sequence INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    published_at INTEGER,
    invited_at INTEGER,
    cancelled_at INTEGER,
    import_source TEXT,
    import_key TEXT,
    import_row TEXT
) STRICT;
CREATE INDEX event_by_end ON event(ends_at, id);
CREATE INDEX event_open_by_end ON event(ends_at) WHERE state = 'published';
CREATE INDEX event_by_import ON event(import_source, import_key);

CREATE TABLE event_community (
    event_id INTEGER NOT NULL REFERENCES event(id),
    position INTEGER NOT NULL,
    community_id INTEGER NOT NULL REFERENCES community(id),
    PRIMARY KEY (event_id, position)
) STRICT;
CREATE INDEX event_community_by_community ON event_community(community_id, event_id);

CREATE TABLE registration (
    id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES event(id),
    person_id INTEGER NOT NULL REFERENCES person(id),
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    answers TEXT NOT NULL,
    queue_number INTEGER,
    confirmed_at INTEGER,
    expires_at INTEGER,
    holds_entry INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (event_id, person_id)
) STRICT;
CREATE INDEX registration_by_status ON registration(event_id, status, mode, queue_number);
CREATE INDEX registration_by_person ON registration(person_id, event_id);
CREATE INDEX registration_by_expiry ON registration(expires_at) WHERE expires_at IS NOT NULL;

-- Who did what, when. Ids, not data.
CREATE TABLE change_log (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    community_id INTEGER,
    event_id INTEGER,
    person_id INTEGER,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX change_log_by_event ON change_log(event_id, id);

-- One row a reminder time of an event as it stands: rewritten when the event moves, emptied when it is cancelled.
CREATE TABLE event_reminder (
    event_id INTEGER NOT NULL REFERENCES event(id),
    occurrence INTEGER NOT NULL,
    lead TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    planned_at INTEGER,
    PRIMARY KEY (event_id, occurrence, lead, start_at)
) STRICT;
CREATE INDEX event_reminder_due ON event_reminder(due_at) WHERE planned_at IS NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY,
    unique_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES person(id),
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
    sent_at INTEGER
) STRICT;
CREATE INDEX outbox_due ON outbox(due_at, id) WHERE state = 'pending';
CREATE INDEX outbox_sending ON outbox(lease_until) WHERE state = 'sending';
CREATE INDEX outbox_by_person ON outbox(person_id, event_id, id);
CREATE INDEX outbox_open_by_person ON outbox(person_id, event_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_by_event ON outbox(event_id, id);

CREATE TABLE api_token (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    community_id INTEGER REFERENCES community(id),
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE login_link (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person(id),
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX login_link_by_person ON login_link(person_id, created_at);

CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    person_id INTEGER NOT NULL REFERENCES person(id),
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX session_by_expiry ON session(expires_at);
