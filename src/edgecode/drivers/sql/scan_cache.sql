-- name: schema
-- one row per file of a media tree as last read; may be deleted at any time
create table if not exists file (
  root text not null,
  path blob not null,
  device integer not null,
  inode blob not null,
  size integer not null,
  mtime_ns integer not null,
  ctime_ns integer not null,
  read_at_ns integer not null,
  sha256 blob,
  xxh128 blob,
  facts blob not null,
  readers text not null,
  makes integer not null,
  primary key (root, path)
) without rowid;
-- erasures that were carried out here: 1 in this memory of files, 2 in what lies beside it too
create table if not exists erased(erasure blob primary key, state integer not null) without rowid;

-- name: entry
-- what is remembered of one file
select device, inode, size, mtime_ns, ctime_ns, read_at_ns, sha256, xxh128, facts, readers, makes
from file where root = ? and path = ?;

-- name: remember
-- the state of one file, in place of an older one
insert or replace into file (root, path, device, inode, size, mtime_ns, ctime_ns, read_at_ns, sha256, xxh128, facts, readers, makes)
values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: paths
-- every file remembered of one media root
select path from file where root = ?;

-- name: forget
-- one file is gone
delete from file where root = ? and path = ?;

-- name: forget_digest
-- files of one content are gone
delete from file where sha256 = ?;

-- name: count
-- how many files of a root are remembered
select count(*) from file where root = ?1;

-- name: digests
-- every content that is remembered
select distinct sha256 from file where sha256 is not null;

-- name: forget_unread
-- files of which only the header was read are gone
delete from file where sha256 is null;

-- name: erasure
-- how far an erasure was carried out here
select state from erased where erasure = ?;

-- name: note_erasure
-- an erasure was carried out so far
insert into erased values (?, ?) on conflict do update set state = max(state, excluded.state);
