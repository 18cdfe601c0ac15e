// What a reset costs on a database of 500 tables, beside PostgreSQL's own tools on the same server: psql that
// runs the dump in one transaction, and pg_dump that reads the schema.

import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {parseConnection} from '../../scripts/lib/adapters/database/connection.ts'
import {judgeShape} from '../../scripts/lib/adapters/database/judgements.ts'
import {openReader} from '../../scripts/lib/adapters/database/session.ts'
import type {Shape} from '../../scripts/lib/adapters/database/shape.ts'
import {fingerprintOfRef} from '../../scripts/lib/domain/secret.ts'
import {resetStaging} from '../../scripts/lib/tools/reset/command.ts'
import {guards, type KindServer, kindServer, writeKindProject} from '../helpers/database-kinds.ts'
import {dumpedShape} from '../helpers/pg-dump.ts'
import {command, type Figure, inTurn, type Measured, root, round, timed} from './measure.ts'

const tables = (count: number): string[] =>
  Array.from(
    {length: count},
    (
      _,
      n,
    ) => `create table public.t${n} (id bigint generated always as identity primary key, parent bigint references public.t${Math.max(0, n - 1)},
      name text not null default 'x', at timestamptz not null default now());
    create index on public.t${n} (parent); create index on public.t${n} (at) where name <> '';
    alter table public.t${n} enable row level security; create policy own on public.t${n} using (id > 0);
    comment on table public.t${n} is 'number ${n}'; grant select on public.t${n} to anon;
    create view public.v${n} with (security_invoker = true) as select id, name from public.t${n};`,
  )

interface Prepared {
  readonly server: KindServer
  readonly shape: Shape
  /** The project's folder, by the name of what builds the schema. */
  readonly folders: Readonly<Record<'migrations' | 'shape', string>>
  readonly dump: string
  readonly remove: () => Promise<void>
}

const database = 'bench_staging'

async function prepare(count: number): Promise<Prepared> {
  const server = await kindServer('installed', {locks: 1024})
  const sql = tables(count)
  await server.make(database, [
    `create schema postgate; create table postgate.environment (name text not null, ref text not null);
     insert into postgate.environment values ('staging', '${database}')`,
    ...sql,
  ])
  const connection = parseConnection(server.url(database), 'URL')
  const source = {
    environment: 'production',
    ref: fingerprintOfRef('bench_production'),
    takenAt: '2026-01-20T10:00:00Z',
  }
  const shape = await dumpedShape(connection, source)
  const folder = mkdtempSync(join(tmpdir(), 'postgate-bench-'))
  const folders = {migrations: join(folder, 'migrations'), shape: join(folder, 'shape')}
  const kind = {name: 'bench', migrations: [sql.join('\n')]}
  for (const mode of ['migrations', 'shape'] as const) {
    spawnSync('mkdir', [folders[mode]])
    writeKindProject(folders[mode], {url: server.url(database), ref: database, shape, kind, mode})
  }
  const dump = join(folder, 'dump.sql')
  writeFileSync(dump, shape.sections.map((section) => section.sql).join('\n'))
  return {
    server,
    shape,
    folders,
    dump,
    remove: async () => {
      await server.stop()
      rmSync(folder, {recursive: true, force: true})
    },
  }
}

let prepared: Promise<Prepared> | undefined
const of500 = () => {
  prepared ??= prepare(500)
  return prepared
}

async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const write = process.stdout.write
  process.stdout.write = () => true
  try {
    return await work()
  } finally {
    process.stdout.write = write
  }
}

async function beside(mode: 'migrations' | 'shape'): Promise<Measured> {
  const {server, folders, dump} = await of500()
  const {ours, theirs, ratio} = await inTurn(
    3,
    () => quietly(() => timed(() => resetStaging(['--project', folders[mode]], guards))),
    async () => {
      await server.make('bench_psql', [])
      return command([
        'psql',
        '--no-psqlrc',
        '--quiet',
        '--output=/dev/null',
        '-1',
        '-v',
        'ON_ERROR_STOP=1',
        '-f',
        dump,
        server.url('bench_psql'),
      ])
    },
  )
  return {value: round(ratio), raw: {'reset ms': round(ours, 0), 'psql ms': round(theirs, 0)}}
}

export const resetByShape: Figure = {
  name: 'reset of 500 tables by the shape alone, over psql -1 -f of its dump',
  limit: 1.5,
  unit: 'ratio',
  measure: () => beside('shape'),
}

export const resetByMigrations: Figure = {
  name: 'reset of 500 tables with migrations, over psql -1 -f of its dump',
  limit: 2.5,
  unit: 'ratio',
  measure: () => beside('migrations'),
}

export const conformity: Figure = {
  name: 'proof of conformity on 500 tables, over pg_dump --schema-only',
  limit: 1.5,
  unit: 'ratio',
  measure: async () => {
    const {server, shape, folders} = await of500()
    await quietly(() => resetStaging(['--project', folders.shape], guards))
    const reader = await openReader({
      connection: parseConnection(server.url(database), 'URL'),
      name: database,
    })
    try {
      const {ours, theirs, ratio} = await inTurn(
        5,
        () =>
          timed(async () => {
            const {verdict} = await reader.look((session) =>
              judgeShape({session, shape, path: 'shape.sql', ownPartitions: []}),
            )
            if (verdict !== 'pass') throw new Error('not equal')
          }),
        () => command(['pg_dump', '--schema-only', '--file=/dev/null', server.url(database)]),
      )
      return {
        value: round(ratio),
        raw: {'proof ms': round(ours, 0), 'pg_dump ms': round(theirs, 0)},
      }
    } finally {
      await reader.close()
    }
  },
}

const tellMemory =
  'data:text/javascript,process.on("exit",()=>process.stderr.write("\\nRSS "+process.resourceUsage().maxRSS))'

function peak(folder: string): number {
  const ended = spawnSync(
    process.execPath,
    [
      ...[
        '--import=typescript-when-needed',
        `--import=${tellMemory}`,
        'node_modules/zx/build/cli.js',
      ],
      ...['scripts/reset_staging.ts', '--project', folder],
    ],
    {cwd: root, encoding: 'utf8', env: {...process.env, ...guards}},
  )
  if (ended.status !== 0) throw new Error(`exit ${ended.status}\n${ended.stdout}${ended.stderr}`)
  return Number(/RSS (\d+)/.exec(ended.stderr)?.[1]) / 1024
}

export const resetMemory: Figure = {
  name: 'peak memory of a reset of 500 tables, over one of 10',
  limit: 1.3,
  unit: 'ratio',
  measure: async () => {
    const few = await prepare(10)
    try {
      const {folders} = await of500()
      const [large, small] = [peak(folders.migrations), peak(few.folders.migrations)]
      return {
        value: round(large / small),
        raw: {'500 tables MB': round(large, 0), '10 tables MB': round(small, 0)},
      }
    } finally {
      await few.remove()
      await (await of500()).remove()
    }
  },
}
