-- Events, by month of their id and by environment within the month. Fixed widths first: no padding.
CREATE TABLE audit_event (
    id uuid NOT NULL,
    received_at timestamptz NOT NULL,
    submission_id bigint NOT NULL,
    client_id bigint,
    sequence bigint,
    ordinal integer NOT NULL,
    sender_id integer,
    key_id integer,
    workspace_hash integer,
    actor_hash integer,
    application_hash integer,
    resource_hash integer,
    latitude double precision,
    longitude double precision,
    place_build date,
    environment smallint NOT NULL,
    type smallint NOT NULL,
    outcome smallint,
    browser smallint,
    operating_system smallint,
    device_class smallint,
    country smallint,
    radius_km smallint,
    workspace_id text,
    actor_id text,
    application_id text,
    application_gid text,
    resource_type text,
    resource_id text,
    session text,
    request_id text,
    trace text,
    source text,
    ip inet,
    place_kind text,
    region text,
    city text,
    time_zone text,
    network text,
    organisation text,
    redacted text[],
    head_salt bytea,
    personal_salt bytea,
    details_salt bytea,
    head_commitment bytea,
    personal_commitment bytea,
    details_commitment bytea,
    head text,
    personal text,
    details text,
    PRIMARY KEY (id, environment),
    CONSTRAINT audit_event_head_is_whole_or_erased CHECK (
        (head IS NULL) = (head_salt IS NULL) AND (head IS NULL) = (head_commitment IS NOT NULL)),
    CONSTRAINT audit_event_personal_is_whole_or_erased CHECK (
        (personal IS NULL) = (personal_salt IS NULL)
        AND (personal IS NULL) = (personal_commitment IS NOT NULL)),
    CONSTRAINT audit_event_details_is_whole_or_erased CHECK (
        (details IS NULL) = (details_salt IS NULL)
        AND (details IS NULL) = (details_commitment IS NOT NULL))
) PARTITION BY RANGE (id);

-- What happened in a workspace? Each fat index decides any combination of the facets by itself.
CREATE INDEX audit_event_by_workspace ON audit_event
    (workspace_hash, id, actor_hash, application_hash, type, outcome);
-- What did a user do?
CREATE INDEX audit_event_by_actor ON audit_event
    (actor_hash, id, workspace_hash, application_hash, type, outcome);
-- What happened to an application?
CREATE INDEX audit_event_by_application ON audit_event
    (application_hash, id, workspace_hash, actor_hash, type, outcome);
-- Where did this kind of thing happen?
CREATE INDEX audit_event_by_type ON audit_event
    (type, id, workspace_hash, actor_hash, application_hash, outcome);
-- What is the life of a resource?
CREATE INDEX audit_event_by_resource ON audit_event (resource_hash, id)
    WHERE resource_hash IS NOT NULL;

CREATE TABLE audit_event_target (
    event_id uuid NOT NULL,
    target_hash integer NOT NULL,
    environment smallint NOT NULL,
    kind text NOT NULL,
    target_id text NOT NULL,
    PRIMARY KEY (event_id, environment, kind, target_id)
) PARTITION BY RANGE (event_id);

-- What was done to Ann?
CREATE INDEX audit_event_target_by_target ON audit_event_target (target_hash, event_id);
