-- store_answer: Keeps the answer to a request with an Idempotency-Key, in place of an expired one.
INSERT INTO audit_idempotency (sender_id, key, body_hash, status, answer, created_at)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (sender_id, key) DO UPDATE SET body_hash = excluded.body_hash,
    status = excluded.status, answer = excluded.answer, created_at = excluded.created_at;

-- store_rejected: Keeps what was rejected of one request, with its texts.
INSERT INTO audit_rejected (environment, sender_id, sender, key_id, received_at, sent_as, "index",
    status, errors, body, is_cut)
SELECT %s, %s, %s, %s, %s, %s, r.place, r.status, r.errors::jsonb, r.body, r.is_cut
FROM unnest(%b::int4[], %b::text[], %b::text[], %b::text[], %b::bool[])
    AS r (place, status, errors, body, is_cut);

-- count_rejected: Counts what was rejected of a sender on a day, kept or not.
INSERT INTO audit_rejectedcount AS c
    (sender_id, day, sender, environment, total, kept, kept_bytes)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (sender_id, day) DO UPDATE SET sender = excluded.sender,
    total = c.total + excluded.total, kept = c.kept + excluded.kept,
    kept_bytes = c.kept_bytes + excluded.kept_bytes;
