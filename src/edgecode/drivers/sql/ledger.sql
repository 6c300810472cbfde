-- name: schema
-- The tables of one log. Entries and tiles are only ever added; sections may be erased; log and checkpoint hold the head;
-- the inbox holds events that wait to become entries. Its tickets are never given out twice.
create table if not exists log(
    id integer primary key check (id = 0), origin text not null, size integer not null, stack blob not null
) strict;
create table if not exists entry(pk integer primary key, leaf blob not null) strict;
create table if not exists event_id(id blob primary key, pk integer not null) strict, without rowid;
create table if not exists tile(pk integer primary key, root blob not null, hashes blob not null) strict;
create table if not exists payload(
    pk integer not null, section text not null, salt blob not null, key_id text not null, data blob not null,
    primary key (pk, section)
) strict, without rowid;
create table if not exists checkpoint(log integer primary key, size integer not null, note blob not null) strict;
create table if not exists cosigned(size integer primary key, note blob not null) strict;
create table if not exists frozen(log integer primary key check (log = 0), evidence blob not null) strict;
create table if not exists moved(log integer primary key check (log = 0), note blob not null) strict;
create table if not exists inbox(
    ticket integer primary key autoincrement, event blob not null, refused integer not null default 0
) strict;
create trigger if not exists entry_stays before delete on entry begin select raise(abort, 'entries stay'); end;
create trigger if not exists entry_is_fixed before update on entry begin select raise(abort, 'entries stay'); end;
create trigger if not exists tile_stays before delete on tile begin select raise(abort, 'tiles stay'); end;
create trigger if not exists tile_is_fixed before update on tile begin select raise(abort, 'tiles stay'); end;

-- name: create
-- Begins the log unless it is there.
insert or ignore into log(id, origin, size, stack) values (0, ?, 0, x'');

-- name: head
-- The origin, size and compact range of the log.
select origin, size, stack from log where id = 0;

-- name: set_head
-- Moves the head to a new size and compact range.
update log set size = ?, stack = ? where id = 0;

-- name: add_entry
-- Adds one entry at its index.
insert into entry(pk, leaf) values (?, ?);

-- name: add_event_id
-- Adds one event id; fails when it is there.
insert into event_id(id, pk) values (?, ?);

-- name: add_entries
-- Adds entries from an array behind an index.
insert into entry(pk, leaf) select ?1 + rowid, value from carray(?2);

-- name: add_event_ids
-- Adds the event ids of these entries from an array; fails when one is there.
insert into event_id(id, pk) select value, ?1 + rowid from carray(?2);

-- name: add_tile
-- Adds one full tile.
insert into tile(pk, root, hashes) values (?, ?, ?);

-- name: add_section
-- Adds one section beside an entry.
insert into payload(pk, section, salt, key_id, data) values (?, ?, ?, ?, ?);

-- name: only_leaves
-- The entries of a range of indexes without their indexes.
select leaf from entry where pk >= ? and pk < ? order by pk;

-- name: leaves
-- The entries of a range of indexes.
select pk, leaf from entry where pk >= ? and pk < ? order by pk;

-- name: sections
-- The sections beside a range of entries.
select pk, section, salt, key_id, data from payload where pk >= ? and pk < ? order by pk, section;

-- name: next_entry
-- The first entry at or behind an index.
select min(pk) from entry where pk >= ?;

-- name: entry_end
-- One more than the highest index of an entry.
select coalesce(max(pk) + 1, 0) from entry;

-- name: index_of
-- Where an event id is.
select pk from event_id where id = ?;

-- name: indexes_of
-- Where the event ids of an array are: id, index.
select e.id, e.pk from carray(?) a cross join event_id e on e.id = a.value;

-- name: event_ids
-- A page of the table of event ids, in the order of the ids: id, index.
select id, pk from event_id where id > ? order by id limit ?;

-- name: stray_sections
-- Sections beside no entry: index, name.
select p.pk, p.section from payload p where not exists (select 1 from entry e where e.pk = p.pk) order by p.pk, p.section limit ?;

-- name: tile
-- The hashes of one full tile.
select hashes from tile where pk = ?;

-- name: tile_roots
-- The roots of a range of full tiles of one level.
select root from tile where pk >= ? and pk < ? order by pk;

-- name: keep_checkpoint
-- Stores the signed head unless a later one is stored.
insert into checkpoint(log, size, note) values (0, ?, ?)
on conflict(log) do update set size = excluded.size, note = excluded.note where excluded.size >= checkpoint.size;

-- name: checkpoint
-- The stored signed head.
select note from checkpoint where log = 0;

-- name: keep_cosigned
-- Stores a signed head with cosignatures in place of the one of its size.
insert into cosigned(size, note) values (?, ?) on conflict(size) do update set note = excluded.note;

-- name: cosigned
-- Every stored head with cosignatures.
select size, note from cosigned order by size;

-- name: freeze
-- Keeps the evidence that the log was rolled back or forked, unless there is some.
insert or ignore into frozen(log, evidence) values (0, ?);

-- name: frozen
-- That evidence.
select evidence from frozen where log = 0;

-- name: retire
-- Keeps where recording goes on, in place of an earlier note.
insert or replace into moved(log, note) values (0, ?);

-- name: reinstate
-- Forgets that.
delete from moved;

-- name: marks
-- What ends recording here: evidence of a rollback or fork, where the record went.
select (select evidence from frozen where log = 0), (select note from moved where log = 0);

-- name: erase_section
-- Removes one section.
delete from payload where pk = ? and section = ?;

-- name: reseal_section
-- Puts one section under another key; its salt must be the same.
update payload set key_id = ?, data = ? where pk = ? and section = ? and salt = ?;

-- name: sections_under
-- What is sealed with a key. Reads every section: erasing is rare, and an index would cost every append.
select pk, section from payload where key_id = ? order by pk, section;

-- name: set_payload_aside
-- Makes room for a fresh table of sections.
alter table payload rename to payload_before;

-- name: bring_payload_back
-- Copies every section into the fresh table; the pages of the old one are overwritten with zeros as they are let go.
insert into payload(pk, section, salt, key_id, data)
select pk, section, salt, key_id, data from payload_before order by pk, section;
drop table payload_before;

-- name: set_inbox_aside
-- Makes room for a fresh inbox.
alter table inbox rename to inbox_before;

-- name: bring_inbox_back
-- Copies what waits into the fresh inbox and goes on counting tickets where the old one was.
insert into sqlite_sequence(name, seq) select 'inbox', seq from sqlite_sequence where name = 'inbox_before';
insert into inbox(ticket, event, refused) select ticket, event, refused from inbox_before order by ticket;
drop table inbox_before;

-- name: stand
-- How many entries the log has, and the last ticket in the inbox.
select coalesce((select size from log where id = 0), 0), coalesce((select max(ticket) from inbox), 0);

-- name: accept
-- Puts one event into the inbox.
insert into inbox(event) values (?) returning ticket;

-- name: waiting
-- The oldest events of the inbox that were not refused.
select ticket, event from inbox where refused = 0 order by ticket limit ?;

-- name: has_waiting
-- Whether an event waits in the inbox.
select exists (select 1 from inbox where refused = 0);

-- name: take
-- Takes one event out of the inbox.
delete from inbox where ticket = ?;

-- name: refuse
-- Sets one event of the inbox aside.
update inbox set refused = 1 where ticket = ?;

-- name: refused
-- The events of the inbox that were set aside.
select ticket, event from inbox where refused = 1 order by ticket;
