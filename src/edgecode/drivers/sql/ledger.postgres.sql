-- name: exists
-- Whether the log was laid out here, with the table that came last.
select to_regclass('moved') is not null;

-- name: schema
-- The tables of one log, with the promises of ledger.sql. Tiles are stored outside their row and not compressed, leaves inside it; the
-- log's row has room on its page for its next states. Statements on entries and tiles that would change or remove any are refused. What an
-- earlier release laid out stays; what is missing is added.
create table if not exists log(
    id int primary key check (id = 0), origin text not null, size bigint not null, stack bytea not null
) with (fillfactor = 50);
create table if not exists entry(pk bigint primary key, event_id bytea not null unique, leaf bytea not null);
alter table entry alter leaf set storage main;
create table if not exists tile(
    level int, number bigint, root bytea not null, hashes bytea not null, primary key (level, number)
);
alter table tile alter hashes set storage external;
create table if not exists payload(
    pk bigint, section text collate "C", salt bytea not null, key_id text not null, data bytea not null, primary key (pk, section)
);
create table if not exists checkpoint(log int primary key, size bigint not null, note bytea not null) with (fillfactor = 50);
create table if not exists cosigned(size bigint primary key, note bytea not null);
create table if not exists frozen(log int primary key check (log = 0), evidence bytea not null);
create table if not exists moved(log int primary key check (log = 0), note bytea not null);
create table if not exists inbox(
    ticket bigint generated always as identity primary key, event bytea not null, refused boolean not null default false
);
create or replace function stays() returns trigger language plpgsql as $$ begin raise exception 'entries and tiles stay'; end $$;
create or replace trigger entry_stays before update or delete or truncate on entry for each statement execute function stays();
create or replace trigger tile_stays before update or delete or truncate on tile for each statement execute function stays();

-- name: settle
-- Changes nothing; its commit is confirmed only when everything before it is as durable as this server makes it.
update log set size = size where id = 0;

-- name: create
-- Begins the log unless it is there.
insert into log(id, origin, size, stack) values (0, %s, 0, '') on conflict do nothing;

-- name: head
-- The origin, size and compact range of the log.
select origin, size, stack from log where id = 0;

-- name: lock_head
-- The same, for the one who appends next, and whether the server still flushes what it commits.
select origin, size, stack, current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'
from log where id = 0 for update;

-- name: set_head
-- Moves the head to a new size and compact range.
update log set size = %s, stack = %b where id = 0;

-- name: add_entry
-- Adds one entry; fails when its event id is there.
insert into entry(pk, event_id, leaf) values (%s, %b, %b);

-- name: add_section
-- Adds one section.
insert into payload(pk, section, salt, key_id, data) values (%s, %s, %b, %s, %b);

-- name: copy_entries
-- Adds many entries.
copy entry(pk, event_id, leaf) from stdin (format binary);

-- name: add_tile
-- Adds one full tile.
insert into tile(level, number, root, hashes) values (%s::bigint, %s, %b, %b);

-- name: copy_sections
-- Adds many sections.
copy payload(pk, section, salt, key_id, data) from stdin (format binary);

-- name: leaves
-- The entries of a range of indexes.
select pk, leaf from entry where pk >= %s and pk < %s order by pk;

-- name: some_leaves
-- The first entries of a range of indexes.
select pk, leaf from entry where pk >= %s and pk < %s order by pk limit %s;

-- name: sections
-- The sections beside a range of entries.
select pk, section, salt, key_id, data from payload where pk >= %s and pk < %s order by pk, section;

-- name: entry_end
-- One more than the highest index of an entry.
select coalesce(max(pk) + 1, 0) from entry;

-- name: indexes_of
-- Where event ids are.
select event_id, pk from entry where event_id = any(%b);

-- name: event_ids
-- A page of the event ids, in their order: id, index.
select event_id, pk from entry where event_id > %b order by event_id limit %s;

-- name: stray_sections
-- Sections beside no entry: index, name.
select pk, section from payload p where not exists (select 1 from entry e where e.pk = p.pk) order by pk, section limit %s;

-- name: tile
-- The hashes of one full tile.
select hashes from tile where level = %s and number = %s;

