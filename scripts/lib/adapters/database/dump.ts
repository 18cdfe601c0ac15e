// PROD's schema as PostgreSQL's own pg_dump writes it; of its entries those that belong to `public` and what hangs
// on it elsewhere. Reads only.

import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {type Problem, problem} from '../../domain/problem.ts'
import {closure, policySchemas, publicRoot} from './catalogue.ts'
import {type Connection, libpqVariables} from './connection.ts'
import {materializedViews} from './materialized-views.ts'
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
  const program = await findProgram(tools, Number.parseInt(server, 10))
  const wanted = await wantedObjects(session)
  return {
    source: {...source, server: server.split(' ')[0] ?? ''},
    migrations: await migrationsOf(session),
    unpopulated: await unpopulatedViews(session),
    sections: await dump(tools, program, wanted),
    old: false,
  }
}

// Debian keeps each version apart, and so do the packages of PostgreSQL and Homebrew.
const shelves = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt']

/** A pg_dump of at least the server's version: an older one refuses to look. */
async function findProgram({run, path}: DumpTools, server: number): Promise<string> {
  const within = async (folder: string) =>
    (await readdir(folder).catch(() => [])).sort().map((name) => join(folder, name, 'bin'))
  const folders = [
    ...path.split(delimiter).filter((folder) => folder !== ''),
    ...(await Promise.all(shelves.map(within))).flat(),
    ...(await within('/usr')).filter((folder) => folder.startsWith('/usr/pgsql-')),
  ]
  let found = 0
  for (const folder of folders) {
    const program = join(folder, 'pg_dump')
    const {exit, stdout} = await run(program, ['--version'], {})
    const version = exit === 0 ? Number(/(\d+)[.\w]*/.exec(stdout)?.[1]) : 0
    if (version >= server) return program
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
      fr: `installer postgresql-client-${server} (apt-get install postgresql-client-${server}, des paquets de PostgreSQL, PGDG, où Debian ne l’a pas ; macOS : brew install postgresql@${server}), puis relancer la même commande`,
      en: `install postgresql-client-${server} (apt-get install postgresql-client-${server}, from PostgreSQL’s own packages, PGDG, where Debian has none; macOS: brew install postgresql@${server}), then run the same command again`,
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
  program: string,
  wanted: Wanted,
): Promise<readonly ShapeSection[]> {
  const folder = await mkdtemp(join(tmpdir(), 'postgate-shape-'))
  const file = join(folder, 'shape.sql')
  try {
    const words = [
      // Verbose: each entry then says whose it is, by the catalogue and the object's id.
      ...['--schema-only', '--verbose', '--no-password', '--lock-wait-timeout=20000'],
      ...wanted.without.map((name) => `--exclude-schema="${name.replaceAll('"', '""')}"`),
      `--file=${file}`,
    ]
    const {exit, stderr} = await run(program, words, libpqVariables(connection))
    if (exit !== 0) throw unanswered(stderr)
    return chosen(entriesOf(await readFile(file, 'utf8')), wanted)
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

interface Entry extends ShapeSection {
  /** `classid oid`; `0 0` of what is no object of its own. */
  readonly object: string
}

const toc = /^--\n-- TOC entry \d+ \(class (\d+) OID (\d+)\)\n(?:-- Dependencies: .*\n)?/
const nextEntry = /^(?=--\n-- TOC entry \d+ \(class \d+ OID \d+\)\n)/m
// Written once, before the first table that it holds for: of a table that is left out, too.
const settings = /(?:^SET default_(?:tablespace|table_access_method) = .*;\n*)+(?![\s\S])/m

/** The entries of a verbose dump, without its frame: pg_dump's own settings, its greeting, and what only psql understands. */
export function entriesOf(sql: string): Entry[] {
  const end = sql.search(/^(?:-- Completed on .*\n\n)?--\n-- PostgreSQL database dump complete$/m)
  const whole = end < 0 ? sql : sql.slice(0, end)
  return whole.split(nextEntry).flatMap((part) => {
    const [, of = '0', oid = '0'] = toc.exec(part) ?? []
    const sections = sectionsOf(part.replace(toc, '--\n'))
    return sections.map((section) => ({...section, object: `${of} ${oid}`}))
  })
}

/** Those that belong to the shape: by the object, where an entry names one. */
export function chosen(entries: readonly Entry[], wanted: Wanted): readonly ShapeSection[] {
  const first = entries.filter(({object, type, schema, name}) =>
    type === 'PUBLICATION'
      ? wanted.publications.has(name)
      : schema === 'public' || wanted.objects.has(object) || name === 'SCHEMA public',
  )
  // A comment on a thing elsewhere comes along with it, and so does what makes a table a partition.
  const elsewhere = first.flatMap(({type, schema, name}) => {
    if (schema === 'public' || type === 'EXTENSION') return []
    if (type === 'TABLE')
      return ['TABLE ATTACH', 'ROW SECURITY', type].map((of) => `${schema} ${of} ${name}`)
    if (type === 'INDEX') return ['INDEX ATTACH', type].map((of) => `${schema} ${of} ${name}`)
    const space = name.indexOf(' ')
    const of = ['TRIGGER', 'POLICY', 'RULE'].includes(type)
      ? `${type} ${name.slice(space + 1)} ON ${name.slice(0, space)}`
      : type.endsWith('CONSTRAINT')
        ? `CONSTRAINT ${name.slice(space + 1)} ON ${name.slice(0, space)}`
        : `${type} ${name}`
    return [`${schema} ${of}`, `${schema} INDEX ATTACH ${name.slice(space + 1)}`]
  })
  const known = new Set(elsewhere)
  const taken = new Set(first)
  const belongs = (entry: Entry) =>
    taken.has(entry) ||
    (['COMMENT', 'ACL', 'TABLE ATTACH', 'INDEX ATTACH', 'ROW SECURITY'].includes(entry.type) &&
      known.has(`${entry.schema} ${nameOf(entry)}`))
  return withSettings(entries, belongs)
}

/** `TABLE units` of a comment or of rights; of others their own kind comes first. */
function nameOf({type, name}: Entry): string {
  return ['COMMENT', 'ACL'].includes(type) ? name : `${type} ${name}`
}

const usual = / = (?:''|heap);$/m
const stored = ['TABLE', 'MATERIALIZED VIEW', 'INDEX', 'CONSTRAINT']

/** What pg_dump had set for one that is left out is set before the next that needs it. */
function withSettings(
  entries: readonly Entry[],
  belongs: (entry: Entry) => boolean,
): readonly ShapeSection[] {
  const sections: ShapeSection[] = []
  const [now, said] = [new Map<string, string>(), new Map<string, string>()]
  for (const entry of entries) {
    const {object: _, ...section} = entry
    const behind = settings.exec(section.sql)?.[0] ?? ''
    if (section.type !== '' && belongs(entry)) {
      const due = [...now].filter(([name, line]) => said.get(name) !== line)
      let sql = `${section.sql.slice(0, section.sql.length - behind.length).trimEnd()}\n`
      if (stored.includes(section.type) && due.length > 0) {
        for (const [name, line] of due) said.set(name, line)
        const lines = due.map(([, line]) => `${line}\n`)
        const last = sections.pop()
        if (last !== undefined) sections.push({...last, sql: [last.sql, ...lines].join('\n')})
        // What is so in any session need not be said before the first.
        else sql = [...lines.filter((line) => !usual.test(line)), sql].join('\n')
      }
      sections.push({...section, sql})
    }
    for (const line of behind.split('\n')) if (line !== '') now.set(line.split(' ')[1] ?? '', line)
  }
  return sections
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

const unpopulatedViews = async (session: DatabaseSession): Promise<readonly string[]> =>
  (await materializedViews(session))
    .flatMap(({view, populated}) => (populated ? [] : [view]))
    .sort()

function unanswered(stderr: string): Problem {
  // Before its last words stands what it did.
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  return problem({
    what: {
      fr: 'pg_dump a échoué : le schéma n’a pas été pris.',
      en: 'pg_dump failed: the shape was not taken.',
    },
    why: lines.slice(-3).join(' / ') || 'no answer',
    next: {
      fr: 'donner au rôle de lecture le droit de lire ces tables (pg_read_all_data), puis relancer la même commande',
      en: 'give the reading role the right to read these tables (pg_read_all_data), then run the same command again',
    },
    exit: 3,
  })
}
