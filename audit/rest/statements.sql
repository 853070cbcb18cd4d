-- take_from_bucket: Takes a cost from a bucket, or changes nothing where it doesn't hold so much.
INSERT INTO audit_rate AS r (name, due)
VALUES (%(name)s, clock_timestamp() + make_interval(secs => %(cost)s))
ON CONFLICT (name) DO UPDATE
SET due = greatest(r.due, clock_timestamp()) + make_interval(secs => %(cost)s)
WHERE greatest(r.due, clock_timestamp()) + make_interval(secs => %(cost)s)
    <= clock_timestamp() + make_interval(secs => %(most)s);
