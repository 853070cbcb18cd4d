ALTER TABLE audit_subjectword RENAME TO audit_subjectword_with_texts;
ALTER TABLE audit_subjectword_with_texts RENAME CONSTRAINT audit_subjectword_pkey TO audit_subjectword_with_texts_pkey;
DROP INDEX audit_subject_by_word;

CREATE TABLE audit_subjectword (
    list_key bigint NOT NULL, subject_key bigint NOT NULL, word text COLLATE "C" NOT NULL, subject_id text NOT NULL
);

INSERT INTO audit_subjectword (list_key, subject_key, word, subject_id)
SELECT ('x' || encode(substr(sha256(convert_to(w.environment || '/' || w.workspace_key || '/' || w.kind, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint,
    ('x' || encode(substr(uuid_send(w.subject_key), 1, 8), 'hex'))::bit(64)::bigint, w.word, w.subject_id
FROM audit_subjectword_with_texts w
ORDER BY 1, 2, 3;

ALTER TABLE audit_subjectword ADD CONSTRAINT audit_subjectword_pkey PRIMARY KEY (list_key, subject_key, word);
CREATE INDEX audit_subject_by_word ON audit_subjectword (list_key, word);
DROP TABLE audit_subjectword_with_texts;
