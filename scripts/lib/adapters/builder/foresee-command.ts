// What of a build command can be known before it runs: that its program, script or target stands in the
// checkpoint, and that it finds there what it needs. What cannot be told from outside is left to the build.

import {join, normalize} from 'node:path'
import {findProgram} from '../../base/program.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {missingEnvFiles, notExecutable, readsMissing} from '../../kit/checkpoint-script.ts'
import type {CommittedFiles} from '../../kit/ports/committed-files.ts'

interface Given {
  readonly words: readonly string[]
  /** Where the command runs, below the worktree. */
  readonly folder: string
  readonly files: CommittedFiles
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly envFiles: readonly string[]
}

export async function foreseeCommand(given: Given): Promise<Judgement> {
  const {words, folder, files} = given
  const [program = '', ...args] = words
  const said = words.join(' ')
  if (folder !== '' && (await files.list(folder)).length === 0) return absent(folder)
  if (program.includes('/') && !program.startsWith('/')) {
    const path = normalize(join(folder, program))
    const may = await files.executable(path)
    if (may === null) return absent(path)
    if (!may) return notExecutable(path)
    return (await envNeeded(given, path)) ?? pass(said)
  }
  const name = program.replace(/^.*\//, '')
  if (/^(?:npm|pnpm|yarn|bun)$/.test(name))
    return (await foreseeScript(given, name, args)) ?? pass(said)
  if (/^g?make$/.test(name)) return (await foreseeTarget(given, args)) ?? pass(said)
  if (/^(?:(?:ba|da|z)?sh|node|deno|python3?|ruby|perl|php)$/.test(name)) {
    const file = args.find((word) => !word.startsWith('-') && /[./]/.test(word))
    if (file === undefined || file.startsWith('/')) return pass(said)
    const path = normalize(join(folder, file))
    if ((await files.executable(path)) === null) return absent(path)
    return (await envNeeded(given, path)) ?? pass(said)
  }
  return pass(said)
}

const absent = (path: string): Judgement =>
  fail(
    {fr: `${path} n’est pas dans le checkpoint`, en: `${path} is not in the checkpoint`},
    {
      next: {
        fr: 'le commiter avant le tag, ou corriger builder dans postgate.yaml',
        en: 'commit it before the tag, or correct builder in postgate.yaml',
      },
    },
  )

const definesFile: Text = {
  fr: 'y lire le fichier JSON que nomme POSTGATE_DEFINES_FILE : les valeurs de defines',
  en: 'read the JSON file that POSTGATE_DEFINES_FILE names there: the values of defines',
}

/** A script that reads an env file by its own path finds none in the worktree. */
async function envNeeded({files, envFiles}: Given, path: string): Promise<Judgement | null> {
  const text = (await files.text(path)) ?? ''
  if (text.includes('POSTGATE_DEFINES_FILE')) return null
  const missing = await missingEnvFiles(text, envFiles, files)
  return missing.length === 0 ? null : readsMissing(path, missing, definesFile)
}

interface Package {
  readonly scripts: Readonly<Record<string, string>>
  readonly hasDependencies: boolean
}

async function foreseeScript(
  given: Given,
  manager: string,
  args: readonly string[],
): Promise<Judgement | null> {
  const {folder, files, environment} = given
  const [first = '', second] = args.filter((word) => !word.startsWith('-'))
  const runs = first === 'run' || first === 'run-script'
  const script = runs
    ? second
    : manager === 'npm' && !/^(?:test|start)$/.test(first)
      ? undefined
      : first
  if (script === undefined || /^(?:install|ci|add|exec|dlx|x|i)$/.test(script)) return null
  const path = normalize(join(folder, 'package.json'))
  const read = packageOf(await files.text(path))
  if (read === null) return absent(path)
  const text = read.scripts[script]
  if (text === undefined) {
    const known = Object.keys(read.scripts).join(', ')
    return fail(
      {fr: `${path} n’a pas de script ${script}`, en: `${path} has no script ${script}`},
      {next: {fr: `scripts connus : ${known || 'aucun'}`, en: `known scripts: ${known || 'none'}`}},
    )
  }
  const whole = [read.scripts[`pre${script}`], text].join('\n')
  const wanted = await missingEnvFiles(whole, given.envFiles, files)
  if (wanted.length > 0 && !whole.includes('POSTGATE_DEFINES_FILE'))
    return readsMissing(
      {fr: `le script ${script}`, en: `the script ${script}`},
      wanted,
      definesFile,
    )
  if (
    !read.hasDependencies ||
    /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|install|i)\b|\byarn\s*(?:&&|$)/m.test(whole)
  )
    return null
  if ((await files.list(join(folder, 'node_modules'))).length > 0) return null
  const program = programOf(whole)
  if (program === null || (await findProgram(program, environment)) !== null) return null
  const install = manager === 'npm' ? 'npm ci' : `${manager} install`
  return fail(
    {
      fr: `${program} vient de node_modules, que le dossier du checkpoint n’a pas`,
      en: `${program} comes from node_modules, which the checkpoint’s folder does not have`,
    },
    {next: `npm pkg set scripts.pre${script}="${install}"`},
  )
}

