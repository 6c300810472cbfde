-- Tables and named queries of the index (docs/decisions/0007-index.md). Ids are dense and private to one file; keys are the sixteen
-- bytes of record ids. `cross join` fixes the order of a join, so that a plan does not change with statistics.
--
-- PostgreSQL reads this file too: drivers/postgres_index.py puts its words for types, `cross join` and `?1`, and index.postgres.sql holds
-- the queries that are written another way there. So: quote "end", give `on conflict … do update` its columns and write `table.column`
-- behind it, no truth values as numbers, `nulls first` where a column that is ordered by may be null, order in whatever order matters.

-- name: tables
-- every table of this file, virtual ones first (dropping one drops its shadow tables)
select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' and name not like 'cut_range_at_%'
order by sql not like 'create virtual%', name;

-- name: schema
create table index_state(one integer primary key check (one = 1), tree_size int not null, root blob not null) strict;
insert into index_state values (1, 0, x'');
create table production(key blob primary key, title text not null, log_index int not null) strict, without rowid;
-- the names under which each media root is known, in the order they were given
create table root_name(root text not null, position int not null, name text not null, log_index int not null,
  primary key (root, position)) strict, without rowid;
-- events that this release cannot read, counted by type
create table unread(type text primary key, events int not null) strict, without rowid;
-- records that contradict others: code, the step and the version they concern
create table problem(log_index int not null, code text not null, step_id int not null default 0, version_id int not null default 0,
  primary key (log_index, code, step_id, version_id)) strict, without rowid;
-- bytes, whatever they are called; sequence: 1 when digest is a sequence root, 2 and 3 when it is the commitment to an erased one;
-- committed: what the leaf of the first event with these bytes commits to them with; personal: 1 while they are somebody's scan,
-- voice or capture, whose edge code comes from there
create table content(id integer primary key, digest blob not null unique, sequence int not null, size int, committed blob,
  personal int not null default 0) strict;
create index content_personal on content(committed) where personal = 1;
create table content_alias(algorithm text not null, value text not null, content_id int not null, trust text not null,
  primary key (algorithm, value, content_id, trust)) strict, without rowid;
-- the frames of a sequence: runs of numbers as JSON [[first, last], ...] and 32 bytes for each frame in that order
create table sequence_frames(content_id integer primary key, numbers text not null, digests blob not null) strict;
-- where a frame's bytes may be found: the first 48 bits of its digest (the digests themselves decide)
create table frame_mark(mark int not null, content_id int not null, primary key (mark, content_id)) strict, without rowid;
-- single files that are frames of known sequences by their bytes
create table frame_copy(content_id int not null, sequence_id int not null, frame int not null,
  primary key (content_id, sequence_id, frame)) strict, without rowid;
create index frame_copy_sequence on frame_copy(sequence_id);
-- sequences that have a frame in common: of those that share one, enough pairs to lead from each to every other, both ways round
create table sequence_kin(content_id int not null, kin_id int not null, primary key (content_id, kin_id)) strict, without rowid;
-- seen: 0 referred to only, 1 read, 2 named as a model or a set of material; first and end: frame numbers, null when it has none
-- clock: 1 numbers in file names, 2 frames counted from the start; others: how many further steps claim to have made it
create table version(id integer primary key, key blob not null unique, seen int not null default 0, class text not null default 'other',
  name text not null default '', content_id int, step_id int, others int not null default 0, first int, "end" int, holes text,
  clock int not null default 0, rate text not null default '', facts text not null default '', supersedes_id int,
  log_index int not null) strict;
create index version_content on version(content_id) where content_id is not null;
create index version_step on version(step_id) where step_id is not null;
create index version_supersedes on version(supersedes_id) where supersedes_id is not null;
-- entries that say of a version what it is: seen, known; and entries that are about a record and in no other table, by its key: steps
-- and answers taken back, decisions about cuts
create table version_entry(version_id int not null, log_index int not null, primary key (version_id, log_index)) strict, without rowid;
create table record_entry(key blob not null, log_index int not null, primary key (key, log_index)) strict, without rowid;
create table reel(reel text not null, version_id int not null, primary key (reel, version_id)) strict, without rowid;
create table unique_id(value text not null, version_id int not null, primary key (value, version_id)) strict, without rowid;
-- current: the last version seen at that place; backwards: folded path parts, last part first, each followed by a slash
create table place(root text not null, path text not null, version_id int not null, current int not null, log_index int not null,
  text text not null, backwards text not null, stem text not null, primary key (root, path, version_id)) strict, without rowid;
create index place_version on place(version_id);
create index place_backwards on place(backwards);
create index place_stem on place(stem);
create table recipe(id integer primary key, hash blob not null unique, body text not null) strict;
-- account: what the step itself adds (terms.origins), and whether another entry contradicts it; followed: ids of inputs that coverage follows, 4 bytes each; aside: of control
-- and tool inputs;
-- look: 0 inputs frame by frame, 1 a closer look (frame maps, a vendor), 2 each input whole
create table step(id integer primary key, key blob not null unique, kind text not null, source text not null, grade text not null,
  status text not null, ai text, tool text not null, tool_version text not null, started int not null, ended int not null,
  turnover text not null, covers text, origins text not null, recipe_id int, rank int not null, account int not null,
  followed blob not null, look int not null, log_index int not null, aside blob not null, line text not null, withdrawn int not null default 0) strict;
-- role: index into InputRole; producer_id is copied from version.step_id, which halves the hops of a closure
create table step_input(step_id int not null, version_id int not null, role int not null, producer_id int, position int not null,
  maps text, primary key (step_id, version_id, role)) strict, without rowid;
create index step_input_reverse on step_input(version_id, step_id);
-- steps that also claim to have made a version, and steps that failed
create table other_producer(version_id int not null, step_id int not null, primary key (version_id, step_id)) strict, without rowid;
create index other_producer_step on other_producer(step_id);
-- what steps that were taken back had said they made
create table withdrawn_output(version_id int not null, step_id int not null, primary key (version_id, step_id)) strict, without rowid;
-- and what they had said they made it from
create table withdrawn_input(step_id int not null, version_id int not null, role int not null, position int not null, maps text,
  primary key (step_id, version_id, role)) strict, without rowid;
create table model(version_id integer primary key, name text not null, kind text not null, header text not null) strict;
create index model_name on model(name);
create table model_hash(algorithm text not null, value text not null, version_id int not null,
  primary key (algorithm, value, version_id)) strict, without rowid;
