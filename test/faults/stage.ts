// A small release on which every fault can be played in a second or two: a real project with its remote,
// its gate, a runbook of two phases, a real folder of releases behind a real server, and the real engine
// with the real steps. What lies is handed in: adapters, programs on PATH, servers, the clock, the disk.

import {execFileSync} from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import sirv from 'sirv'
import {stringify} from 'yaml'
import {releaseFolder} from '../../scripts/lib/adapters/hosting/folder.ts'
import {manifestOf} from '../../scripts/lib/artifact/manifest.ts'
import {catalogue} from '../../scripts/lib/catalogue.ts'
import type {Event} from '../../scripts/lib/domain/event.ts'
import type {Catalogue} from '../../scripts/lib/kit/catalogue.ts'
import type {Phase} from '../../scripts/lib/kit/definition.ts'
import {withCrashPoint} from '../../scripts/lib/sandbox/crash-point.ts'
import {parseJournal} from '../../scripts/lib/store/journal.ts'
import {preparation} from '../../scripts/staging/1-preparation.ts'
import {deployment} from '../../scripts/staging/3-deployment.ts'
import {rollback} from '../../scripts/staging/rollback.ts'
import {gitEnvironment} from '../helpers/repository.ts'
import {loopbackServer} from '../helpers/server.ts'
import {type Ended, runCommand} from './command.ts'
import {gateText, runbookText, tag} from './documents.ts'

export interface Lies {
  /** Adapters instead of the catalogue's, and more beside them. */
  readonly catalogue?: (real: Catalogue) => Partial<Catalogue>
  /** Changes to postgate.yaml. */
  readonly project?: (project: Record<string, unknown>) => Record<string, unknown>
  readonly runbook?: (text: string) => string
  /** Called before each step's effect or question, to change the world in mid-run. */
  readonly before?: Readonly<Record<string, () => void | Promise<void>>>
  readonly environment?: Readonly<Record<string, string>>
  /** Another environment's site, where the host is not the folder. */
  readonly url?: string
}

export interface Stage {
  readonly root: string
  readonly project: string
  readonly remote: string
  readonly hosting: string
  readonly journalFile: string
  readonly git: (...words: string[]) => string
  readonly remoteGit: (...words: string[]) => string
  /** The command of scenario A, with these flags. */
  readonly run: (lies?: Lies, flags?: Flags) => Promise<Ended>
  /** Moves the clock; backwards too. */
  readonly moveClock: (ms: number) => void
  /** What users see. */
  readonly served: () => Promise<string>
  readonly previous: string
  /** Events of the run that is open, or of the last one. */
  readonly events: () => Event[]
  readonly report: () => string
  readonly answers: (change?: Record<string, unknown>) => void
  /** Ends with the stage. */
  readonly closing: (...closers: (() => Promise<void>)[]) => void
  readonly close: () => Promise<void>
}

export interface Flags {
  readonly abort?: string
  readonly rollback?: string
  readonly takeOver?: string
}

