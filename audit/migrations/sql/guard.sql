-- Evidence is not updated, not by the owner either, but for a part and its salt going to NULL with
-- a row of the ledger from the same transaction. Correctness does not hang on it: it is a wall.
CREATE OR REPLACE FUNCTION audit_guard_evidence() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    is_erasure boolean;
BEGIN
    IF NEW.id IS DISTINCT FROM OLD.id OR NEW.environment IS DISTINCT FROM OLD.environment
        OR NEW.submission_id IS DISTINCT FROM OLD.submission_id
        OR NEW.ordinal IS DISTINCT FROM OLD.ordinal
        OR NEW.received_at IS DISTINCT FROM OLD.received_at THEN
        RAISE EXCEPTION 'event % is evidence: its id and receipt are never changed', OLD.id;
    END IF;
    IF (NEW.head, NEW.head_salt, NEW.head_commitment, NEW.personal, NEW.personal_salt,
            NEW.personal_commitment, NEW.details, NEW.details_salt, NEW.details_commitment)
        IS NOT DISTINCT FROM
        (OLD.head, OLD.head_salt, OLD.head_commitment, OLD.personal, OLD.personal_salt,
            OLD.personal_commitment, OLD.details, OLD.details_salt, OLD.details_commitment) THEN
        RETURN NEW;
    END IF;
    IF (NEW.head IS NOT NULL AND (NEW.head, NEW.head_salt) IS DISTINCT FROM (OLD.head, OLD.head_salt))
        OR (NEW.personal IS NOT NULL
            AND (NEW.personal, NEW.personal_salt) IS DISTINCT FROM (OLD.personal, OLD.personal_salt))
        OR (NEW.details IS NOT NULL
            AND (NEW.details, NEW.details_salt) IS DISTINCT FROM (OLD.details, OLD.details_salt)) THEN
        RAISE EXCEPTION 'event % is evidence: its parts are never changed', OLD.id;
    END IF;
    SELECT bool_and(EXISTS (
        SELECT FROM audit_erasure x
        WHERE x.event_id = OLD.id AND x.part = erased.part AND x.transaction_id = txid_current()))
    INTO is_erasure
    FROM (VALUES ('head', NEW.head IS NULL AND OLD.head IS NOT NULL),
        ('personal', NEW.personal IS NULL AND OLD.personal IS NOT NULL),
        ('details', NEW.details IS NULL AND OLD.details IS NOT NULL)) AS erased (part, is_now)
    WHERE erased.is_now;
    IF is_erasure IS NOT TRUE THEN
        RAISE EXCEPTION 'event % is evidence: a part is erased only with its row in the ledger',
            OLD.id;
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE TRIGGER audit_event_is_evidence BEFORE UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_guard_evidence();