create table dataset(version_id integer primary key, name text not null, items int) strict;
create table member(dataset_id int not null, version_id int not null, primary key (dataset_id, version_id)) strict, without rowid;
create index member_reverse on member(version_id);
create table cut(id integer primary key, key blob not null unique, name text not null, format text not null, rate text not null,
  start int not null, frames int not null, drop_frame int not null, effects_visible int not null, supersedes blob,
  body blob not null, log_index int not null) strict;
create index cut_name on cut(name);
create index cut_supersedes on cut(supersedes) where supersedes is not null;
create table clip(id integer primary key, key blob not null unique, cut_id int not null, position int not null) strict;
create index clip_cut on clip(cut_id, position);
-- start and end exact as "num/den" frames of the cut; seen: JSON [[clip position, visibility], ...]
create table cut_range(id integer primary key, cut_id int not null, start text not null, "end" text not null, seen text not null) strict;
create index cut_range_cut on cut_range(cut_id, id);
create table conform_decision(clip blob primary key, version_id int not null, frame int, log_index int not null) strict, without rowid;
-- what people had decided before they decided otherwise
create table replaced_decision(clip blob not null, version_id int not null, primary key (clip, version_id)) strict, without rowid;
create table answer(id integer primary key, key blob not null unique, cut blob not null, about text not null, kind text not null,
  ai text, chosen_by text not null, withdrawn int not null default 0, log_index int not null) strict;
create index answer_cut on answer(cut);
create table answer_version(version_id int not null, answer_id int not null, primary key (version_id, answer_id)) strict, without rowid;
create index answer_version_reverse on answer_version(answer_id);
create table answer_clip(clip blob not null, answer_id int not null, primary key (clip, answer_id)) strict, without rowid;
create index answer_clip_reverse on answer_clip(answer_id);
-- persons by their random ref and the alias that papers print, never by name; an erased one is not here; log_index: who gave the alias
create table person(id integer primary key, ref text not null unique, alias text not null, log_index int not null) strict;
create index person_alias on person(alias);
-- events about persons: the leaf's id, what it is (note, depiction, hold, release, withdrawal, right, right-move), the class that a retention rule looks
-- at, the note, depiction, hold or record of the desk that it is about, and the note that it corrects; person_id null: erased; alias: what it
-- calls the person, null where it names nobody itself
create table person_entry(event blob primary key, log_index int not null, person_id int, what text not null, class text not null,
  about blob not null, replaces blob, alias text) strict, without rowid;
create index person_entry_person on person_entry(person_id) where person_id is not null;
create index person_entry_about on person_entry(about);
create index person_entry_replaces on person_entry(replaces) where replaces is not null;
-- erased: the day on which the person was erased, null while they are not
create table depiction(key blob primary key, version_id int not null, how text not null, first int, "end" int, biometric int not null,
  withdrawn int not null default 0, erased text, log_index int not null) strict, without rowid;
create index depiction_version on depiction(version_id);
create table hold(key blob primary key, why text not null, keeps text not null, until text not null, lifted int not null default 0,
  log_index int not null) strict, without rowid;
-- events of the desk in whole, except words and refs: which record they are about, whom (null: nobody, erased, or not to be opened here),
-- of_person: 1 where the event names somebody, 2 where an erasure covers that; body: their sections as JSON
create table right_event(event blob primary key, log_index int not null, ts int not null, actor text not null, type text not null,
  about blob not null, person_id int, of_person int not null, body text not null) strict, without rowid;
create index right_event_type on right_event(type, log_index);
create index right_event_about on right_event(about, log_index);
-- what notes say of persons that rules ask for: status, guilds …, as JSON
create table person_fields(event blob primary key, note blob not null, person_id int not null, log_index int not null,
  body text not null) strict, without rowid;
create table approver(key blob primary key, public text not null, retired int not null, log_index int not null) strict, without rowid;
-- settled: 1 once everything that it names was found destroyed here; no part of what the record says
create table erasure(key blob primary key, scope text not null, requested text not null, executed text not null,
  settled int not null default 0, log_index int not null) strict, without rowid;
-- what clips showed of versions whose names and digests were erased
create table kept_match(clip blob primary key, version_id int, candidates text not null, method text not null, confidence int not null,
  reason text not null, log_index int not null) strict, without rowid;

-- name: schema_of_extents
-- where ranges of cuts lie, in whole frames, rounded outward; both ends included
create virtual table cut_range_at using rtree_i32(id, cut_low, cut_high, first, last);

-- name: settle
pragma analysis_limit = 1000;
analyze;

-- name: watermark
-- tree size and root of the ledger that these rows stand for
select tree_size, root from index_state where one = 1;

-- name: set_watermark
update index_state set tree_size = ?1, root = ?2 where one = 1;

-- name: add_production
insert into production values (?1, ?2, ?3) on conflict do nothing;

-- name: production
select key, title from production order by log_index limit 1;

-- name: drop_root_names
delete from root_name where root = ?1;

-- name: add_root_name
insert into root_name values (?1, ?2, ?3, ?4);

-- name: root_names
select root, name from root_name order by root, position;

-- name: add_unread
insert into unread values (?1, 1) on conflict(type) do update set events = unread.events + 1;

-- name: unread
select type, events from unread order by type;

-- name: add_problem
insert into problem(log_index, code, step_id, version_id) values (?1, ?2, ?3, ?4) on conflict do nothing;

-- name: problems
-- records that contradict others, in ledger order: code, step key, version key
select p.log_index, p.code, s.key, v.key from problem p left join step s on s.id = p.step_id left join version v on v.id = p.version_id
order by p.log_index, p.code, p.step_id, p.version_id;

-- ------------------------------------------------------------------------------------------------ content

-- name: content_of_digest
select id, sequence, size from content where digest = ?1;

-- name: add_content
insert into content(digest, sequence, size, committed) values (?1, ?2, ?3, ?4) returning id;

-- name: complete_content
update content set size = coalesce(size, ?2), committed = coalesce(committed, ?3) where id = ?1 and (size is null or committed is null);

-- name: contents_between
-- contents whose edge code starts with some bits, the bounds both included: a person's own by the commitment, all others by the digest
select id from content where digest between ?1 and ?2 and personal = 0
union all
select id from content where committed between ?1 and ?2 and personal = 1 order by 1;

-- name: contents_retired
-- contents that had these bits in their edge code before they were declared a person's own
select id from content where digest between ?1 and ?2 and personal = 1 and sequence < 2 order by 1;

