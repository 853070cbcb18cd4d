-- Four logins and the database, in a new server where audit/roles.sql has made the roles. By psql,
-- with the passwords in the environment: OWNER_PASSWORD, WEB_PASSWORD, WORKER_PASSWORD, READER_PASSWORD.
\set ON_ERROR_STOP on
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
\getenv worker_password WORKER_PASSWORD
\getenv reader_password READER_PASSWORD
CREATE ROLE sightline_owner LOGIN PASSWORD :'owner_password' IN ROLE audit_owner;
CREATE ROLE sightline_web LOGIN PASSWORD :'web_password' IN ROLE audit_app;
CREATE ROLE sightline_worker LOGIN PASSWORD :'worker_password' IN ROLE audit_worker, audit_sealer, audit_derive;
CREATE ROLE sightline_reader LOGIN PASSWORD :'reader_password' IN ROLE audit_reader;
ALTER ROLE sightline_reader SET default_transaction_read_only = on;
ALTER ROLE sightline_reader SET statement_timeout = '60s';
ALTER ROLE sightline_owner SET jit = off;
ALTER ROLE sightline_web SET jit = off;
ALTER ROLE sightline_worker SET jit = off;
ALTER ROLE sightline_reader SET jit = off;
CREATE DATABASE sightline OWNER audit_owner ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
REVOKE CREATE, TEMPORARY ON DATABASE sightline FROM PUBLIC;
\connect sightline
ALTER SCHEMA public OWNER TO audit_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
