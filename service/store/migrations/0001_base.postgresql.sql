-- The base schema. Instants are seconds since 1970 UTC; days are days since 1970; ids come from the program.

CREATE TABLE instance (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE community (
    id BIGINT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    language TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- A person is an address. What a community knows of it stands in member.
CREATE TABLE person (
    id BIGINT PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    feed_version BIGINT NOT NULL,
    provisional_in_feed BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE member (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community(id),
    person_id BIGINT NOT NULL REFERENCES person(id),
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    category TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    role TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (community_id, person_id)
);
CREATE INDEX member_by_person ON member(person_id);
CREATE INDEX member_by_community ON member(community_id, id);

CREATE TABLE working_group (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community(id),
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (community_id, slug)
);

CREATE TABLE working_group_member (
    working_group_id BIGINT NOT NULL REFERENCES working_group(id),
    member_id BIGINT NOT NULL REFERENCES member(id) ON DELETE CASCADE,
    PRIMARY KEY (working_group_id, member_id)
);
CREATE INDEX working_group_member_by_member ON working_group_member(member_id);

CREATE TABLE programme (
    id BIGINT PRIMARY KEY,
    community_id BIGINT NOT NULL REFERENCES community(id),
    title TEXT NOT NULL,
    period TEXT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX programme_by_community ON programme(community_id, id);

CREATE TABLE objective (
    programme_id BIGINT NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (programme_id, position)
);

CREATE TABLE topic (
    programme_id BIGINT NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    objective_position BIGINT NOT NULL,
    position BIGINT NOT NULL,
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    PRIMARY KEY (programme_id, objective_position, position)
);

CREATE TABLE programme_output (
    programme_id BIGINT NOT NULL REFERENCES programme(id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    due TEXT NOT NULL,
    topics TEXT NOT NULL,
    PRIMARY KEY (programme_id, position)
);

-- `definition` is all that an organiser wrote, as the JSON of the API; the columns beside it are computed from it
-- for look-ups and for the rules on seats. starts_at and ends_at are caches of wall time + zone, never the truth.
CREATE TABLE event (
    id BIGINT PRIMARY KEY,
    uid TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    schedule_kind TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    working_group_id BIGINT REFERENCES working_group(id),
    capacity_on_site BIGINT,
    capacity_online BIGINT,
    link_due TEXT,
    cancel_reason TEXT,
    sequence BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    published_at BIGINT,
    invited_at BIGINT,
    cancelled_at BIGINT,
    import_source TEXT,
    import_key TEXT,
    import_row TEXT
);
CREATE INDEX event_by_end ON event(ends_at, id);
CREATE INDEX event_open_by_end ON event(ends_at) WHERE state = 'published';
CREATE INDEX event_by_import ON event(import_source, import_key);

CREATE TABLE event_community (
    event_id BIGINT NOT NULL REFERENCES event(id),
    position BIGINT NOT NULL,
    community_id BIGINT NOT NULL REFERENCES community(id),
    PRIMARY KEY (event_id, position)
);
CREATE INDEX event_community_by_community ON event_community(community_id, event_id);

CREATE TABLE registration (
    id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES event(id),
    person_id BIGINT NOT NULL REFERENCES person(id),
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    country TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    answers TEXT NOT NULL,
    queue_number BIGINT,
    confirmed_at BIGINT,
    expires_at BIGINT,
    holds_entry BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (event_id, person_id)
);
CREATE INDEX registration_by_status ON registration(event_id, status, mode, queue_number);
CREATE INDEX registration_by_person ON registration(person_id, event_id);
CREATE INDEX registration_by_expiry ON registration(expires_at) WHERE expires_at IS NOT NULL;

-- Who did what, when. Ids, not data.
CREATE TABLE change_log (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    community_id BIGINT,
    event_id BIGINT,
    person_id BIGINT,
    detail TEXT NOT NULL
);
CREATE INDEX change_log_by_event ON change_log(event_id, id);

-- One row a reminder time of an event as it stands: rewritten when the event moves, emptied when it is cancelled.
CREATE TABLE event_reminder (
    event_id BIGINT NOT NULL REFERENCES event(id),
    occurrence BIGINT NOT NULL,
    lead TEXT NOT NULL,
    start_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    planned_at BIGINT,
    PRIMARY KEY (event_id, occurrence, lead, start_at)
);
CREATE INDEX event_reminder_due ON event_reminder(due_at) WHERE planned_at IS NULL;

CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    unique_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES person(id),
    event_id BIGINT REFERENCES event(id),
    registration_id BIGINT REFERENCES registration(id),
    subject_id BIGINT,
    cause BIGINT NOT NULL,
    recipient TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    not_after BIGINT,
    attempts BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    message_id TEXT NOT NULL,
    sequence BIGINT,
    sender TEXT,
    subject TEXT,
    bytes BYTEA,
    last_error TEXT,
    reply TEXT,
    created_at BIGINT NOT NULL,
    frozen_at BIGINT,
    sent_at BIGINT
);
CREATE INDEX outbox_due ON outbox(due_at, id) WHERE state = 'pending';
CREATE INDEX outbox_sending ON outbox(lease_until) WHERE state = 'sending';
CREATE INDEX outbox_by_person ON outbox(person_id, event_id, id);
CREATE INDEX outbox_open_by_person ON outbox(person_id, event_id, id) WHERE state IN ('pending', 'sending');
CREATE INDEX outbox_by_event ON outbox(event_id, id);

CREATE TABLE api_token (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    community_id BIGINT REFERENCES community(id),
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE login_link (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person(id),
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX login_link_by_person ON login_link(person_id, created_at);

CREATE TABLE session (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES person(id),
    hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_expiry ON session(expires_at);
