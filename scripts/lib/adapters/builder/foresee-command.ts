// What of a build command can be known before it runs: that its program, script or target stands in the
// checkpoint, and that it finds there what it needs. What cannot be told from outside is left to the build.

import {join, normalize} from 'node:path'
import {findProgram} from '../../base/program.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass} from '../../domain/verdict.ts'
import {missingEnvFiles, notExecutable, readsMissing} from '../../kit/checkpoint-script.ts'
import type {CommittedFiles} from '../../kit/ports/committed-files.ts'
import {shellWord} from '../../words/commands.ts'
import {
  calledPackages,
  isManager,
  isWorkspace,
  type NodePackage,
  nodePackages,
  scriptCall,
} from './node-packages.ts'

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
  if (isManager(name)) return (await foreseeScript(given, name, args)) ?? pass(said)
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

async function foreseeScript(
  given: Given,
  manager: string,
  args: readonly string[],
): Promise<Judgement | null> {
  const {folder, files} = given
  const call = scriptCall(manager, args)
  if (call === null) return null
  const packages = await nodePackages({paths: await files.list(''), text: files.text})
  const here = normalize(folder).replace(/^\.$|\/$/, '')
  const own = packages.find((each) => each.folder === here)
  if (own === undefined) return absent(normalize(join(folder, 'package.json')))
  const called = calledPackages(call, own, packages)
  for (const each of called) {
    const judged = await foreseeRun(given, each, call.script)
    if (judged !== null) return judged
  }
  if (!packages.some(({dependencies}) => dependencies.length > 0)) return null
  if ((await files.list(join(folder, 'node_modules'))).length > 0) return null
  for (const each of called) {
    const program = await uninstalled({given, packages, at: each, script: call.script})
    if (program === null) continue
    return notInstalled({program, manager, at: each, script: call.script, files, packages})
  }
  return null
}

/** The script itself: that it is there, and reads no file that no worktree has. */
async function foreseeRun(
  {files, envFiles}: Given,
  {folder, scripts}: NodePackage,
  script: string,
): Promise<Judgement | null> {
  const text = scripts[script]
  if (text === undefined) {
    const path = normalize(join(folder, 'package.json'))
    const known = Object.keys(scripts).join(', ')
    return fail(
      {fr: `${path} n’a pas de script ${script}`, en: `${path} has no script ${script}`},
      {next: {fr: `scripts connus : ${known || 'aucun'}`, en: `known scripts: ${known || 'none'}`}},
    )
  }
  const whole = [scripts[`pre${script}`], text].join('\n')
  const wanted = await missingEnvFiles(whole, envFiles, files)
  if (wanted.length === 0 || whole.includes('POSTGATE_DEFINES_FILE')) return null
  return readsMissing({fr: `le script ${script}`, en: `the script ${script}`}, wanted, definesFile)
}

interface Looked {
  readonly given: Given
  readonly packages: readonly NodePackage[]
  readonly at: NodePackage
  readonly script: string
  /** Scripts that were looked at: one may run another, and that one the first. */
  readonly seen?: ReadonlySet<string>
}

/** The first program that only an installation brings, also where one script runs another; null where there is none, or one of them installs. */
async function uninstalled(looked: Looked): Promise<string | null> {
  const {given, packages, script, seen = new Set()} = looked
  let {at} = looked
  const key = `${at.folder}:${script}`
  const whole = [at.scripts[`pre${script}`], at.scripts[script]].filter(Boolean).join(' && ')
  if (seen.has(key) || installs.test(whole)) return null
  for (const [program = '', ...words] of commandsIn(whole)) {
    if (program === 'cd') {
      const folder = normalize(join(at.folder, words[0] ?? '')).replace(/^\.$|\/$/, '')
      at = packages.find((each) => each.folder === folder) ?? at
      continue
    }
    if (isManager(program)) {
      const call = scriptCall(program, words)
      const called = call === null ? [] : calledPackages(call, at, packages)
      for (const each of called) {
        const next = {given, packages, at: each, script: call?.script ?? '', seen}
        const found = await uninstalled({...next, seen: new Set([...seen, key])})
        if (found !== null) return found
      }
      continue
    }
    if (!/^[\w@-]+$/.test(program) || shellWords.has(program)) continue
    if ((await findProgram(program, given.environment)) === null) return program
  }
  return null
}

const installs = /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|install|i)\b|\byarn\s*(?:&&|$)/m

/** The commands of a script, each as its words, without what is set before them. */
const commandsIn = (script: string): readonly (readonly string[])[] =>
  script
    .replace(/"[^"]*"|'[^']*'/g, (quoted) => quoted.slice(1, -1).replace(/[\s&|;]/g, '_'))
    .split(/&&|\|\||[;|&\n()]/)
    .map((part) => {
      const words = part.trim().split(/\s+/)
      return words.slice(words.findIndex((word) => !/^\w+=/.test(word)))
    })
    .filter(([program = '']) => program !== '')

async function notInstalled({
  program,
  manager,
  script,
  at: {folder, scripts},
  files,
  packages,
}: {
  program: string
  manager: string
  script: string
  at: NodePackage
  files: CommittedFiles
  packages: readonly NodePackage[]
}): Promise<Judgement> {
  const home = isWorkspace(folder, packages) ? '' : folder
  const locked = await Promise.all(
    ['package-lock.json', 'npm-shrinkwrap.json'].map((name) => files.text(join(home, name))),
  )
  const install =
    manager !== 'npm'
      ? `${manager} install`
      : locked.some((text) => text !== null)
        ? 'npm ci'
        : 'npm install'
  const where = folder === '' ? '' : `--prefix ${folder} `
  // Yarn from 2 on runs no script before another.
  const alone = manager === 'yarn' && (await files.text(join(folder, '.yarnrc.yml'))) !== null
  const set = alone
    ? `npm pkg set ${where}scripts.${script}=${shellWord(`${install} && ${scripts[script] ?? ''}`)}`
    : `npm pkg set ${where}scripts.pre${script}="${install}"`
  return fail(
    {
      fr: `${program} vient de node_modules, que le dossier du checkpoint n’a pas`,
      en: `${program} comes from node_modules, which the checkpoint’s folder does not have`,
    },
    {
      next: {
        fr: `${set} ; à commiter avant le tag`,
        en: `${set}; to be committed before the tag`,
      },
    },
  )
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