-- name: settle_personal
-- says of a content, and of files that are frames of it, whether a depiction in force calls it, or a sequence that holds it, somebody's own
update content set personal = case when
    exists (select 1 from version x cross join depiction d on d.version_id = x.id
      where x.content_id = content.id and d.biometric = 1 and d.withdrawn = 0)
    or exists (select 1 from frame_copy f cross join version x on x.content_id = f.sequence_id cross join depiction d on d.version_id = x.id
      where f.content_id = content.id and d.biometric = 1 and d.withdrawn = 0) then 1 else 0 end
where id = ?1 or id in (select content_id from frame_copy where sequence_id = ?1);

-- name: add_alias
insert into content_alias(algorithm, value, content_id, trust) values (?1, ?2, ?3, ?4) on conflict do nothing;

-- name: contents_of_alias
select a.content_id, a.trust from content_alias a where a.algorithm = ?1 and a.value = ?2 order by a.trust desc, a.content_id;

-- name: add_sequence_frames
insert into sequence_frames values (?1, ?2, ?3) on conflict do nothing;

-- name: sequence_frames
select numbers, digests from sequence_frames where content_id = ?1;

-- name: add_frame_mark
insert into frame_mark values (?1, ?2) on conflict do nothing;

-- name: sequences_marked
-- sequences that may hold frames with these marks: (mark, content)
select m.mark, m.content_id from json_each(?1) j cross join frame_mark m on m.mark = j.value order by 1, 2;

-- name: add_sequence_kin
insert into sequence_kin values (?1, ?2) on conflict do nothing;

-- name: sequence_kin
-- sequences that have frames in common with a version: (asked, its content, other version, content of that)
select j.value, k.content_id, y.id, k.kin_id from json_each(?1) j cross join version x on x.id = j.value
cross join sequence_kin k on k.content_id = x.content_id cross join version y on y.content_id = k.kin_id where y.seen > 0 order by 1, 3;

-- name: frame_files
-- files that were read and whose bytes are frames of a version: (asked, file, frame)
select j.value, y.id, f.frame from json_each(?1) j cross join version x on x.id = j.value cross join frame_copy f on f.sequence_id = x.content_id
cross join version y on y.content_id = f.content_id where y.seen > 0 order by 1, 3, 2;

-- name: add_frame_copy
insert into frame_copy values (?1, ?2, ?3) on conflict do nothing;

-- name: link_frame
-- a frame of a sequence whose bytes are known as a file: digest, sequence, frame number
insert into frame_copy select c.id, ?2, ?3 from content c where c.digest = ?1 on conflict do nothing;

-- name: frame_copies
-- versions of sequences that hold the bytes of a version as a frame: (asked, holder, frame), oldest holder first
select j.value, y.id, f.frame from json_each(?1) j cross join version x on x.id = j.value cross join frame_copy f on f.content_id = x.content_id
cross join version y on y.content_id = f.sequence_id where y.seen > 0 order by 1, 2, 3;

-- ------------------------------------------------------------------------------------------------ versions

-- name: version_id
select id from version where key = ?1;

-- name: add_version
insert into version(key, log_index) values (?1, ?2) returning id;

-- name: version_state
-- seen, content, step, further steps, name, whether it was ever called somebody's scan, voice or capture
select seen, content_id, step_id, others, name,
  case when exists (select 1 from depiction d where d.version_id = version.id and d.biometric = 1) then 1 else 0 end
from version where id = ?1;

-- name: set_version_seen
update version set seen = 1, class = ?2, content_id = ?3, first = ?4, "end" = ?5, holes = ?6, clock = ?7, rate = ?8,
  facts = ?9, supersedes_id = coalesce(?10, supersedes_id) where id = ?1;

-- name: version_clock
select clock from version where id = ?1;

-- name: join_content
-- versions of one erased content share its name again
update version set content_id = ?2 where id = ?1;

-- name: set_version_content
update version set content_id = ?2 where id = ?1 and content_id is null;

-- name: set_version_known
update version set seen = case when seen = 0 then 2 else seen end, class = case when seen = 0 then ?2 else class end where id = ?1;

-- name: set_version_name
update version set name = ?2 where id = ?1 and name = '';

-- name: add_reel
insert into reel values (?1, ?2) on conflict do nothing;

-- name: versions_of_reel
select version_id from reel where reel = ?1 order by version_id;

-- name: add_unique_id
insert into unique_id values (?1, ?2) on conflict do nothing;

-- name: versions_of_unique_id
select version_id from unique_id where value = ?1 order by version_id;

-- name: retire_place
update place set current = 0 where root = ?1 and path = ?2 and current = 1;

-- name: add_place
insert into place(root, path, version_id, current, log_index, text, backwards, stem) values (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7)
on conflict(root, path, version_id) do update set current = 1, log_index = excluded.log_index;

-- name: places_of_version
select root, path, text, current from place where version_id = ?1 order by current desc, root, path;

-- name: version_at
-- the version that was last seen at a place
select version_id from place where root = ?1 and path = ?2 and current = 1;

-- name: places_backwards
-- current places whose folded path ends with some parts: at least ?1 and below ?2
select version_id, root, path, backwards from place where backwards >= ?1 and backwards < ?2 and current = 1 order by backwards, root, path;

-- name: places_of_stem
-- current places by their folded name without frame number and suffix
select version_id, root, path, backwards from place where stem = ?1 and current = 1 order by backwards, root, path;

-- name: versions
-- versions by dense id: everything that a VersionRow holds but its places
select x.id, x.key, x.seen, x.class, x.name, x.content_id, c.digest, c.sequence, c.size, x.first, x.end, x.holes, x.facts, x.step_id,
  p.key, x.log_index, c.committed, c.personal
from json_each(?1) j cross join version x on x.id = j.value left join content c on c.id = x.content_id
left join version p on p.id = x.supersedes_id order by x.id;

-- name: all_versions
-- a page of versions by dense id, for listings
select id from version where id > ?1 order by id limit ?2;

-- name: seen_versions_of_content
select id from version where content_id = ?1 and seen > 0 order by id;

-- name: versions_of_content
-- every version of one content, by record id, referred ones too
select key from version where content_id = ?1 order by key;

-- name: versions_of_frames
-- versions of single files whose bytes are frames of a sequence
select y.key from version x cross join frame_copy f on f.sequence_id = x.content_id cross join version y on y.content_id = f.content_id
where x.id = ?1 order by y.key;

-- name: superseding
-- versions that say they replace this one
select id from version where supersedes_id = ?1 order by id;

-- ------------------------------------------------------------------------------------------------ steps

-- name: step_id
select id from step where key = ?1;

-- name: step_line
select line from step where key = ?1;

