-- Whose e-mail address starts with these letters? In any case, which Django can't say without
-- django.contrib.postgres among the host's apps.
CREATE INDEX audit_subject_by_email_prefix ON audit_subject
    (environment, kind, lower(email) text_pattern_ops) WHERE email IS NOT NULL;
CREATE INDEX audit_ws_subject_by_email ON audit_workspacesubject
    (environment, workspace_key, kind, lower(email) text_pattern_ops) WHERE email IS NOT NULL;

-- What the worker noted before by environment, now by workspace, too; and types of events.
UPDATE audit_subject SET name_lower = left(name_lower, 200), email = CASE WHEN length(email) <= 320 THEN email END
WHERE length(name_lower) > 200 OR length(email) > 320;

INSERT INTO audit_workspacesubject
    (environment, workspace_key, kind, subject_id, name, name_lower, email, gid, first_seen, last_seen)
SELECT u.environment, encode(substr(sha256(convert_to(u.workspace_id, 'UTF8')), 1, 16), 'hex')::uuid,
    u.kind, u.subject_id, s.name, s.name_lower, s.email, s.gid, u.first_seen, u.last_seen
FROM (
    SELECT e.environment, e.workspace_id, o.kind, o.subject_id,
        min(audit_id_time(e.id)) AS first_seen, max(audit_id_time(e.id)) AS last_seen
    FROM audit_event e
    JOIN audit_eventtype t ON t.id = e.type
    CROSS JOIN LATERAL (VALUES ('type', t.code), ('actor', e.actor_id),
        ('application', e.application_id), ('resource:' || e.resource_type, e.resource_id))
        AS o (kind, subject_id)
    WHERE e.workspace_id IS NOT NULL AND o.subject_id IS NOT NULL
    GROUP BY 1, 2, 3, 4
) AS u
LEFT JOIN audit_subject s
    ON s.environment = u.environment AND s.kind = u.kind AND s.subject_id = u.subject_id;

INSERT INTO audit_subject (environment, kind, subject_id, first_seen, last_seen)
SELECT e.environment, 'type', t.code, min(audit_id_time(e.id)), max(audit_id_time(e.id))
FROM audit_event e JOIN audit_eventtype t ON t.id = e.type
GROUP BY 1, 2, 3;
