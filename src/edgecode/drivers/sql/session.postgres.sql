-- name: durability
-- What decides whether an acknowledged event can be lost: settings of the server and of this session, and which server this is.
select current_setting('server_version_num')::int, current_setting('server_encoding'), pg_is_in_recovery(),
    current_setting('fsync'), current_setting('full_page_writes'), current_setting('data_sync_retry'),
    current_setting('synchronous_commit'), current_setting('synchronous_standby_names');

-- name: unlogged
-- Tables of this schema that a crash would empty.
select count(*) from pg_class where relnamespace = current_schema()::regnamespace and relkind = 'r' and relpersistence <> 'p';

-- name: search
-- Lets unqualified names be those of one schema.
select set_config('search_path', %s, false);

-- name: pin
-- Keeps this session's commits as they are now, whatever is configured later.
select set_config('synchronous_commit', current_setting('synchronous_commit'), false);

-- name: own_ways
-- What a database or a role may have set otherwise: in which mode transactions begin, after what time the server ends what it is asked for,
-- and how values are written. A transaction that is left open for ten minutes is ended, since it may hold up everybody else.
set statement_timeout = 0;
set idle_session_timeout = 0;
set idle_in_transaction_session_timeout = '10min';
set default_transaction_isolation = 'read committed';
set default_transaction_read_only = off;
set default_transaction_deferrable = off;
set standard_conforming_strings = on;
select set_config('transaction_timeout', '0', false) where current_setting('transaction_timeout', true) is not null;

-- name: has_schema
-- Whether there is such a schema.
select to_regnamespace(%s) is not null;

-- name: one_at_a_time
-- Lets one session at a time lay out tables.
select pg_advisory_xact_lock(hashtextextended('edgecode schema', 0));

-- name: patience
-- How long a statement waits for somebody else's lock before it gives up, in milliseconds.
select set_config('lock_timeout', %s, false);

-- name: begin
-- Begins a transaction that writes, in which each statement sees what is committed before it.
begin isolation level read committed, read write;

-- name: begin_reading
-- Begins a transaction whose statements all see one state.
begin isolation level repeatable read, read only;