-- name: makings_of
-- (source, recipe) of every step that made a content, given by its digest, as far as the content's own file told it: no line of step/1 did
select t.source, coalesce(r.body, '') from content c cross join version x on x.content_id = c.id cross join step t on t.id = x.step_id
  left join recipe r on r.id = t.recipe_id where c.digest = ?1 and t.line = ''
union
select t.source, coalesce(r.body, '') from content c cross join version x on x.content_id = c.id
  cross join other_producer o on o.version_id = x.id cross join step t on t.id = o.step_id left join recipe r on r.id = t.recipe_id
  where c.digest = ?1 and t.line = '';

-- name: recipe_id
select id from recipe where hash = ?1;

-- name: add_recipe
insert into recipe(hash, body) values (?1, ?2) returning id;

-- name: add_step
insert into step(key, kind, source, grade, status, ai, tool, tool_version, started, ended, turnover, covers, origins, recipe_id, rank,
  account, followed, look, log_index, aside, line) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
returning id;

-- name: step_rank
select rank from step where id = ?1;

-- name: set_producer
update version set step_id = ?2 where id = ?1;

-- name: set_input_producer
update step_input set producer_id = ?2 where version_id = ?1;

-- name: add_other_producer
insert into other_producer values (?1, ?2) on conflict do nothing;

-- name: count_other_producers
update version set others = (select count(*) from other_producer o where o.version_id = ?1) where id = ?1;

-- name: other_producers
-- further steps of versions: version, step, rank (0: failed, or an import that explains nothing)
select o.version_id, o.step_id, t.rank from json_each(?1) j cross join other_producer o on o.version_id = j.value
cross join step t on t.id = o.step_id order by o.version_id, o.step_id;

-- name: drop_other_producer
delete from other_producer where version_id = ?1 and step_id = ?2;

-- name: best_other_producer
-- of the further steps of a version the one that explains it best: the strongest grade, else the one recorded first
select o.step_id from other_producer o cross join step t on t.id = o.step_id where o.version_id = ?1 and t.rank > 0
order by t.rank desc, o.step_id limit 1;

-- name: drop_inputs
delete from step_input where step_id = ?1;

-- name: step_twice
-- what the account of a step is, and the mark of the line that recorded it
select id, account, line from step where key = ?1;

-- name: set_step_account
-- a second entry says something else of a step
update step set account = ?2 where id = ?1;

-- name: set_step_withdrawn
update step set withdrawn = 1 where id = ?1;

-- name: keep_withdrawn_inputs
insert into withdrawn_input select i.step_id, i.version_id, i.role, i.position, i.maps from step_input i where i.step_id = ?1
  on conflict do nothing;

-- name: withdrawn_steps
-- steps that had made versions and were taken back: (version, step)
select w.version_id, w.step_id from json_each(?1) j cross join withdrawn_output w on w.version_id = j.value order by 1, 2;

-- name: withdrawn_inputs
select i.step_id, i.version_id, i.role, i.maps from json_each(?1) j cross join withdrawn_input i on i.step_id = j.value
order by i.step_id, i.position;

-- name: sources_of_steps
-- where steps came from: (step, source)
select t.id, t.source from json_each(?1) j cross join step t on t.id = j.value order by 1;

-- name: add_withdrawn_output
insert into withdrawn_output values (?1, ?2) on conflict do nothing;

-- name: withdrawn_step
select 1 from step where key = ?1 and withdrawn = 1;

-- name: withdrawn_making
-- whether a step from one source that had made a version, or another of its content, was taken back
select 1 from version x cross join withdrawn_output w on w.version_id = x.id cross join step t on t.id = w.step_id
  where x.key = ?1 and t.source = ?2
union
select 1 from version x cross join version y on y.content_id = x.content_id cross join withdrawn_output w on w.version_id = y.id
  cross join step t on t.id = w.step_id where x.key = ?1 and t.source = ?2;

-- name: makings_taken_back
-- those of these versions that a step had made which was taken back, no recording of people, and that no step is the maker of now
select distinct w.version_id from json_each(?1) j cross join withdrawn_output w on w.version_id = j.value
  cross join step t on t.id = w.step_id cross join version x on x.id = w.version_id
  where x.step_id is null and t.kind not in ('camera', 'sound_recording');

-- name: add_input
-- an input with the maker that it has now
insert into step_input select ?1, x.id, ?3, x.step_id, ?4, ?5 from version x where x.id = ?2;

-- name: is_used
-- whether any step or set of material uses the version
select 1 where exists (select 1 from step_input where version_id = ?1) or exists (select 1 from member where version_id = ?1);

-- name: ancestors
-- versions behind several versions by recorded steps, the versions themselves included (used to refuse cycles)
with recursive c(v) as (
  select value from json_each(?1)
  union
  select i.version_id from c cross join version x on x.id = c.v cross join step_input i on i.step_id = x.step_id
  union
  select i.version_id from c cross join other_producer o on o.version_id = c.v cross join step_input i on i.step_id = o.step_id
  union
  select m.version_id from c cross join member m on m.dataset_id = c.v)
select v from c;

-- name: steps
-- steps by dense id
select t.id, t.key, t.kind, t.source, t.grade, t.status, t.ai, t.tool, t.tool_version, t.started, t.ended, t.turnover, t.covers,
  t.origins, r.body, t.log_index
from json_each(?1) j cross join step t on t.id = j.value left join recipe r on r.id = t.recipe_id order by t.id;

-- name: version_contents
-- versions by dense id: (id, key, content)
select x.id, x.key, x.content_id from json_each(?1) j cross join version x on x.id = j.value;

-- name: works
-- what rights ask of steps: (id, kind, AI use, tool, started, ended, recipe, entry)
select t.id, t.kind, t.ai, t.tool, t.started, t.ended, r.body, t.log_index
from json_each(?1) j cross join step t on t.id = j.value left join recipe r on r.id = t.recipe_id;

-- name: inputs_of_steps
select i.step_id, i.version_id, i.role, i.position, i.maps from json_each(?1) j cross join step_input i on i.step_id = j.value
order by i.step_id, i.position;

-- name: outputs_of_step
select id from version where step_id = ?1 union select version_id from other_producer where step_id = ?1 order by 1;

-- name: made_into
-- what was made from versions in one step: (version made, role of the input)
select o.id, i.role from json_each(?1) j cross join step_input i on i.version_id = j.value cross join version o on o.step_id = i.step_id
union
select o.version_id, i.role from json_each(?1) j cross join step_input i on i.version_id = j.value
cross join other_producer o on o.step_id = i.step_id order by 1, 2;

