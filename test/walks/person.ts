// A person with a project of their own, outside the sandbox: a remote, a clone, a home, programs, and what
// they run, each with its exit code; nothing of Postgate's is read or imported for it. Walks type its lines.

import {spawn} from 'node:child_process'
import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join, resolve} from 'node:path'
import * as assert from 'uvu/assert'
import {gitEnvironment, type TestRepository, testRepository} from '../helpers/repository.ts'

export interface Ran {
  readonly code: number | null
  /** Both streams. */
  readonly said: string
}

export interface Person extends TestRepository {
  /** Runs a script of the bundle for the project; `exit` has to come of it. */
  readonly does: (script: string, words?: readonly string[], exit?: number) => Promise<Ran>
  /** Types a line into a shell that stands in the clone; `more`: further variables. */
  readonly types: (line: string, more?: Readonly<Record<string, string>>) => Promise<Ran>
  /** Somebody else, with a clone and a home of their own; what they run in it. */
  readonly colleague: (name: string, files: Readonly<Record<string, string>>) => Colleague
  /** How many commands of Postgate's were run. */
  readonly commands: () => number
  /** Puts a program in front of PATH. */
  readonly installs: (name: string, text: string) => void
  readonly sets: (variables: Readonly<Record<string, string>>) => void
  readonly read: (path: string) => string
  /** Rewrites a file of the project, as an editor would. */
  readonly edits: (path: string, change: (text: string) => string) => void
  /** Commits everything that git does not ignore, and pushes it. */
  readonly pushes: (message: string) => void
}

export interface Colleague {
  readonly clone: string
  readonly home: string
  readonly does: Person['does']
}

export const bundle = resolve(import.meta.dirname, '../..')

export function person(files: Readonly<Record<string, string>>): Person {
  const repository = testRepository(files)
  const {folder, clone, git} = repository
  const bin = join(folder, 'bin')
  // A person's shell has neither the programs of npm's packages nor what a CI gives its jobs.
  const {CI: _, GITHUB_TOKEN: __, PATH: path = '', ...environment} = gitEnvironment
  const own = path.split(':').filter((each) => !each.includes('node_modules'))
  const variables: Record<string, string> = {
    ...environment,
    HOME: join(folder, 'home'),
    XDG_CACHE_HOME: join(folder, 'home/.cache'),
    PATH: [bin, ...own].join(':'),
    NO_COLOR: '1',
  }
  mkdirSync(join(folder, 'home'))
  mkdirSync(bin)
  let commands = 0
  const doesIn =
    (where: string, more: Readonly<Record<string, string>> = {}): Person['does'] =>
    async (script, words = [], exit = 0) => {
      commands += 1
      const args = ['--import=typescript-when-needed', join(bundle, 'scripts', `${script}.ts`)]
      const ran = await runToEnd(process.execPath, [...args, ...words, '--project', where], {
        cwd: bundle,
        env: {...variables, ...more},
      })
      assert.is(ran.code, exit, `${script} ${words.join(' ')}\n${ran.said}`)
      return ran
    }
  return {
    ...repository,
    commands: () => commands,
    types: (line, more = {}) =>
      runToEnd('bash', ['-c', line], {cwd: clone, env: {...variables, ...more}}),
    installs: (name, text) => {
      writeFileSync(join(bin, name), text)
      chmodSync(join(bin, name), 0o755)
    },
    sets: (more) => void Object.assign(variables, more),
    read: (path) => readFileSync(join(clone, path), 'utf8'),
    edits: (path, change) => {
      const at = join(clone, path)
      mkdirSync(dirname(at), {recursive: true})
      writeFileSync(at, change(readFileSync(at, 'utf8')))
    },
    pushes: (message) => {
      git(['add', '--all'])
      git(['commit', '--quiet', '--message', message])
      git(['push', '--quiet', 'origin', 'HEAD:main'])
    },
    colleague: (name, given) => {
      const theirs = repository.another(`clone-${name}`)
      const home = join(folder, `home-${name}`)
      mkdirSync(home)
      repository.write(given, theirs)
      git(['config', 'user.name', name], theirs)
      git(['config', 'user.email', `${name}@caisse.example.org`], theirs)
      return {
        clone: theirs,
        home,
        does: doesIn(theirs, {HOME: home, XDG_CACHE_HOME: join(home, '.cache')}),
      }
    },
    does: doesIn(clone),
  }
}

function runToEnd(
  program: string,
  args: readonly string[],
  where: {readonly cwd: string; readonly env: Readonly<Record<string, string>>},
): Promise<Ran> {
  return new Promise((ended, failed) => {
    const child = spawn(program, [...args], {...where, stdio: ['ignore', 'pipe', 'pipe']})
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text
      })
    child.on('error', failed)
    child.on('close', (code) => ended({code, said}))
  })
}