export async function openStage(): Promise<Stage> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'postgate-fault-')))
  const [project, remote, hosting] = ['project', 'remote.git', 'hosting'].map((name) =>
    join(root, name),
  )
  if (!project || !remote || !hosting) throw new Error('unreachable')
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: existsSync(project) ? project : root,
      env: gitEnvironment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim()
  const remoteGit = (...words: string[]) => git('--git-dir', remote, ...words)
  const previous = await firstRelease(root, hosting)
  const serve = sirv(join(hosting, 'current'), {dev: true, dotfiles: false})
  const site = await loopbackServer((request, response) => serve(request, response))

  git('init', '--quiet', '--bare', '--initial-branch=main', remote)
  mkdirSync(project)
  git('init', '--quiet', '--initial-branch=main')
  git('config', 'user.name', 'Test')
  git('config', 'user.email', 'test@example.org')
  git('remote', 'add', 'origin', remote)
  const write = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(project, path)), {recursive: true})
    writeFileSync(join(project, path), text, {mode})
  }
  write('.gitignore', 'env/\nbuild/\n')
  write('build.sh', buildScript, 0o755)
  // What a Flutter application is known by; its stand-in writes the pages itself.
  for (const path of ['pubspec.yaml', 'lib/main.dart', 'web/index.html']) write(path, '# essai\n')
  git('add', '--all')
  git('commit', '--quiet', '-m', 'code')
  git('tag', '-a', tag, '-m', 'validated')
  const commit = git('rev-parse', 'HEAD')
  write('env/.env.staging', `STAGING_URL=${site.url}/api\nSTAGING_SECRET=canari-8fK2-mq\n`, 0o600)
  write('docs/RELEASE_GATE_2026_01.md', gateText(commit))
  write('runbooks/staging.md', runbookText)
  // A project with a runbook of its own has those that all scenarios share too.
  for (const name of ['common-rules.md', 'decision.md']) {
    write(`runbooks/${name}`, readFileSync(`runbooks/${name}`, 'utf8'))
  }
  const settings: Record<string, unknown> = {
    name: 'essai',
    builder: {adapter: 'command', run: './build.sh', output: 'build/web'},
    environments: {
      staging: {
        envFile: 'env/.env.staging',
        url: site.url,
        hosting: {adapter: 'folder', root: '../hosting'},
        defines: {API_URL: 'STAGING_URL'},
      },
    },
  }
  write('postgate.yaml', stringify(settings))
  git('add', '--all')
  git('commit', '--quiet', '-m', 'policy')
  git('push', '--quiet', 'origin', 'main', tag)
  git('fetch', '--quiet', 'origin')

  let offsetMs = new Date('2026-01-23T14:00:00Z').getTime() - Date.now()
  const clock = {
    now: () => new Date(Date.now() + offsetMs),
    wait: async (ms: number) => {
      offsetMs += ms
    },
  }
  const closers: (() => Promise<void>)[] = [site.close]
  const answersFile = join(root, 'answers.yaml')
  const answers = (change: Record<string, unknown> = {}) =>
    writeFileSync(
      answersFile,
      stringify({
        tag,
        date: clock.now().toISOString(),
        operator: {role: 'Release Manager', name: 'Opératrice'},
        answers: {'Accord donné': {observed: 'oui, à 14 h'}},
        confirmations: {staging: 'STAGING'},
        ...change,
      }),
    )
  answers()
  const journalFile = join(project, '.git/postgate/live.jsonl')
  const change = (path: string, text: string) => {
    if (readFileSync(join(project, path), 'utf8') === text) return
    write(path, text)
    git('commit', '--quiet', '-m', `set ${path}`, '--', path)
    git('push', '--quiet', 'origin', 'main')
  }

  return {
    root,
    project,
    remote,
    hosting,
    journalFile,
    git,
    remoteGit,
    previous,
    answers,
    moveClock: (ms) => {
      offsetMs += ms
    },
    served: async () => (await fetch(`${site.url}/index.html`)).text().catch(() => ''),
    events: () => {
      const ended = join(project, '.git/postgate/runs')
      const path = existsSync(journalFile)
        ? journalFile
        : join(ended, existsSync(ended) ? (readdirSync(ended).sort().at(-1) ?? '') : '')
      return existsSync(path) && path.endsWith('.jsonl')
        ? parseJournal(readFileSync(path, 'utf8'), path)
        : []
    },
    report: () => {
      if (!existsSync(remote)) return ''
      const heads = remoteGit('for-each-ref', '--format=%(refname)', 'refs/heads').split('\n')
      const found = new Map<string, string>()
      for (const head of heads) {
        for (const name of remoteGit('ls-tree', '--name-only', head, 'docs/').split('\n'))
          if (name.includes('DEPLOYMENT_REPORT'))
            found.set(name, remoteGit('show', `${head}:${name}`))
      }
      return [...found.values()].join('\n')
    },
    run: async (lies = {}, flags = {}) => {
      if (lies.project !== undefined)
        change('postgate.yaml', stringify(lies.project(structuredClone(settings))))
      if (lies.runbook !== undefined) change('runbooks/staging.md', lies.runbook(runbookText))
      const sandbox: Catalogue['sandbox'] = async () => async () => ({
        world: {
          project,
          clock,
          environment: {
            ...gitEnvironment,
            HOME: root,
            XDG_CACHE_HOME: join(root, 'cache'),
            ...lies.environment,
          },
          cache: join(root, 'cache'),
          machine: 'sandbox',
          mark: 'SANDBOX',
          flags: ' --sandbox',
          selfContained: true,
          journal: withCrashPoint,
        },
        standIns: {answersFile, keyOf: () => undefined, beforeRun: async () => {}},
        close: async () => {},
      })
      const wrapped = (phase: Phase): Phase => interrupted(phase, lies.before ?? {})
      return runCommand(
        {
          scenario: 'staging',
          phases: [
            async () => wrapped(first),
            async () => wrapped({...deployment, number: 2}),
            async () => wrapped(last),
          ],
          rollback: async () => wrapped(rollback),
          catalogue: async () => ({...catalogue, ...lies.catalogue?.(catalogue), sandbox}),
        },
        flags,
      )
    },
    closing: (...more) => void closers.push(...more),
    close: async () => {
      for (const closer of closers) await closer()
      execFileSync('chmod', ['-R', 'u+w', root])
      rmSync(root, {recursive: true, force: true, maxRetries: 5})
    },
  }
}