-- name: add_model
insert into model values (?1, ?2, ?3, ?4) on conflict(version_id) do update
set header = case when model.header = '{}' then excluded.header else model.header end;

-- name: models
select m.version_id, m.name, m.kind, m.header from json_each(?1) j cross join model m on m.version_id = j.value order by m.version_id;

-- name: add_model_hash
insert into model_hash values (?1, ?2, ?3) on conflict do nothing;

-- name: models_of_hash
-- files of weights that are known or claimed to have this digest, oldest first
select version_id from model_hash where algorithm = ?1 and value = ?2 order by version_id;

-- name: models_named
-- files of weights by the name that a tool or a folder gives them, oldest first
select version_id from model where name = ?1 order by version_id;

-- name: add_dataset
insert into dataset values (?1, ?2, ?3) on conflict(version_id) do update set items = coalesce(excluded.items, dataset.items);

-- name: datasets
select d.version_id, d.name, d.items from json_each(?1) j cross join dataset d on d.version_id = j.value order by d.version_id;

-- name: add_member
insert into member values (?1, ?2) on conflict do nothing;

-- ------------------------------------------------------------------------------------------------ lineage

-- name: closure_of
-- everything that versions were made from: (version, step that made it), the versions themselves included. What is recorded of versions of
-- the same content, of sequences that hold it as a frame or have frames in common with it, and of files that are its frames, is behind it
-- as well; a set of material has its members behind it.
with recursive c(v, s) as (
  select x.id, x.step_id from json_each(?1) j cross join version x on x.id = j.value
  union
  select i.version_id, i.producer_id from c cross join step_input i on i.step_id = c.s
  union
  select o.version_id, o.step_id from c cross join other_producer o on o.version_id = c.v
  union
  select y.id, y.step_id from c cross join version x on x.id = c.v cross join version y on y.content_id = x.content_id
    where y.id <> c.v and (y.step_id is not null or y.others > 0)
  union
  select y.id, y.step_id from c cross join version x on x.id = c.v cross join frame_copy f on f.content_id = x.content_id
    cross join version y on y.content_id = f.sequence_id where y.seen > 0
  union
  select y.id, y.step_id from c cross join version x on x.id = c.v cross join frame_copy f on f.sequence_id = x.content_id
    cross join version y on y.content_id = f.content_id where y.seen > 0
  union
  select y.id, y.step_id from c cross join version x on x.id = c.v cross join sequence_kin k on k.content_id = x.content_id
    cross join version y on y.content_id = k.kin_id where y.seen > 0
  union
  select m.version_id, y.step_id from c cross join member m on m.dataset_id = c.v cross join version y on y.id = m.version_id)
select v, s from c;

-- name: impact
-- everything made from a version, the version itself included: every output of a step derives from every input of it
with recursive c(v) as (
  values(?1)
  union
  select o.id from c cross join step_input i on i.version_id = c.v cross join version o on o.step_id = i.step_id
  union
  select o.version_id from c cross join step_input i on i.version_id = c.v cross join other_producer o on o.step_id = i.step_id
  union
  select m.dataset_id from c cross join member m on m.version_id = c.v
  union
  select y.id from c cross join version x on x.id = c.v cross join version y on y.content_id = x.content_id
    where x.step_id is not null or x.others > 0
  union
  select y.id from c cross join version x on x.id = c.v cross join frame_copy f on f.sequence_id = x.content_id
    cross join version y on y.content_id = f.content_id where x.seen > 0
  union
  select y.id from c cross join version x on x.id = c.v cross join frame_copy f on f.content_id = x.content_id
    cross join version y on y.content_id = f.sequence_id where x.seen > 0
  union
  select y.id from c cross join version x on x.id = c.v cross join sequence_kin k on k.content_id = x.content_id
    cross join version y on y.content_id = k.kin_id where x.seen > 0)
select v from c;

-- name: extents
-- (version, its step, first frame, end, clock, rate, holes)
select x.id, x.step_id, x.first, x.end, x.clock, x.rate, x.holes from json_each(?1) j cross join version x on x.id = j.value;

-- name: members_of
select m.dataset_id, m.version_id from json_each(?1) j cross join member m on m.dataset_id = j.value order by 1, 2;

-- name: twins
-- other versions of the same content: (asked, twin, its step, seen, how many further steps it has)
select j.value, y.id, y.step_id, y.seen, y.others from json_each(?1) j cross join version x on x.id = j.value
cross join version y on y.content_id = x.content_id where y.id <> x.id order by 1, 2;

-- name: framed_files
-- files with a recorded making whose bytes are frames of a version: (asked, file, frame)
select j.value, y.id, f.frame from json_each(?1) j cross join version x on x.id = j.value cross join frame_copy f on f.sequence_id = x.content_id
cross join version y on y.content_id = f.content_id where y.step_id is not null or y.others > 0 order by 1, 3, 2;

-- name: making
-- what the account of a version needs, in one row: itself and its step; and whether other records speak of its bytes: 1 versions of
-- the same content, 2 sequences that hold it as a frame, 4 files that are frames of it, 8 answers
select x.id, x.first, x.end, x.clock, x.holes, x.rate, x.seen, x.content_id, x.others, x.step_id, t.account, t.followed, t.look, t.aside,
  case when exists (select 1 from version y where y.content_id = x.content_id and y.id <> x.id) then 1 else 0 end
  + case when exists (select 1 from frame_copy f where f.content_id = x.content_id) then 2 else 0 end
  + case when exists (select 1 from frame_copy f where f.sequence_id = x.content_id) then 4 else 0 end
  + case when exists (select 1 from answer_version a where a.version_id = x.id) then 8 else 0 end
from json_each(?1) j cross join version x on x.id = j.value left join step t on t.id = x.step_id;

-- name: making_of_steps
-- what the account of a step's outputs needs when a closer look is due
select t.id, t.kind, t.account, t.covers, t.origins, t.ai from json_each(?1) j cross join step t on t.id = j.value;

-- name: inputs_for_accounts
-- inputs of steps that accounts look at (all but members of sets of material): step, version, role, frame maps
select i.step_id, i.version_id, i.role, i.maps from json_each(?1) j cross join step_input i on i.step_id = j.value
order by i.step_id, i.position;

-- ------------------------------------------------------------------------------------------------ cuts

-- name: cut_id
select id from cut where key = ?1;

-- name: add_cut
insert into cut(key, name, format, rate, start, frames, drop_frame, effects_visible, supersedes, body, log_index)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) returning id;

-- name: add_clip
insert into clip(key, cut_id, position) values (?1, ?2, ?3) on conflict do nothing;

