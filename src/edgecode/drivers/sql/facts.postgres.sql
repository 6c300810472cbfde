-- name: size
-- how many bytes the tables of a schema take up, with their indexes
select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = %s and c.relkind = 'r';

-- name: settings
-- what decides whether a commit can be lost, and which server this is
select name, setting from pg_settings
where name in ('server_version', 'fsync', 'full_page_writes', 'synchronous_commit', 'synchronous_standby_names', 'archive_mode')
order by name;
