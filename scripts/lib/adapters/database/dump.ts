// PROD's schema as PostgreSQL's own tools write it: pg_dump takes all of it, pg_restore gives what belongs to
// `public` and what hangs on it elsewhere. Reads only.

import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {type Problem, problem} from '../../domain/problem.ts'
import {closure, policySchemas, publicRoot} from './catalogue.ts'
import {type Connection, libpqVariables} from './connection.ts'
import type {DatabaseSession} from './session.ts'
import type {Shape, ShapeSection, Source} from './shape.ts'
import {sectionsOf} from './shape-file.ts'

/** Starts a program with no shell and no input; `exit` is null where it did not start. */
export type Run = (
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
) => Promise<{readonly exit: number | null; readonly stdout: string; readonly stderr: string}>

export interface DumpTools {
  readonly connection: Connection
  readonly run: Run
  /** Where programs are looked for first. */
  readonly path: string
}

/**
 * The shape of the database behind `session`, which is inside a read-only transaction. Throws a `Problem`: 2 where
 * there is no pg_dump that knows this server, 3 where it does not answer.
 */
export async function shapeFromDump(
  tools: DumpTools,
  session: DatabaseSession,
  source: Omit<Source, 'server'>,
): Promise<Shape> {
  const [row] = await session.rows<{server: string}>(
    `select current_setting('server_version') as server`,
  )
  const server = row?.server ?? ''
  const programs = await findPrograms(tools, Number.parseInt(server, 10))
  const wanted = await wantedObjects(session)
  return {
    source: {...source, server: server.split(' ')[0] ?? ''},
    migrations: await migrationsOf(session),
    unpopulated: await unpopulatedViews(session),
    sections: await dump(tools, programs, wanted),
    old: false,
  }
}

interface Programs {
  readonly dump: string
  readonly restore: string
}

// Debian keeps each version apart, and so do the packages of PostgreSQL and Homebrew.
const shelves = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt']

/** A pg_dump of at least the server's version: an older one refuses to look. */
async function findPrograms({run, path}: DumpTools, server: number): Promise<Programs> {
  const folders = path.split(delimiter).filter((folder) => folder !== '')
  for (const shelf of shelves) {
    const names = await readdir(shelf).catch(() => [])
    folders.push(...names.sort().map((name) => join(shelf, name, 'bin')))
  }
  let found = 0
  for (const folder of folders) {
    const program = join(folder, 'pg_dump')
    const {exit, stdout} = await run(program, ['--version'], {})
    const version = exit === 0 ? Number(/(\d+)[.\w]*/.exec(stdout)?.[1]) : 0
    if (version >= server) return {dump: program, restore: join(folder, 'pg_restore')}
    found = Math.max(found, version)
  }
  throw noProgram(server, found)
}

function noProgram(server: number, found: number): Problem {
  return problem({
    what: {
      fr: `pg_dump ${server} ou plus récent est introuvable : le schéma n’a pas été pris.`,
      en: `pg_dump ${server} or newer was not found: the shape was not taken.`,
    },
    why:
      found === 0
        ? {fr: 'aucun pg_dump dans PATH', en: 'no pg_dump on PATH'}
        : {
            fr: `le serveur est en version ${server}, le pg_dump trouvé en version ${found}`,
            en: `the server is of version ${server}, the pg_dump that was found of version ${found}`,
          },
    next: {
      fr: `installer postgresql-client-${server} (Debian : apt-get install postgresql-client-${server} ; macOS : brew install postgresql@${server}), puis relancer la même commande`,
      en: `install postgresql-client-${server} (Debian: apt-get install postgresql-client-${server}; macOS: brew install postgresql@${server}), then run the same command again`,
    },
    exit: 2,
  })
}

interface Wanted {
  /** `classid oid` */
  readonly objects: ReadonlySet<string>
  readonly publications: ReadonlySet<string>
  /** Schemas that hold nothing of it: not even locked. */
  readonly without: readonly string[]
}