-- name: add_range
insert into cut_range(cut_id, start, "end", seen) values (?1, ?2, ?3, ?4) returning id;

-- name: add_range_at
insert into cut_range_at values (?1, ?2, ?2, ?3, ?4);

-- name: cut_listing
-- every cut, newest last; superseded: whether a later reading replaces it
select c.id, c.key, c.name, c.format, c.rate, c.start, c.frames, c.drop_frame, c.effects_visible, c.log_index,
  case when exists (select 1 from cut n where n.supersedes = c.key) then 1 else 0 end
from cut c order by c.log_index, c.id;

-- name: cuts_named
select c.id, c.key, c.name, c.format, c.rate, c.start, c.frames, c.drop_frame, c.effects_visible, c.log_index,
  case when exists (select 1 from cut n where n.supersedes = c.key) then 1 else 0 end
from cut c where c.name = ?1 order by c.log_index, c.id;

-- name: cut_keyed
select c.id, c.key, c.name, c.format, c.rate, c.start, c.frames, c.drop_frame, c.effects_visible, c.log_index,
  case when exists (select 1 from cut n where n.supersedes = c.key) then 1 else 0 end
from cut c where c.key = ?1;

-- name: cut_body
select body from cut where id = ?1;

-- name: clip_keys
select id, key from clip where cut_id = ?1 order by position;

-- name: cut_ranges
select start, "end", seen from cut_range where cut_id = ?1 order by id;

-- name: range_at
-- ranges of a cut that touch whole frame ?2
select r.start, r.end, r.seen from cut_range_at a cross join cut_range r on r.id = a.id
where a.cut_low <= ?1 and a.cut_high >= ?1 and a.first <= ?2 and a.last >= ?2 order by r.id;

-- name: decide_conform
insert into conform_decision values (?1, ?2, ?3, ?4) on conflict(clip) do update
set version_id = excluded.version_id, frame = excluded.frame, log_index = excluded.log_index;

-- name: undecide_conform
delete from conform_decision where clip = ?1;

-- name: superseded_by
-- the reading that a cut replaced
select o.id from cut c join cut o on o.key = c.supersedes where c.id = ?1;

-- name: keep_decision
insert into replaced_decision select clip, version_id from conform_decision where clip = ?1 on conflict do nothing;

-- name: replaced_decisions
-- what people had decided before for the clips of a cut: clip position, version
select k.position, d.version_id from clip k cross join replaced_decision d on d.clip = k.key where k.cut_id = ?1 order by 1, 2;

-- name: conform_decisions
-- a person's decisions for the clips of a cut: clip position, version, frame
select k.position, d.version_id, d.frame from clip k cross join conform_decision d on d.clip = k.key where k.cut_id = ?1 order by 1;

-- ------------------------------------------------------------------------------------------------ answers

-- name: answer_id
select id from answer where key = ?1;

-- name: answer_entry
-- the entry of the ledger that holds an answer
select log_index from answer where key = ?1;

-- name: add_answer
insert into answer(key, cut, about, kind, ai, chosen_by, log_index) values (?1, ?2, ?3, ?4, ?5, ?6, ?7) returning id;

-- name: add_answer_version
insert into answer_version values (?1, ?2) on conflict do nothing;

-- name: add_answer_clip
insert into answer_clip values (?1, ?2) on conflict do nothing;

-- name: withdraw_answer
update answer set withdrawn = 1 where key = ?1;

-- name: answered_versions
-- the making that answers in force declare for versions, oldest first: version, kind, ai, answer key
select v.version_id, a.kind, a.ai, a.key from json_each(?1) j cross join answer_version v on v.version_id = j.value
cross join answer a on a.id = v.answer_id where a.withdrawn = 0 and a.about = 'making' order by v.version_id, a.log_index;

-- name: answered_clips
-- answers in force for the clips of a cut, oldest first: clip position, about, kind, ai, answer key
select k.position, a.about, a.kind, a.ai, a.key from clip k cross join answer_clip c on c.clip = k.key
cross join answer a on a.id = c.answer_id where k.cut_id = ?1 and a.withdrawn = 0 order by k.position, a.log_index;

-- name: answer_listing
select key, cut, about, kind, ai, chosen_by, withdrawn from answer order by log_index, id;

-- name: versions_of_answer
select x.key from answer a cross join answer_version v on v.answer_id = a.id cross join version x on x.id = v.version_id
where a.key = ?1 order by x.key;

-- name: clips_of_answer
select c.clip from answer a cross join answer_clip c on c.answer_id = a.id where a.key = ?1 order by c.clip;

-- ------------------------------------------------------------------------------------------------ entries behind a cut

-- name: add_version_entry
insert into version_entry select x.id, ?2 from version x where x.key = ?1 on conflict do nothing;

-- name: add_record_entry
insert into record_entry values (?1, ?2) on conflict do nothing;

-- name: entries_of_versions
-- entries that say what versions are
select e.log_index from json_each(?1) j cross join version_entry e on e.version_id = j.value;

-- name: entries_of_makings
-- entries of every step that says it made one of these versions, whether it counts or not
with c(s) as (
  select x.step_id from json_each(?1) j cross join version x on x.id = j.value where x.step_id is not null
  union
  select o.step_id from json_each(?1) j cross join other_producer o on o.version_id = j.value
  union
  select w.step_id from json_each(?1) j cross join withdrawn_output w on w.version_id = j.value)
select t.log_index from c cross join step t on t.id = c.s;

-- name: entries_of_answers
-- entries of answers about versions
select a.log_index from json_each(?1) j cross join answer_version v on v.version_id = j.value cross join answer a on a.id = v.answer_id;

-- name: entries_of_cut
-- entries of a cut and of the answers about it or its clips
select c.log_index from cut c where c.key = ?1
union
select a.log_index from answer a where a.cut = ?1
union
select a.log_index from cut c cross join clip k on k.cut_id = c.id cross join answer_clip x on x.clip = k.key
  cross join answer a on a.id = x.answer_id where c.key = ?1;

-- name: entries_of_record
-- further entries about a cut, a step or an answer
select log_index from record_entry where key = ?1;

-- ------------------------------------------------------------------------------------------------ persons

-- name: person_of_ref
select id, alias from person where ref = ?1;

-- name: add_person
insert into person(ref, alias, log_index) values (?1, ?2, ?3) returning id;

-- name: set_alias
update person set alias = ?2, log_index = ?3 where id = ?1;

-- name: drop_person
delete from person where id = ?1;

-- name: persons_called
-- persons of an alias, the one that was given it first before others: two writers may have given one alias at the same moment
select id, ref, alias from person where alias = ?1 order by log_index;

