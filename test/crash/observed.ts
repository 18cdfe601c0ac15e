// What a run left, told so that two runs can be compared: its documents but for times, ids and hashes,
// and its effects, counted where they happened and not where they were noted.

import {execFileSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {eventName} from '../../scripts/lib/sandbox/crash-point.ts'
import {databaseUrl, withClient} from '../../scripts/lib/sandbox/database.ts'
import {startPostgres} from '../../scripts/lib/sandbox/postgres.ts'
import type {Bundle} from '../helpers/bundle-runs.ts'

export interface Left {
  /** By name, the run's own id replaced: lines that two equal runs have in common. */
  readonly documents: ReadonlyMap<string, readonly string[]>
  /** Resets, deployments, tags, commits, records: by where they can be counted. */
  readonly effects: Readonly<Record<string, number | string>>
}

/** From now on the databases themselves note each committed reset: a transaction in which tables of `public`
 * go away. Needs a sandbox that is not running. */
export const noteResets = (bundle: Bundle): Promise<unknown> =>
  withStaging(
    bundle,
    `create schema crash;
     create table crash.resets (transaction bigint primary key);
     create function crash.note() returns event_trigger language plpgsql security definer as $$
     begin
       if exists (select from pg_event_trigger_dropped_objects()
                  where object_type = 'table' and schema_name = 'public')
       then insert into crash.resets values (txid_current()) on conflict do nothing; end if;
     end $$;
     create event trigger crash_note on sql_drop execute function crash.note();`,
  )

async function withStaging(bundle: Bundle, sql: string): Promise<readonly unknown[]> {
  const server = await startPostgres({folder: bundle.paths.postgres})
  try {
    return await withClient(databaseUrl(server.superuserUrl, 'staging'), async (client) => {
      const answer = await client.query(sql)
      return Array.isArray(answer) ? [] : answer.rows
    })
  } finally {
    await server.stop()
  }
}

/** How many resets `noteResets` noted. Needs a sandbox that is not running. */
export const resetsOf = async (bundle: Bundle): Promise<number> =>
  (await withStaging(bundle, 'select transaction from crash.resets')).length

/** What stands there once the run is over; `before`: the commit of main that it started from. */
export async function leftBy(bundle: Bundle, before: string): Promise<Left> {
  const remote = (...words: string[]) =>
    execFileSync('git', ['-C', bundle.paths.remote, ...words], {encoding: 'utf8'}).trim()
  const own = remote('log', '--format=%H', '--grep=^Postgate-Run:', `${before}..main`)
  const commits = own === '' ? [] : own.split('\n')
  const documents = new Map<string, readonly string[]>()
  const [last] = commits
  if (last !== undefined) {
    const names = remote('show', '--name-only', '--format=', last).split('\n')
    for (const name of names) {
      if (name.endsWith('.jsonl')) continue
      const text = remote('show', `${last}:${name}`)
      documents.set(comparable(name, bundle)[0] ?? name, comparable(text, bundle))
    }
  }
  const releases = (environment: 'staging' | 'production') => {
    const folder = join(bundle.paths.hosting[environment], 'releases')
    return existsSync(folder) ? readdirSync(folder).length : 0
  }
  const refs = remote('for-each-ref', '--format=%(refname)').split('\n')
  const audit = await bundle.run(['scripts/audit.ts', '--sandbox'])
  return {
    documents,
    effects: {
      resets: await resetsOf(bundle),
      'releases on STAGING': releases('staging'),
      'releases on PRODUCTION': releases('production'),
      commits: commits.length,
      tags: refs.filter((ref) => ref.startsWith('refs/tags/')).join(' '),
      records: refs.filter((ref) => ref.startsWith('refs/postgate/runs/')).length,
      leases: refs.filter((ref) => ref === 'refs/postgate/lease').length,
      branches: refs.filter((ref) => ref.startsWith('refs/heads/')).join(' '),
      audit: audit.code === 0 ? 'in order' : `${audit.stdout}${audit.stderr}`,
      'open here': existsSync(join(bundle.paths.project, '.git/postgate/live.jsonl')) ? 1 : 0,
      status: bundle.git('status', '--porcelain'),
    },
  }
}

/** A document's lines without what differs between any two runs, and without the noted resumes. */
function comparable(text: string, {path}: Bundle): string[] {
  const lines = text
    .replaceAll(path, 'BUNDLE')
    .replace(/\d{8}-\d{6}-(staging|production|freeze)-[0-9a-f]{4}/g, 'RUN')
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)?/g, 'TIME')
    .replace(/\d\d(:|#58;)\d\d(:|#58;)\d\d( UTC)?/g, 'TIME')
    .replace(/\b\d\d:\d\d UTC/g, 'TIME')
    // The same moment where the team is.
    .replace(/TIME\s\(\d\d:\d\d\)/g, 'TIME')
    .replace(
      /\b\d+([,.]\d+)?[\s\u00a0\u202f](ms|s|min|h)\b([\s\u00a0\u202f]\d+[\s\u00a0\u202f](s|min)\b)*/g,
      'LONG',
    )
    .replace(/\b\d+([,.]\d+)?[\s\u00a0\u202f](o|ko|Mo)\b/g, 'SIZE')
    // Who takes over behind the build confirms anew, and is told how large it is.
    .replace(/, SIZE\)/g, ')')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/g, 'HASH')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .split('\n')
    .flatMap(withoutMeasures)
  return withoutResumes(lines)
}

