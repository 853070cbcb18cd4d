-- read_places: Reads the receipts that hold positions of a log; the first may begin before them.
SELECT s.received_at, p.first, s.event_ids
FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id
WHERE p.environment = %s AND p.first < %s
    AND p.first >= coalesce((
        SELECT max(q.first) FROM audit_position q WHERE q.environment = %s AND q.first <= %s
    ), 0)
ORDER BY p.first;
