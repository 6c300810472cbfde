-- name: schema
-- What an audit remembers: event ids by use, and lines of one table of an index.
create table lost(use integer not null, id blob not null, pk integer not null, primary key (use, id)) strict, without rowid;
create table line(line blob primary key) strict, without rowid;

-- name: add_id
-- Remembers an event id unless it is there.
insert or ignore into lost(use, id, pk) values (?, ?, ?);

-- name: index_of
-- The entry that an event id was first seen at.
select pk from lost where use = ? and id = ?;

-- name: forget_lines
-- Forgets the lines of the last comparison.
delete from line;

-- name: add_line
-- Remembers a line.
insert or ignore into line(line) values (?);

-- name: remove_line
-- Forgets a line.
delete from line where line = ?;

-- name: count_lines
-- How many lines are left.
select count(*) from line;