/** null for what is no package.json. */
function packageOf(text: string | null): Package | null {
  try {
    const read: unknown = JSON.parse(text ?? '')
    if (typeof read !== 'object' || read === null) return null
    const object = (key: string): object => {
      const value: unknown = Reflect.get(read, key)
      return typeof value === 'object' && value !== null ? value : {}
    }
    return {
      scripts: Object.fromEntries(
        Object.entries(object('scripts')).flatMap(([key, value]) =>
          typeof value === 'string' ? [[key, value]] : [],
        ),
      ),
      hasDependencies: [object('dependencies'), object('devDependencies')].some(
        (each) => Object.keys(each).length > 0,
      ),
    }
  } catch {
    return null
  }
}

/** The first program of a script; null where a shell's own words come first, or a path. */
function programOf(script: string): string | null {
  const words = script.trim().split(/\s+/)
  const program = words.find((word) => !/^\w+=/.test(word))
  return program === undefined || !/^[\w@-]+$/.test(program) || shellWords.has(program)
    ? null
    : program
}

const shellWords = new Set(
  'if for while case cd echo export exit mkdir rm cp mv set test true'.split(' '),
)

async function foreseeTarget(
  {folder, files}: Given,
  args: readonly string[],
): Promise<Judgement | null> {
  if (args.some((word) => word.startsWith('-'))) return null
  const names = ['GNUmakefile', 'makefile', 'Makefile'].map((name) => normalize(join(folder, name)))
  const there: string[] = []
  for (const name of names) if ((await files.executable(name)) !== null) there.push(name)
  const [path] = there
  if (path === undefined) return absent(names[2] ?? '')
  const text = (await files.text(path)) ?? ''
  // What comes from elsewhere, or by a pattern, is not looked for.
  if (/^\s*-?include\b|^[^\t#]*%[^\n]*:/m.test(text)) return null
  const missing = args
    .filter((word) => !word.includes('='))
    .find((target) => !targets(text).has(target))
  return missing === undefined
    ? null
    : fail(
        {fr: `${path} n’a pas de cible ${missing}`, en: `${path} has no target ${missing}`},
        correct,
      )
}

const correct: {readonly next: Text} = {
  next: {fr: 'corriger builder.run dans postgate.yaml', en: 'correct builder.run in postgate.yaml'},
}

const targets = (makefile: string): ReadonlySet<string> =>
  new Set(
    [...makefile.matchAll(/^([^\s#:=][^#:=\n]*):(?!=)/gm)].flatMap(([, names = '']) =>
      names.trim().split(/\s+/),
    ),
  )
