-- SANDBOX: what Supabase itself brings to a database, as far as a release meets it.
-- Run by the superuser; supabase_owner is the role that migrations run as.

create schema auth;
create schema storage;
create schema extensions;
create schema supabase_migrations;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text not null unique,
  encrypted_password text not null,
  created_at timestamptz not null default now()
);

create function auth.uid() returns uuid language sql stable as $$
  select nullif(nullif(current_setting('request.jwt.claims', true), '')::json ->> 'sub', '')::uuid
$$;

create function auth.role() returns text language sql stable as $$
  select nullif(current_setting('request.jwt.claims', true), '')::json ->> 'role'
$$;

grant usage on schema auth to anon, authenticated, service_role, supabase_owner;
grant select, references, trigger on auth.users to supabase_owner;

create table storage.buckets (id text primary key, public boolean not null default false);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text not null references storage.buckets (id),
  name text not null,
  created_at timestamptz not null default now()
);
alter table storage.objects enable row level security;
alter schema storage owner to supabase_storage_admin;
alter table storage.buckets owner to supabase_storage_admin;
alter table storage.objects owner to supabase_storage_admin;
grant usage on schema storage to anon, authenticated, service_role, supabase_owner;
grant select on storage.objects to authenticated;
insert into storage.buckets (id) values ('bons');

create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
alter schema supabase_migrations owner to supabase_owner;
alter table supabase_migrations.schema_migrations owner to supabase_owner;

-- Which environment this is, outside of public, where no reset reaches it.
create schema postgate;
create table postgate.environment (name text not null, ref text not null);
alter schema postgate owner to supabase_owner;
alter table postgate.environment owner to supabase_owner;

-- As every project has it: owned by whoever owns the database, with an entry of its own for the role that migrates.
grant all on schema public to supabase_owner;
grant usage on schema public to anon, authenticated, service_role;
create publication supabase_realtime;
alter publication supabase_realtime owner to supabase_owner;

alter default privileges for role supabase_owner in schema public
  grant select, insert, update, delete on tables to service_role;
alter default privileges for role supabase_owner in schema public
  grant usage on sequences to service_role;
-- The vendor's own role makes things there too; nobody else can change what it gives by default.
alter default privileges for role supabase_admin in schema public
  grant all on tables to supabase_owner, anon, authenticated, service_role;
alter default privileges for role supabase_admin in schema public
  grant all on functions to supabase_owner, anon, authenticated, service_role;

-- The API is told of every change of the schema.
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  notify pgrst, 'reload schema';
end
$$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