-- name: persons
select id, ref, alias from person order by id;

-- name: identities_noted
-- how many persons were ever noted, erased ones too: an alias is never given twice
select count(*) from person_entry where what = 'note' and class = 'identity' and replaces is null;

-- name: add_person_entry
insert into person_entry values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) on conflict do nothing;

-- name: person_of_about
-- the person that a note, depiction, hold or record of the desk is of, and its class; the first event about it comes first
select person_id, class from person_entry where about = ?1 and what in ('note', 'depiction', 'hold', 'right') order by log_index;

-- name: person_entries
-- events about one person in ledger order
select event, log_index, what, class, about, replaces from person_entry where person_id = ?1 order by log_index;

-- name: person_entry
-- one event about a person
select person_id, what, class, about, log_index from person_entry where event = ?1;

-- name: erase_person_entry
update person_entry set person_id = null, alias = null where event = ?1;

-- name: aliases_left
-- what events about a person call them, in ledger order
select alias, log_index from person_entry where person_id = ?1 and alias is not null order by log_index;

-- name: entries_left
select count(*) from person_entry where person_id = ?1;

-- name: erased_counts
-- events about erased persons by class
select class, count(*) from person_entry where person_id is null and what in ('note', 'depiction', 'hold', 'right') group by class order by class;

-- name: add_depiction
insert into depiction(key, version_id, how, first, "end", biometric, log_index) values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do nothing;

-- name: withdraw_depiction
update depiction set withdrawn = 1 where key = ?1;

-- name: erase_depiction
update depiction set erased = ?2 where key = ?1 and erased is null;

-- name: depictions
-- depictions in force of some versions: version, how, first, end, alias (null: erased), the day of the erasure, the person
select d.version_id, d.how, d.first, d."end", p.alias, d.erased, p.id from json_each(?1) j cross join depiction d on d.version_id = j.value
left join person_entry e on e.about = d.key and e.what = 'depiction' left join person p on p.id = e.person_id
where d.withdrawn = 0 order by d.version_id, d.log_index;

-- name: depictions_of_person
-- depictions of one person: key, version, how, first, end, biometric, withdrawn
select d.key, x.key, d.how, d.first, d."end", d.biometric, d.withdrawn from person_entry e cross join depiction d on d.key = e.about
join version x on x.id = d.version_id where e.person_id = ?1 and e.what = 'depiction' order by d.log_index;

-- name: depictions_unread
-- how many depictions are of nobody knows whom: whose section is gone or cannot be opened, and no erasure says so
select count(*) from depiction d where d.erased is null and not exists
  (select 1 from person_entry e where e.about = d.key and e.what = 'depiction' and e.person_id is not null);

-- name: declared
-- versions that a depiction in force calls somebody's own: key, version, content, its digest, the ref of the person (null: erased)
select x.key, x.id, x.content_id, c.digest, p.ref from depiction d cross join version x on x.id = d.version_id
left join content c on c.id = x.content_id left join person_entry e on e.about = d.key and e.what = 'depiction'
left join person p on p.id = e.person_id where d.biometric = 1 and d.withdrawn = 0 order by d.log_index;

-- name: persons_in
-- people who are not erased in some versions, by depictions in force
select distinct e.person_id from json_each(?1) j cross join depiction d on d.version_id = j.value
join person_entry e on e.about = d.key and e.what = 'depiction' where d.withdrawn = 0 and e.person_id is not null order by 1;

-- name: takes_beside
-- versions with bytes at the places of a version, and what it supersedes or is superseded by, whatever is known of these
select y.key from version x cross join version y on y.id = x.supersedes_id where x.id = ?1
union
select y.key from version y where y.supersedes_id = ?1
union
select y.key from place a cross join place b on b.root = a.root and b.path = a.path cross join version y on y.id = b.version_id
where a.version_id = ?1 order by 1;

-- name: depiction
select version_id, biometric, withdrawn from depiction where key = ?1;

-- name: add_hold
insert into hold(key, why, keeps, until, log_index) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing;

-- name: lift_hold
update hold set lifted = 1 where key = ?1;

-- name: holds
-- every hold with the alias of its person (null: erased), oldest first
select h.key, h.why, h.keeps, h.until, h.lifted, p.alias, e.person_id from hold h left join person_entry e on e.about = h.key and e.what = 'hold'
left join person p on p.id = e.person_id order by h.log_index, h.key;

-- name: add_right
insert into right_event(event, log_index, ts, actor, type, about, person_id, of_person, body)
values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) on conflict do nothing;

-- name: right_bodies
select body from right_event;

-- name: rights
-- every event of the desk in ledger order
select event, log_index, ts, actor, type, person_id, of_person, body from right_event order by log_index;

-- name: rights_of
-- events of the desk of one type in ledger order
select event, log_index, ts, actor, type, person_id, of_person, body from right_event where type = ?1 order by log_index;

-- name: rights_about
-- events of the desk about one record in ledger order
select event, log_index, ts, actor, type, person_id, of_person, body from right_event where about = ?1 order by log_index;

-- name: right_body
select body from right_event where event = ?1;

-- name: erase_right
-- what an erasure left of an event, which is nobody's from here on
update right_event set body = ?2, person_id = null, of_person = case of_person when 0 then 0 else 2 end where event = ?1;

-- name: add_person_fields
insert into person_fields(event, note, person_id, log_index, body) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing;

-- name: erase_person_fields
delete from person_fields where event = ?1;

-- name: person_fields
-- what notes that none corrects say of persons, in ledger order
select f.person_id, f.log_index, f.body from person_fields f where not exists
  (select 1 from person_entry e where e.replaces = f.note) order by f.log_index;

-- name: set_approver
insert into approver values (?1, ?2, ?3, ?4) on conflict (key) do update
set public = excluded.public, retired = excluded.retired, log_index = excluded.log_index;

-- name: approvers
select key, public, retired, log_index from approver order by log_index, key;

-- name: add_erasure
insert into erasure(key, scope, requested, executed, log_index) values (?1, ?2, ?3, ?4, ?5) on conflict do nothing;

-- name: erasures
select key, scope, requested, executed, settled, log_index from erasure order by log_index;

-- name: settle_erasure
update erasure set settled = 1 where key = ?1;

-- name: unsettled_erasures
select log_index from erasure where settled = 0 order by log_index;

-- name: keep_match
insert into kept_match values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict (clip) do update set version_id = excluded.version_id,
  candidates = excluded.candidates, method = excluded.method, confidence = excluded.confidence, reason = excluded.reason,
  log_index = excluded.log_index;

