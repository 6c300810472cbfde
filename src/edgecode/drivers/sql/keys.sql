-- name: schema
-- Keys by id; a destroyed one keeps its row without its bytes.
create table if not exists subject_key(
    key_id text primary key, dek blob, destroyed integer not null default 0
) strict, without rowid;

-- name: key
-- The bytes of a key and whether it was destroyed.
select dek, destroyed from subject_key where key_id = ?;

-- name: create
-- Keeps a key unless one of this id was there before.
insert or ignore into subject_key(key_id, dek) values (?, ?);

-- name: destroy
-- Forgets the bytes of a key and remembers that they are gone.
insert into subject_key(key_id, dek, destroyed) values (?, null, 1)
on conflict(key_id) do update set dek = null, destroyed = 1;