async function wantedObjects(session: DatabaseSession): Promise<Wanted> {
  const roots = `${publicRoot} union select 'pg_catalog.pg_policy'::regclass, p.oid, 0 from pg_catalog.pg_policy p
    join pg_catalog.pg_class c on c.oid = p.polrelid
    where c.relnamespace::regnamespace::text in (${policySchemas.map((name) => `'${name}'`).join(', ')})`
  const objects = await session.rows<{key: string; within: string[]}>(
    `${closure(roots)} select hung.classid || ' ' || hung.objid as key, a.object_names as within from hung
     cross join lateral pg_catalog.pg_identify_object_as_address(hung.classid, hung.objid, 0) a where hung.objsubid = 0`,
  )
  const publications = await session.rows<{name: string}>(`
    select b.pubname as name from pg_catalog.pg_publication b where b.puballtables
      or exists (select from pg_catalog.pg_publication_rel r join pg_catalog.pg_class c on c.oid = r.prrelid
        where r.prpubid = b.oid and c.relnamespace = 'public'::regnamespace)
      or exists (select from pg_catalog.pg_publication_namespace m where m.pnpubid = b.oid and m.pnnspid = 'public'::regnamespace)`)
  const schemas = await session.rows<{name: string}>(
    `select nspname as name from pg_catalog.pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  const held = new Set(objects.flatMap(({within}) => within))
  return {
    objects: new Set(objects.map(({key}) => key)),
    publications: new Set(publications.map(({name}) => name)),
    without: schemas.flatMap(({name}) => (name === 'public' || held.has(name) ? [] : [name])),
  }
}

async function dump(
  {connection, run}: DumpTools,
  programs: Programs,
  wanted: Wanted,
): Promise<readonly ShapeSection[]> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-shape-'))
  const [archive, list, sql] = ['dump', 'list', 'shape.sql'].map((name) => join(folder, name))
  try {
    if (archive === undefined || list === undefined || sql === undefined) return []
    const variables = libpqVariables(connection)
    const ask = async (program: string, args: readonly string[]) => {
      const {exit, stdout, stderr} = await run(program, args, variables)
      if (exit !== 0) throw unanswered(program, stderr)
      return stdout
    }
    await ask(programs.dump, [
      ...['--schema-only', '--format=custom', '--no-password', '--lock-wait-timeout=20000'],
      ...wanted.without.map((name) => `--exclude-schema="${name.replaceAll('"', '""')}"`),
      `--file=${archive}`,
    ])
    const entries = (await ask(programs.restore, ['--list', archive])).split('\n')
    await writeFile(list, `${chosen(entries, wanted).join('\n')}\n`)
    await ask(programs.restore, [`--use-list=${list}`, `--file=${sql}`, archive])
    return sectionsOf(withoutFrame(await readFile(sql, 'utf8')))
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

// The kinds that are written with more than one word; a schema may have any name.
const kinds = [
  ...[
    'ACCESS METHOD',
    'CHECK CONSTRAINT',
    'DEFAULT ACL',
    'EVENT TRIGGER',
    'FK CONSTRAINT',
    'FOREIGN DATA WRAPPER',
  ],
  ...[
    'FOREIGN SERVER',
    'FOREIGN TABLE',
    'INDEX ATTACH',
    'MATERIALIZED VIEW',
    'OPERATOR CLASS',
    'OPERATOR FAMILY',
  ],
  ...[
    'PROCEDURAL LANGUAGE',
    'PUBLICATION TABLES IN SCHEMA',
    'PUBLICATION TABLE',
    'ROW SECURITY',
    'SECURITY LABEL',
  ],
  ...[
    'SEQUENCE OWNED BY',
    'SEQUENCE SET',
    'SHELL TYPE',
    'TABLE ATTACH',
    'TABLE DATA',
    'TEXT SEARCH CONFIGURATION',
  ],
  ...['TEXT SEARCH DICTIONARY', 'TEXT SEARCH PARSER', 'TEXT SEARCH TEMPLATE', 'USER MAPPING'],
]
const entry = new RegExp(`^\\d+; (\\d+) (\\d+) (${kinds.join('|')}|[A-Z]+) (\\S+) (.*)$`)

interface Entry {
  readonly line: string
  readonly object: string
  readonly kind: string
  readonly schema: string
  /** Name and owner. */
  readonly rest: string
}

