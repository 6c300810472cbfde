-- name: schema
-- The latest note that this witness cosigned of each log, by the log's origin.
create table if not exists cosigned(origin text primary key, note blob not null) strict, without rowid;

-- name: latest
-- What was cosigned last of one log.
select note from cosigned where origin = ?;

-- name: keep
-- Keeps the note that was cosigned now.
insert into cosigned(origin, note) values (?, ?) on conflict(origin) do update set note = excluded.note;

-- name: origins
-- Every log that something was cosigned of.
select origin from cosigned order by origin;