// While a killed process did not yet have its successor nobody measured: how much was measured differs,
// its plots and gaps with it; what was judged of it does not.
function withoutMeasures(line: string): string[] {
  if (/^\s+(x-axis|y-axis|bar|line) |sans mesure|^\| Constat \| De /.test(line)) return []
  // The rule under a table's head, also under that of the gaps.
  if (/^\|(?: --- \|)+$/.test(line)) return []
  if (!/requêtes|couverture/i.test(line)) return [line]
  return [line.replace(/\d+(?:[\s\u00a0\u202f]\d{3})*(?:,\d+)?/g, 'N')]
}

// A resume is noted, with what it found unfinished and asked again: these lines are the only ones more.
const resumed = /Reprise|reprise par|interrompu\s; sans effet|; inconnu\s*$|taken over/
function withoutResumes(lines: readonly string[]): string[] {
  const seen = new Set<string>()
  const kept: string[] = []
  let table = false
  for (const line of lines) {
    if (/^#+ Reprises/.test(line)) table = true
    else if (/^#/.test(line)) table = false
    if (table || resumed.test(line) || line.trim() === '') continue
    // A timeline tells a question that was asked again a second time.
    if (/^\| TIME \| |^\s+TIME : /.test(line)) {
      if (seen.has(line)) continue
      seen.add(line)
    }
    kept.push(line)
  }
  return kept
}

/** Each difference in words; empty where both left the same. */
export function differences(wanted: Left, found: Left): string[] {
  const told: string[] = []
  for (const [name, value] of Object.entries(wanted.effects)) {
    if (found.effects[name] !== value) told.push(`${name}: ${found.effects[name]}, not ${value}`)
  }
  for (const name of new Set([...wanted.documents.keys(), ...found.documents.keys()])) {
    const [a, b] = [wanted.documents.get(name) ?? [], found.documents.get(name) ?? []]
    if (a.join('\n') === b.join('\n')) continue
    const missing = a.filter((line) => !b.includes(line)).map((line) => `  - ${line}`)
    const more = b.filter((line) => !a.includes(line)).map((line) => `  + ${line}`)
    const words = [...missing, ...more]
    const at = a.findIndex((line, index) => line !== b[index])
    const order = [a, b].map((lines) => `    ${lines.slice(at - 1, at + 2).join('\n    ')}`)
    const there = `  the order, or how often a line stands there; wanted, then found:\n${order.join('\n  …\n')}`
    told.push(`${name}:\n${words.join('\n') || there}`)
  }
  return told
}

/** What the journal of a finished or open run says, as `type subject`, in order. */
export function eventsOf(bundle: Bundle): string[] {
  const folder = join(bundle.paths.project, '.git/postgate')
  const live = join(folder, 'live.jsonl')
  const runs = existsSync(join(folder, 'runs')) ? readdirSync(join(folder, 'runs')).sort() : []
  if (!existsSync(live) && runs.length === 0) return []
  const file = existsSync(live) ? live : join(folder, 'runs', runs.at(-1) ?? '')
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => eventName(JSON.parse(line)))
}
