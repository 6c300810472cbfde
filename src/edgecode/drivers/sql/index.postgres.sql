-- What of index.sql is written another way in PostgreSQL. The rest is read from there (drivers/postgres_words.py).

-- name: session
-- Plans as they stand in the queries, like SQLite's: joins in the order of writing, one row after the other over indexes. The index is
-- made again from the record, so a power cut may lose its last transactions. What a database or a role may have set otherwise is set here:
-- in which mode transactions begin, and after what time the server ends what it is asked for; whoever projects is waited for.
set statement_timeout = 0;
set lock_timeout = '10min';
set idle_session_timeout = 0;
set idle_in_transaction_session_timeout = '1h';
set default_transaction_isolation = 'read committed';
set default_transaction_read_only = off;
set default_transaction_deferrable = off;
set standard_conforming_strings = on;
select set_config('transaction_timeout', '0', false) where current_setting('transaction_timeout', true) is not null;
set synchronous_commit = off;
set join_collapse_limit = 1;
set from_collapse_limit = 1;
set enable_seqscan = off;
set enable_hashjoin = off;
set enable_mergejoin = off;
set jit = off;
set plan_cache_mode = force_generic_plan;
set work_mem = '64MB';
set client_min_messages = warning;

-- name: search
-- names are looked up in the schema of the index alone
select set_config('search_path', ?1, false);

-- name: read_only
set default_transaction_read_only = on;

-- name: writer
-- one process changes the index at a time; others wait here
select pg_advisory_xact_lock(hashtextextended(current_setting('search_path'), 5135));

-- name: is_laid
-- whether the schema holds an index
select 1 where to_regclass('index_release') is not null;

-- name: release
-- the release and the shape of the tables, as one number
select number from index_release;

-- name: set_release
insert into index_release values (?1);

-- name: make_schema
-- the schema, when it is not there; what changes tables stands in blocks, because psycopg forgets what it prepared after a bare DROP or
-- ALTER, and within a pipeline one statement too late
do $block$ begin
  if current_schema() is null then execute 'create schema ' || current_setting('search_path'); end if;
end $block$;

-- name: tables
select tablename from pg_tables where schemaname = current_schema() order by 1;

-- name: drop_tables
do $block$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = current_schema() loop execute format('drop table %I', name); end loop;
end $block$;

-- name: before_schema
-- ids as index.ids_text writes them, so that queries ask as they ask SQLite; and what stands in unique indexes for texts of any length
create table index_release(number bigint not null);
drop function if exists json_each(text);
create function json_each(ids text) returns table(value bigint) language sql stable rows 20
  as 'select unnest(translate(ids, ''[]'', ''{}'')::bigint[])';
