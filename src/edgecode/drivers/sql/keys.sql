-- name: schema
-- Keys by id, and the SHA-256 of the id of every key that was destroyed.
create table if not exists subject_key(key_id text primary key, dek blob not null) strict, without rowid;
create table if not exists destroyed_key(hash blob primary key check (length(hash) = 32)) strict, without rowid;

-- name: key
-- The bytes of a key.
select dek from subject_key where key_id = ?;

-- name: key_ids
-- The ids of all keys.
select key_id from subject_key order by key_id;

-- name: create
-- Keeps a key unless one of this id is there or was destroyed.
insert or ignore into subject_key(key_id, dek)
select ?1, ?2 where not exists (select 1 from destroyed_key where hash = ?3);

-- name: is_destroyed
-- Whether a key of this hash was destroyed.
select exists (select 1 from destroyed_key where hash = ?);

-- name: destroyed
-- The hash of every destroyed key.
select hash from destroyed_key order by hash;

-- name: destroy
-- Removes a key.
delete from subject_key where key_id = ?;

-- name: remember
-- Remembers a key as destroyed.
insert or ignore into destroyed_key(hash) values (?);

-- name: set_keys_aside
-- Makes room for a fresh table of keys.
alter table subject_key rename to subject_key_before;

-- name: bring_keys_back
-- Copies every key into the fresh table; the pages of the old one are overwritten with zeros as they are let go.
insert into subject_key(key_id, dek) select key_id, dek from subject_key_before order by key_id;
drop table subject_key_before;