-- name: kept_matches
-- what the clips of a cut showed before an erasure: clip position, version, candidates (JSON of dense ids), method, confidence, reason
select k.position, m.version_id, m.candidates, m.method, m.confidence, m.reason from clip k cross join kept_match m on m.clip = k.key
where k.cut_id = ?1 order by 1;

-- ------------------------------------------------------------------------------------------------ canonical dump (promise 8)
-- Every table by keys, never by dense ids, in key order. These read whole tables on purpose.

-- name: dump_state
select tree_size, root from index_state;

-- name: dump_production
select key, title, log_index from production order by key;

-- name: dump_root_name
select root, position, name, log_index from root_name order by 1, 2;

-- name: dump_unread
select type, events from unread order by type;

-- name: dump_problem
select p.log_index, p.code, s.key, v.key from problem p left join step s on s.id = p.step_id left join version v on v.id = p.version_id
order by 1, 2, 3 nulls first, 4 nulls first;

-- name: dump_content
select digest, sequence, size, committed, personal from content order by 1;

-- name: dump_alias
select a.algorithm, a.value, c.digest, a.trust from content_alias a join content c on c.id = a.content_id order by 1, 2, 3, 4;

-- name: dump_frames
select c.digest, f.numbers, f.digests from sequence_frames f join content c on c.id = f.content_id order by 1;

-- name: dump_frame_copy
select k.digest, s.digest, f.frame from frame_copy f join content k on k.id = f.content_id join content s on s.id = f.sequence_id order by 1, 2, 3;

-- name: dump_version
select x.key, x.seen, x.class, x.name, c.digest, t.key, x.others, x.first, x.end, x.holes, x.clock, x.rate, x.facts, p.key, x.log_index
from version x left join content c on c.id = x.content_id left join step t on t.id = x.step_id
left join version p on p.id = x.supersedes_id order by 1;

-- name: dump_version_entry
select x.key, e.log_index from version_entry e join version x on x.id = e.version_id order by 1, 2;

-- name: dump_record_entry
select key, log_index from record_entry order by 1, 2;

-- name: dump_reel
select r.reel, x.key from reel r join version x on x.id = r.version_id order by 1, 2;

-- name: dump_unique_id
select u.value, x.key from unique_id u join version x on x.id = u.version_id order by 1, 2;

-- name: dump_place
select p.root, p.path, x.key, p.current, p.log_index, p.text, p.backwards, p.stem from place p join version x on x.id = p.version_id
order by 1, 2, 3;

-- name: dump_step
select t.key, t.kind, t.source, t.grade, t.status, t.ai, t.tool, t.tool_version, t.started, t.ended, t.turnover, t.covers, t.origins,
  r.hash, r.body, t.rank, t.account, t.look, t.log_index, t.line, t.withdrawn from step t left join recipe r on r.id = t.recipe_id order by 1;

-- name: dump_input
select t.key, x.key, i.role, p.key, i.position, i.maps from step_input i join step t on t.id = i.step_id
join version x on x.id = i.version_id left join step p on p.id = i.producer_id order by 1, 2, 3;

-- name: dump_other_producer
select x.key, t.key from other_producer o join version x on x.id = o.version_id join step t on t.id = o.step_id order by 1, 2;

-- name: dump_withdrawn_input
select t.key, x.key, i.role, i.position, i.maps from withdrawn_input i join step t on t.id = i.step_id join version x on x.id = i.version_id
order by 1, 2, 3;

-- name: dump_withdrawn_output
select x.key, t.key from withdrawn_output w join version x on x.id = w.version_id join step t on t.id = w.step_id order by 1, 2;

-- name: dump_model
select x.key, m.name, m.kind, m.header from model m join version x on x.id = m.version_id order by 1;

-- name: dump_model_hash
select h.algorithm, h.value, x.key from model_hash h join version x on x.id = h.version_id order by 1, 2, 3;

-- name: dump_dataset
select x.key, d.name, d.items from dataset d join version x on x.id = d.version_id order by 1;

-- name: dump_member
select d.key, x.key from member m join version d on d.id = m.dataset_id join version x on x.id = m.version_id order by 1, 2;

-- name: dump_cut
select key, name, format, rate, start, frames, drop_frame, effects_visible, supersedes, body, log_index from cut order by 1;

-- name: dump_clip
select k.key, c.key, k.position from clip k join cut c on c.id = k.cut_id order by 1;

-- name: dump_range
select c.key, r.start, r.end, r.seen, a.first, a.last from cut_range r join cut c on c.id = r.cut_id join cut_range_at a on a.id = r.id
order by 1, a.first, a.last, r.start;

-- name: dump_decision
select d.clip, x.key, d.frame, d.log_index from conform_decision d join version x on x.id = d.version_id order by 1;

-- name: dump_replaced_decision
select d.clip, x.key from replaced_decision d join version x on x.id = d.version_id order by 1, 2;

-- name: dump_answer
select key, cut, about, kind, ai, chosen_by, withdrawn, log_index from answer order by 1;

-- name: dump_answer_version
select a.key, x.key from answer_version v join answer a on a.id = v.answer_id join version x on x.id = v.version_id order by 1, 2;

-- name: dump_answer_clip
select a.key, c.clip from answer_clip c join answer a on a.id = c.answer_id order by 1, 2;

-- name: dump_person
select ref, alias, log_index from person order by 1;

-- name: dump_person_entry
select e.event, e.log_index, p.ref, e.what, e.class, e.about, e.replaces, e.alias from person_entry e left join person p on p.id = e.person_id order by 1;

-- name: dump_depiction
select d.key, x.key, d.how, d.first, d."end", d.biometric, d.withdrawn, d.erased, d.log_index from depiction d
join version x on x.id = d.version_id order by 1;

-- name: dump_hold
select key, why, keeps, until, lifted, log_index from hold order by 1;

-- name: dump_right_event
select r.event, r.log_index, r.ts, r.actor, r.type, r.about, p.ref, r.of_person, r.body from right_event r
left join person p on p.id = r.person_id order by 1;

-- name: dump_person_fields
select f.event, f.note, p.ref, f.log_index, f.body from person_fields f left join person p on p.id = f.person_id order by 1;

-- name: dump_approver
select key, public, retired, log_index from approver order by 1;

-- name: dump_erasure
select key, scope, requested, executed, log_index from erasure order by 1;

-- name: dump_kept_match
select m.clip, x.key, m.method, m.confidence, m.reason, m.log_index from kept_match m left join version x on x.id = m.version_id order by 1;
