#!/usr/bin/env -S npx zx
// `npm run test:newcomer`: the README's first command on the set-ups of set-ups.ts, one after the other, and
// what came of each as a line of a table (docs/reliability.md). Tried is what is committed.
//
//   npx zx test/newcomer/run.ts [PART OF A NAME ...]

import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {scriptArguments} from '../../scripts/lib/base/entry.ts'
import {type SetUp, setUps} from './set-ups.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const wanted = scriptArguments()
const can = (line: string) => spawnSync('bash', ['-c', line], {stdio: 'ignore'}).status === 0
const mayMount = process.getuid?.() === 0 && can('unshare --mount true')
// A private home: of its parents on, nobody else can enter.
const home = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-newcomer-')))
chmodSync(home, 0o700)
process.on('exit', () => rmSync(home, {recursive: true, force: true, maxRetries: 5}))

// In a mount namespace of its own: empty folders over the distribution's servers, nothing over the programs.
const hidden = `
for d in /usr/lib/postgresql /usr/pgsql-*; do [ ! -d "$d" ] || mount -t tmpfs none "$d"; done
for p in postgres pg_ctl initdb psql pg_dump; do
  f=$(command -v "$p") && f=$(readlink -f "$f") && [ -f "$f" ] && mount --bind /dev/null "$f"
done`

const base = join(home, 'base')
execFileSync('git', ['clone', '--quiet', root, base])
const chosen = setUps.filter(
  ({name}) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
)
let passed = 0
let failed = 0
console.log('| Set-up | Seen | |\n| --- | --- | --- |')
for (const setUp of chosen) {
  if (setUp.needs !== undefined && !can(setUp.needs)) {
    console.log(`| ${setUp.name} | not tried: this machine cannot make it | |`)
    continue
  }
  const began = performance.now()
  const wrong = tried(setUp)
  const seconds = `${Math.round((performance.now() - began) / 1000)} s`
  const seen = setUp.exit === 0 ? 'works' : 'says the one thing to do'
  console.log(`| ${setUp.name} | ${wrong === null ? seen : 'FAILED'} | ${seconds} |`)
  if (wrong === null) passed += 1
  else {
    failed += 1
    console.log(wrong)
  }
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

/** What was not as it has to be, with the end of what was printed; null: all of it. */
function tried(setUp: SetUp): string | null {
  const place = mkdtempSync(join(home, 'try-'))
  const clone = join(place, 'postgate')
  try {
    cpSync(base, clone, {recursive: true, verbatimSymlinks: true})
    if (!setUp.bare) execFileSync('cp', ['-a', packages(), clone])
    if (setUp.user !== undefined) giveTo(place, setUp.user)
    const {status, output} = played(setUp, {place, clone})
    const stack = /^\s+at .+:\d+:\d+\)?$/m.exec(output)
    const wrong = [
      ...(status === setUp.exit ? [] : [`exit ${status} instead of ${setUp.exit}`]),
      ...(setUp.says.test(output) ? [] : [`it does not say ${setUp.says}`]),
      ...(stack === null ? [] : ['a raw stack']),
      ...(/install-scripts|allow-scripts/.test(output) ? ['npm warns of an install script'] : []),
    ]
    return wrong.length === 0
      ? null
      : `${wrong.join('; ')}\n${output.trim().split('\n').slice(-15).join('\n')}\n`
  } finally {
    rmSync(place, {recursive: true, force: true, maxRetries: 5})
  }
}

function played(setUp: SetUp, {place, clone}: {place: string; clone: string}) {
  const [program = '', ...words] = [
    ...(mayMount ? ['unshare', '--mount'] : []),
    ...['bash', '-c', `${mayMount ? hidden : ''}\n${setUp.script}`],
  ]
  const {NODE_OPTIONS: _, ...rest} = process.env
  const inherited = Object.entries(rest).filter(([name]) => !/^(npm_|POSTGATE_)/i.test(name))
  const PATH = [...tools(setUp), ...ownPath()].join(':')
  const ran = spawnSync(program, words, {
    cwd: clone,
    env: {...Object.fromEntries(inherited), HOME: place, PATH, NO_COLOR: '1', ...cached()},
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 900_000,
    killSignal: 'SIGKILL',
  })
  return {status: ran.status, output: `${ran.stdout}${ran.stderr}`}
}

/** Without the folders that npm put in front. Where nothing can be hidden, without those of a PostgreSQL. */
function ownPath(): string[] {
  const folders = (process.env.PATH ?? '').split(':').filter((each) => !each.includes('.bin'))
  return mayMount ? folders : folders.filter((each) => !existsSync(join(each, 'postgres')))
}

/** npm's cache is the machine's: what differs here is the home. */
function cached(): Record<string, string> {
  const cache = execFileSync('npm', ['config', 'get', 'cache'], {encoding: 'utf8'}).trim()
  return {npm_config_cache: cache}
}

/** The folders of another Node and another npm, from npm, without install scripts. */
function tools({node, npm}: SetUp): string[] {
  const name = `node-${process.platform}-${process.arch}`
  return [
    ...(npm === undefined ? [] : [join(installed(`npm@${npm}`), '.bin')]),
    ...(node === undefined ? [] : [join(installed(`${name}@${node}`), name, 'bin')]),
  ]
}

function installed(wantedPackage: string): string {
  const prefix = join(home, 'tools', wantedPackage)
  const folder = join(prefix, 'node_modules')
  if (existsSync(folder)) return folder
  mkdirSync(prefix, {recursive: true})
  npm(prefix, ['install', '--no-save', '--ignore-scripts', '--prefix', prefix, wantedPackage])
  return folder
}

/** `node_modules`, as `npm ci` makes it. */
function packages(): string {
  const folder = join(home, 'packages')
  if (!existsSync(folder)) {
    cpSync(base, folder, {recursive: true, verbatimSymlinks: true})
    npm(folder, ['ci'])
  }
  return join(folder, 'node_modules')
}

function npm(cwd: string, words: readonly string[]): void {
  const {NODE_OPTIONS: _, ...rest} = process.env
  execFileSync('npm', [...words], {cwd, env: rest, stdio: ['ignore', 'ignore', 'pipe']})
}

/** The folders above stay private for everybody but the one whose set-up it is. */
function giveTo(place: string, user: number): void {
  execFileSync('chown', ['-R', `${user}:${user}`, place])
  for (let at = dirname(place); at.startsWith(home); at = dirname(at)) chmodSync(at, 0o711)
}
