-- name: schema
-- Whose memory this is, in one row, and the latest note that this witness cosigned of each log, by the log's origin.
create table witness(only_row integer primary key check (only_row = 1), key text not null) strict;
create table cosigned(origin text primary key, note blob not null) strict, without rowid;

-- name: begin
-- Writes down whose memory this is.
insert into witness(only_row, key) values (1, ?);

-- name: whose
-- The public key of the witness whose memory this is.
select key from witness where only_row = 1;

-- name: latest
-- What was cosigned last of one log.
select note from cosigned where origin = ?;

-- name: keep
-- Keeps the note that was cosigned now.
insert into cosigned(origin, note) values (?, ?) on conflict(origin) do update set note = excluded.note;

-- name: origins
-- Every log that something was cosigned of.
select origin from cosigned order by origin;