/** Of a list's lines those that belong to the shape: by the object, where an entry names one. */
export function chosen(lines: readonly string[], wanted: Wanted): readonly string[] {
  const entries = lines.flatMap((line): Entry[] => {
    const [, of = '', oid = '', kind = '', schema = '', rest = ''] = entry.exec(line) ?? []
    return kind === '' ? [] : [{line, object: `${of} ${oid}`, kind, schema, rest}]
  })
  const first = entries.filter(({object, kind, schema, rest}) =>
    kind === 'PUBLICATION'
      ? [...wanted.publications].some((name) => rest.startsWith(`${name} `))
      : schema === 'public' || wanted.objects.has(object) || /^SCHEMA public /.test(rest),
  )
  // A comment on a thing elsewhere comes along with it, and so does what makes a table a partition.
  const elsewhere = first.flatMap(({kind, schema, rest}) => {
    if (schema === 'public' || kind === 'EXTENSION') return []
    const name = rest.slice(0, rest.lastIndexOf(' '))
    if (kind === 'TABLE')
      return ['TABLE ATTACH', 'ROW SECURITY', kind].map((of) => `${schema} ${of} ${name}`)
    if (kind === 'INDEX') return ['INDEX ATTACH', kind].map((of) => `${schema} ${of} ${name}`)
    const space = name.indexOf(' ')
    const of = ['TRIGGER', 'POLICY', 'RULE'].includes(kind)
      ? `${kind} ${name.slice(space + 1)} ON ${name.slice(0, space)}`
      : kind.endsWith('CONSTRAINT')
        ? `CONSTRAINT ${name.slice(space + 1)} ON ${name.slice(0, space)}`
        : `${kind} ${name}`
    return [`${schema} ${of}`, `${schema} INDEX ATTACH ${name.slice(space + 1)}`]
  })
  const known = new Set(elsewhere)
  const taken = new Set(first)
  return entries
    .filter(
      (one) =>
        taken.has(one) ||
        (known.has(`${one.schema} ${nameOf(one)}`) &&
          ['COMMENT', 'ACL', 'TABLE ATTACH', 'INDEX ATTACH', 'ROW SECURITY'].includes(one.kind)),
    )
    .map(({line}) => line)
}

/** `TABLE units` of a comment or of rights; of others their own kind comes first. */
function nameOf({kind, rest}: Entry): string {
  const name = rest.slice(0, rest.lastIndexOf(' '))
  return ['COMMENT', 'ACL'].includes(kind) ? name : `${kind} ${name}`
}

/** Settings of pg_dump's own session, its greeting, and what only psql understands. */
function withoutFrame(sql: string): string {
  const start = sql.search(/^--\n-- Name: /m)
  return (start < 0 ? '' : sql.slice(start)).replace(
    /\n--\n-- PostgreSQL database dump complete\n--\n[\s\S]*$/,
    '\n',
  )
}

async function migrationsOf({rows}: DatabaseSession): Promise<readonly string[] | null> {
  const [there] = await rows<{there: boolean}>(
    `select coalesce(has_table_privilege(to_regclass('supabase_migrations.schema_migrations'), 'select'), false) as there`,
  )
  if (!there?.there) return null
  const found = await rows<{version: string}>(
    'select version::text as version from supabase_migrations.schema_migrations order by 1',
  )
  return found.map(({version}) => version)
}

async function unpopulatedViews({rows}: DatabaseSession): Promise<readonly string[]> {
  const found = await rows<{name: string}>(`
    select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'm' and not c.relispopulated order by 1`)
  return found.map(({name}) => name)
}

function unanswered(program: string, stderr: string): Problem {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  return problem({
    what: {
      fr: `${program.replace(/^.*[/\\]/, '')} a échoué : le schéma n’a pas été pris.`,
      en: `${program.replace(/^.*[/\\]/, '')} failed: the shape was not taken.`,
    },
    why: lines.slice(0, 3).join(' / ') || 'no answer',
    next: {
      fr: 'donner au rôle de lecture le droit de lire ces tables (pg_read_all_data), puis relancer la même commande',
      en: 'give the reading role the right to read these tables (pg_read_all_data), then run the same command again',
    },
    exit: 3,
  })
}
