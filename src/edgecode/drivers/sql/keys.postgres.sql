-- name: exists
-- Whether keys were laid out here.
select to_regclass('subject_key') is not null;

-- name: schema
-- Keys by id, the SHA-256 of the id of every key that was destroyed, and a row whose change settles what came before it.
create table subject_key(key_id text collate "C" primary key, dek bytea not null);
create table destroyed_key(hash bytea primary key check (length(hash) = 32));
create table settled(id int primary key check (id = 0), times bigint not null) with (fillfactor = 50);
insert into settled(id, times) values (0, 0);

-- name: settle
-- Says nothing; its commit is confirmed only when everything before it is as durable as this server makes it.
update settled set times = times + 1 where id = 0;

-- name: key
-- The bytes of a key.
select dek from subject_key where key_id = %s;

-- name: key_ids
-- The ids of all keys.
select key_id from subject_key order by key_id;

-- name: create
-- Keeps a key unless one of this id is there or was destroyed.
insert into subject_key(key_id, dek)
select %s, %b where not exists (select 1 from destroyed_key where hash = %b) on conflict do nothing;

-- name: is_destroyed
-- Whether a key of this hash was destroyed.
select exists (select 1 from destroyed_key where hash = %b);

-- name: destroyed
-- The hash of every destroyed key.
select hash from destroyed_key order by hash;

-- name: destroy
-- Removes a key.
delete from subject_key where key_id = %s;

-- name: remember
-- Remembers a key as destroyed.
insert into destroyed_key(hash) values (%b) on conflict do nothing;

-- name: rewrite
-- Copies the keys that are left into a fresh file and removes the old one.
vacuum full subject_key;
