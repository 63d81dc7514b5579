-- One mailbox is one person, however its address is spelt; addresses are ASCII. The spelling itself is kept for sending.
CREATE UNIQUE INDEX person_by_address ON person(lower(email));
CREATE INDEX session_by_person ON session(person_id);
CREATE INDEX login_link_by_expiry ON login_link(expires_at);
CREATE INDEX api_token_by_community ON api_token(community_id, id);