drop function if exists digest_of(text);
-- in pieces, because it is PostgreSQL's word for a function that may stand in an index, and none that we say of a record
execute 'create function digest_of(value text) returns bytea language sql strict im' || 'mutable
  as ''select sha256(convert_to(value, ''''UTF8''''))''';

-- name: schema_of_extents
-- extent: where ranges of cuts lie in whole frames, rounded outward, both ends included; every cut has 2^32 frames of its own.
-- The rest: a key of a btree may have 2,700 bytes at most, and names from files may be longer.
create table cut_range_at(id bigint primary key, cut_id bigint not null, first bigint not null, last bigint not null,
  extent int8range not null generated always as (int8range((cut_id << 32) + first, (cut_id << 32) + last, '[]')) stored);
create index cut_range_extent on cut_range_at using gist(extent);
alter table reel drop constraint reel_pkey;
create unique index reel_once on reel(digest_of(reel), version_id);
create index reel_named on reel using hash(reel);
alter table unique_id drop constraint unique_id_pkey;
create unique index unique_id_once on unique_id(digest_of(value), version_id);
create index unique_id_named on unique_id using hash(value);
alter table content_alias drop constraint content_alias_pkey;
create unique index content_alias_once on content_alias(digest_of(algorithm), digest_of(value), content_id, digest_of(trust));
create index content_alias_named on content_alias using hash(value);
alter table model_hash drop constraint model_hash_pkey;
create unique index model_hash_once on model_hash(digest_of(algorithm), digest_of(value), version_id);
create index model_hash_named on model_hash using hash(value);
drop index model_name;
create index model_name on model using hash(name);
drop index cut_name;
create index cut_name on cut using hash(name);
alter table place drop constraint place_pkey;
create unique index place_once on place(digest_of(root), digest_of(path), version_id);
create index place_path on place using hash(path);
drop index place_backwards;
create index place_backwards on place("left"(backwards, 300));
drop index place_stem;
create index place_stem on place using hash(stem);
alter table root_name drop constraint root_name_pkey;
create unique index root_name_once on root_name(digest_of(root), position);
create index root_name_root on root_name using hash(root);

-- name: columns
-- every column that rows are written to: table, name, type
select c.relname::text, a.attname::text, format_type(a.atttypid, null) from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = quote_ident(current_schema())::regnamespace and c.relkind = 'r' and c.relname <> 'index_release'
and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by 1, a.attnum;

-- name: clear_state
delete from index_state;

-- name: go_on_counting
-- the next dense id of every table follows the highest that was copied
do $block$ declare name text; begin
  for name in select table_name from information_schema.columns
    where table_schema = current_schema() and column_name = 'id' and is_identity = 'YES' loop
    execute format('select setval(pg_get_serial_sequence(%L, ''id''), coalesce(max(id), 0) + 1, false) from %I', quote_ident(name), name);
  end loop;
end $block$;

-- name: settle
do $block$ declare name text; begin
  for name in select tablename from pg_tables where schemaname = current_schema() loop execute format('analyze %I', name); end loop;
end $block$;

-- name: add_place
insert into place(root, path, version_id, current, log_index, text, backwards, stem) values (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7)
on conflict(digest_of(root), digest_of(path), version_id) do update set current = 1, log_index = excluded.log_index;

-- name: places_backwards
select version_id, root, path, backwards from place where "left"(backwards, 300) >= "left"(?1, 300) and "left"(backwards, 300) <= "left"(?2, 300)
and backwards >= ?1 and backwards < ?2 and current = 1 order by backwards, root, path;

-- name: add_range_at
insert into cut_range_at(id, cut_id, first, last) values (?1, ?2, ?3, ?4);

-- name: range_at
select r.start, r."end", r.seen from cut_range_at a join cut_range r on r.id = a.id
where a.extent @> ((?1::bigint << 32) + ?2::bigint) order by r.id;

-- name: ancestors
with recursive c(v) as (
  select value from json_each(?1)
  union
  select n.v from c cross join lateral (
    select i.version_id from version x join step_input i on i.step_id = x.step_id where x.id = c.v
    union all
    select i.version_id from other_producer o join step_input i on i.step_id = o.step_id where o.version_id = c.v
    union all
    select m.version_id from member m where m.dataset_id = c.v) n(v))
select v from c;

-- name: closure_of
with recursive c(v, s) as (
  select x.id, x.step_id from json_each(?1) j join version x on x.id = j.value
  union
  select n.v, n.s from c cross join lateral (
    select i.version_id, i.producer_id from step_input i where i.step_id = c.s
    union all
    select o.version_id, o.step_id from other_producer o where o.version_id = c.v
    union all
    select y.id, y.step_id from version x join version y on y.content_id = x.content_id
      where x.id = c.v and y.id <> c.v and (y.step_id is not null or y.others > 0)
    union all
    select y.id, y.step_id from version x join frame_copy f on f.content_id = x.content_id join version y on y.content_id = f.sequence_id
      where x.id = c.v and y.seen > 0
    union all
    select y.id, y.step_id from version x join frame_copy f on f.sequence_id = x.content_id join version y on y.content_id = f.content_id
      where x.id = c.v and y.seen > 0
    union all
    select y.id, y.step_id from version x join sequence_kin k on k.content_id = x.content_id join version y on y.content_id = k.kin_id
      where x.id = c.v and y.seen > 0
    union all
    select m.version_id, y.step_id from member m join version y on y.id = m.version_id where m.dataset_id = c.v) n(v, s))
select v, s from c;

-- name: impact
with recursive c(v) as (
  values(?1::bigint)
  union
  select n.v from c cross join lateral (
    select o.id from step_input i join version o on o.step_id = i.step_id where i.version_id = c.v
    union all
    select o.version_id from step_input i join other_producer o on o.step_id = i.step_id where i.version_id = c.v
    union all
    select m.dataset_id from member m where m.version_id = c.v
    union all
    select y.id from version x join version y on y.content_id = x.content_id where x.id = c.v and (x.step_id is not null or x.others > 0)
    union all
    select y.id from version x join frame_copy f on f.sequence_id = x.content_id join version y on y.content_id = f.content_id
      where x.id = c.v and x.seen > 0
    union all
    select y.id from version x join frame_copy f on f.content_id = x.content_id join version y on y.content_id = f.sequence_id
      where x.id = c.v and x.seen > 0
    union all
    select y.id from version x join sequence_kin k on k.content_id = x.content_id join version y on y.content_id = k.kin_id
      where x.id = c.v and x.seen > 0) n(v))
select v from c;
