-- What a key was made of can't be told from it: the worker makes the words anew, a few at a time.
DROP TABLE audit_subjectword;
CREATE TABLE audit_subjectword (
    environment smallint NOT NULL, workspace_key uuid NOT NULL, kind text NOT NULL, subject_key uuid NOT NULL,
    word text COLLATE "C" NOT NULL, subject_id text NOT NULL,
    CONSTRAINT audit_subjectword_pkey PRIMARY KEY (environment, workspace_key, kind, subject_key, word)
);
CREATE INDEX audit_subject_by_word ON audit_subjectword (environment, workspace_key, kind, word);
INSERT INTO audit_subjectwordhead (source, environment, workspace_key, kind, subject_id)
VALUES ('audit_subject', -32768, '00000000-0000-0000-0000-000000000000', '', ''),
    ('audit_workspacesubject', -32768, '00000000-0000-0000-0000-000000000000', '', '')
ON CONFLICT (source) DO UPDATE SET (environment, workspace_key, kind, subject_id)
    = (excluded.environment, excluded.workspace_key, excluded.kind, excluded.subject_id);