const first: Phase = {
  ...preparation,
  steps: preparation.steps.filter(({id}) => id === 'checkpoint'),
}

/** A pause that a person ends: the world can be changed before it. */
const last: Phase = {
  id: 'validation',
  runbook: 'runbooks/staging.md',
  number: 3,
  mode: 'READ-ONLY',
  steps: [],
}

/** The phase, with something that happens right before a step. */
function interrupted(
  phase: Phase,
  before: Readonly<Record<string, () => void | Promise<void>>>,
): Phase {
  return {
    ...phase,
    steps: phase.steps.map((step) => {
      const happens = before[step.id]
      if (happens === undefined) return step
      if ('read' in step)
        return {
          ...step,
          read: async (context, parameters) => {
            await happens()
            return step.read(context, parameters)
          },
        }
      if ('ask' in step) return step
      return {
        ...step,
        act: async (context, parameters) => {
          await happens()
          return step.act(context, parameters)
        },
      }
    }),
  }
}

async function firstRelease(root: string, hosting: string): Promise<string> {
  const folder = join(root, 'first')
  mkdirSync(folder)
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>ancien</title>')
  writeFileSync(join(folder, 'main.dart.js'), 'console.log("ancien")')
  mkdirSync(hosting)
  chmodSync(hosting, 0o755)
  return releaseFolder(hosting).publish({
    folder,
    manifest: await manifestOf(folder),
    version: '2025.12.1+1',
    message: 'ancien',
    at: new Date('2025-12-01T10:00:00Z'),
  })
}

// Lies as the file `lie` in the cache says: HOME and PATH are not the build's own.
const buildScript = `#!/bin/sh
set -e
case "$(cat "$(dirname "$POSTGATE_DEFINES_FILE")/../lie" 2>/dev/null)" in
  fails) echo 'Error: compilation failed' >&2; exit 1 ;;
  hangs) sleep 600 ;;
  pretends) exit 0 ;;
  nonsense) mkdir -p build/web; echo '<html>502</html>' > build/web/index.html; exit 0 ;;
  lost) late=1 ;;
esac
mkdir -p build/web
echo '<!doctype html><title>nouveau</title>' > build/web/index.html
cp "$POSTGATE_DEFINES_FILE" build/web/config.json
if [ -n "$late" ]; then echo 'Error: lost' >&2; exit 1; fi
`