-- name: tile_roots
-- The roots of a range of full tiles of one level.
select root from tile where level = %s and number >= %s and number < %s order by number;

-- name: keep_checkpoint
-- Stores the signed head unless a later one is stored, in a transaction that a crash may lose, though never tear.
with lightly as materialized (select set_config('synchronous_commit', 'off', true))
insert into checkpoint(log, size, note) select 0, %s, %b from lightly
on conflict(log) do update set size = excluded.size, note = excluded.note where excluded.size >= checkpoint.size;

-- name: checkpoint
-- The stored signed head.
select note from checkpoint where log = 0;

-- name: keep_cosigned
-- Stores a signed head with cosignatures in place of the one of its size.
insert into cosigned(size, note) values (%s, %b) on conflict(size) do update set note = excluded.note;

-- name: cosigned
-- Every stored head with cosignatures.
select size, note from cosigned order by size;

-- name: freeze
-- Keeps the evidence that the log was rolled back or forked, unless there is some.
insert into frozen(log, evidence) values (0, %b) on conflict do nothing;

-- name: frozen
-- That evidence.
select evidence from frozen where log = 0;

-- name: retire
-- Keeps where recording goes on, in place of an earlier note.
insert into moved(log, note) values (0, %b) on conflict(log) do update set note = excluded.note;

-- name: reinstate
-- Forgets that.
delete from moved;

-- name: marks
-- What ends recording here: evidence of a rollback or fork, where the record went.
select (select evidence from frozen where log = 0), (select note from moved where log = 0);

-- name: erase_section
-- Removes one section.
delete from payload where pk = %s and section = %s;

-- name: reseal_section
-- Puts one section under another key; its salt must be the same.
update payload set key_id = %s, data = %b where pk = %s and section = %s and salt = %b;

-- name: sections_under
-- What is sealed with a key. Reads every section: erasing is rare, and an index would cost every append.
select pk, section from payload where key_id = %s order by pk, section;

-- name: rewrite_payload
-- Copies what is left into a fresh file and removes the old one.
vacuum full payload;

-- name: rewrite_inbox
-- The same for the inbox, through which erased events came.
vacuum full inbox;

-- name: stand
-- How many entries the log has, and the last ticket in the inbox.
select coalesce((select size from log where id = 0), 0), coalesce((select max(ticket) from inbox), 0);

-- name: accept
-- Puts one event into the inbox.
insert into inbox(event) values (%b) returning ticket;

-- name: tell
-- Wakes whoever waits for work; the channel has the schema's name.
select pg_notify(current_schema(), '');

-- name: listen
-- Lets this session be woken.
listen {channel};

-- name: unlisten
-- Ends that.
unlisten {channel};

-- name: waiting
-- The oldest events of the inbox that were not refused.
select ticket, event from inbox where not refused order by ticket limit %s;

-- name: has_waiting
-- Whether an event waits in the inbox.
select exists (select 1 from inbox where not refused);

-- name: take
-- Takes events out of the inbox.
delete from inbox where ticket = any(%s::bigint[]);

-- name: refuse
-- Sets events of the inbox aside.
update inbox set refused = true where ticket = any(%s::bigint[]);

-- name: refused
-- The events of the inbox that were set aside.
select ticket, event from inbox where refused order by ticket;

-- name: try_sequencing
-- Takes the place of the one who drains the inbox, if it is free; it is given up with the session.
select pg_try_advisory_lock(hashtextextended('edgecode sequencing ' || current_schema(), 0));

-- name: end_sequencing
-- Gives it up.
select pg_advisory_unlock(hashtextextended('edgecode sequencing ' || current_schema(), 0));

-- name: let_pass
-- Waits until nobody has a turn; it holds nothing behind this statement.
select pg_advisory_xact_lock_shared(hashtextextended('edgecode turn ' || current_schema(), 0)) is null;

-- name: take_turn
-- Waits for a turn, which is given up with the session.
select pg_advisory_lock(hashtextextended('edgecode turn ' || current_schema(), 0)) is null;

-- name: end_turn
-- Gives it up.
select pg_advisory_unlock(hashtextextended('edgecode turn ' || current_schema(), 0));
