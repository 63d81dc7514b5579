-- When somebody last decided about an event is asked for each answer that comes by mail.
CREATE INDEX change_log_by_person ON change_log(person_id, event_id, id) WHERE person_id IS NOT NULL;
