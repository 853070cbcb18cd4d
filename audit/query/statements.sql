-- read_places: Reads the receipts that hold positions of a log; the first may begin before them.
SELECT s.received_at, p.first, s.event_ids
FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
WHERE p.environment = %s AND p.first < %s
    AND p.first >= coalesce((
        SELECT max(q.first) FROM audit_position q WHERE q.environment = %s AND q.first <= %s
    ), 0)
ORDER BY p.first;

-- read_value_days: Tells where events can be that have all of some values, in one look.
-- Those that are not counted yet (with one more than are wanted, all days are looked into), how far
-- back days are known, how many events there are on how many days, and the days in bits of months.
SELECT
    ARRAY(
        SELECT u.id FROM audit_submission s
        JOIN (
            SELECT w.submission_id FROM audit_pending w
            WHERE w.environment = ANY(%(environments)b::int2[])
            UNION ALL
            SELECT p.submission_id FROM audit_loghead h
            LEFT JOIN audit_rolluphead r ON r.environment = h.environment
            JOIN audit_position p ON p.environment = h.environment
                AND p.first >= coalesce(r.position, 0)
            WHERE h.environment = ANY(%(environments)b::int2[])
        ) AS fresh ON fresh.submission_id = s.id, unnest(s.event_ids) AS u (id)
        LIMIT %(most)b::int8 + 1
    ),
    (SELECT b.reached FROM audit_valuedaysbackfill b),
    (SELECT sum(h.size)::bigint FROM audit_loghead h WHERE h.environment = ANY(%(environments)b::int2[])),
    ARRAY(
        SELECT d.days FROM audit_valuedays d
        WHERE d.value = 0 AND d.environment = ANY(%(environments)b::int2[])
    ),
    met.environments, met.months, met.days
FROM (
    WITH k AS (
        SELECT u.kind, d.environment, d.month, bit_or(d.days) AS days
        FROM unnest(%(kinds)b::int2[], %(values)b::int8[]) AS u (kind, value)
        JOIN audit_valuedays d
            ON d.value = u.value AND d.environment = ANY(%(environments)b::int2[])
        GROUP BY u.kind, d.environment, d.month
    )
    SELECT array_agg(m.environment) AS environments, array_agg(m.month) AS months,
        array_agg(m.days) AS days
    FROM (
        SELECT k.environment, k.month, bit_and(k.days) AS days
        FROM k WHERE k.month >= 0
        GROUP BY k.environment, k.month
        HAVING count(*) = %(count)b::int8 AND bit_and(k.days) <> 0
    ) AS m
    WHERE %(lasting)b::int8 = (
        SELECT count(*) FROM k WHERE k.month < 0 AND k.environment = m.environment
    )
) AS met;
