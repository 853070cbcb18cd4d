-- On which days a value occurs, for all events there are: of those kinds that there were until
-- `audit_valuedays` took the place of this table.
INSERT INTO audit_occurrence (environment, kind, value, day)
SELECT DISTINCT e.environment, k.kind, k.value, k.day
FROM (
    SELECT DISTINCT e.environment, e.country, e.browser, e.operating_system, e.device_class,
        e.workspace_hash, e.type, e.outcome, e.actor_hash, e.application_hash,
        (audit_id_time(e.id) AT TIME ZONE 'UTC')::date AS day
    FROM audit_event e
) AS e
CROSS JOIN LATERAL (VALUES
    (1, e.country::bigint, e.day),
    (2, e.browser::bigint, e.day),
    (3, e.operating_system::bigint, e.day),
    (4, e.device_class::bigint, e.day),
    (5, (e.country::bigint << 16) | e.browser::bigint, e.day),
    (6, (e.country::bigint << 16) | e.operating_system::bigint, e.day),
    (7, (e.country::bigint << 16) | e.device_class::bigint, e.day),
    (8, (e.browser::bigint << 16) | e.operating_system::bigint, e.day),
    (9, (e.browser::bigint << 16) | e.device_class::bigint, e.day),
    (10, (e.operating_system::bigint << 16) | e.device_class::bigint, e.day),
    (11, (e.workspace_hash::bigint << 16) | e.country::bigint, e.day),
    (12, (e.workspace_hash::bigint << 16) | e.browser::bigint, e.day),
    (13, (e.type::bigint << 16) | e.country::bigint, e.day),
    (14, (e.type::bigint << 16) | e.browser::bigint, e.day),
    (15, (e.outcome::bigint << 16) | e.country::bigint, e.day),
    (16, (e.outcome::bigint << 16) | e.browser::bigint, e.day),
    (17, (e.actor_hash::bigint << 16) | e.country::bigint, DATE '2000-01-01'),
    (18, (e.actor_hash::bigint << 16) | e.browser::bigint, DATE '2000-01-01'),
    (19, (e.application_hash::bigint << 16) | e.country::bigint, DATE '2000-01-01'),
    (20, (e.application_hash::bigint << 16) | e.browser::bigint, DATE '2000-01-01')
) AS k (kind, value, day)
WHERE k.value IS NOT NULL
ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
