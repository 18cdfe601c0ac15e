// `npx zx scripts/init.ts`: sets a project up, or, with --check, says what this machine still lacks.

import {existsSync} from 'node:fs'
import {join, relative} from 'node:path'
import {bundleFolder} from '../../base/bundle.ts'
import {pasting, sameProject, showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {onScreen} from '../../base/screen.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Environment} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import type {Lang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {type TerminalQuestions, terminalQuestions} from '../../run/asking/prompt.ts'
import {isInteractive} from '../../run/session.ts'
import {openRepository} from '../../store/git/open-repository.ts'
import {initHelp, initWords} from '../../words/init.ts'
import type {Findings} from './findings.ts'
import {lookAtProject} from './look.ts'
import {nightlyFile} from './nightly-file.ts'
import {policyFiles, replacements} from './policy-files.ts'
import {type Draft, leftDefines, projectYaml} from './project-yaml.ts'
import {answerFlags, type InitAnswers} from './questions.ts'
import {settleAnswers} from './settle.ts'
import {ignoreEnvFiles, writeMissing} from './write.ts'

const options = {
  ...Object.fromEntries(answerFlags.map((flag) => [flag, {type: 'string'} as const])),
  check: {type: 'boolean'},
  plan: {type: 'boolean'},
  'only-staging': {type: 'boolean'},
  'staging-define': {type: 'string', multiple: true},
  'production-define': {type: 'string', multiple: true},
} as const

const fileName = 'postgate.yaml'

export async function initCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, place, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(initHelp(lang))
    return 0
  }
  if (positionals.length > 0) {
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  }
  if (values.check) {
    const {doctor} = await import('./doctor.ts')
    return doctor({catalogue, lang, json: values.json ?? false, ...place})
  }
  if (values.sandbox || values.json) {
    throw usage('--sandbox, --json', {
      fr: 'ils n’existent qu’avec --check',
      en: 'they exist with --check only',
    })
  }
  const given: Record<string, string> = {}
  for (const flag of answerFlags) {
    const value: unknown = Reflect.get(values, flag)
    if (typeof value === 'string') given[flag] = value
  }
  for (const environment of ['staging', 'production'] as const) {
    for (const each of values[`${environment}-define`] ?? []) {
      const [, name, value] = /^(\w+)=(.+)$/s.exec(String(each)) ?? []
      if (name === undefined || value === undefined)
        throw usage(`--${environment}-define ${String(each)}`, {
          fr: 'NOM=VALEUR est attendu',
          en: 'NAME=VALUE is expected',
        })
      given[`${environment}-define ${name}`] = value
    }
  }
  const ask = isInteractive({json: false}) && !values.plan ? terminalQuestions(lang) : null
  return setUp({
    ...{given, lang, ask, dry: values.plan ?? false},
    environments: values['only-staging'] ? ['staging'] : ['staging', 'production'],
    ...{folder: values.project ?? process.cwd(), bundle: bundleFolder()},
    say: (text) => void process.stdout.write(onScreen(text)),
  })
}

export interface SetUp {
  /** Anywhere in the project's repository. */
  readonly folder: string
  readonly bundle: string
  readonly given: InitAnswers
  readonly environments: readonly Environment[]
  readonly lang: Lang
  /** null: nobody is at the terminal. */
  readonly ask: TerminalQuestions | null
  readonly dry: boolean
  readonly say: (text: string) => void
}

/** 0: done, or done before; 4: the person said no. Throws a `Problem`: 2 unreadable, 4 answers are missing. */
export async function setUp({say: write, ...set}: SetUp): Promise<number> {
  const {folder, bundle, given, environments, lang, ask, dry} = set
  const repository = await openRepository(folder)
  const {root} = repository
  const paste = pasting({flags: sameProject(root), project: root})
  const say = (text: string) => write(paste(text))
  const told = initWords(lang)
  if (existsSync(join(root, fileName))) {
    say(told.already)
    return 0
  }
  const found = await lookAtProject(repository, bundle)
  refuseBundleItself({found, given, bundle})
  say(told.found(found))
  const answers = await settleAnswers({found, environments, given, ask, left: told.left})
  const schema = shown(relative(root, join(bundle, 'docs/postgate.schema.json')))
  const nightly = await nightlyFile(found, answers)
  const draft: Draft = {
    ...{environments, schema, lang},
    found: nightly === null ? found : {...found, nightlies: [nightly]},
    answers: nightly === null ? answers : {...answers, nightly: nightly.file},
  }
  const files = new Map([
    [fileName, await projectYaml(draft)],
    ...(await policyFiles(draft, bundle)),
    ...(nightly === null ? [] : [[nightly.path, nightly.text] as const]),
  ])
  if (dry) say(`\n${files.get(fileName) ?? ''}\n`)
  if (ask !== null && !(await ask.confirm(told.confirm(files.size)))) {
    say(told.refused)
    return 4
  }
  const written = [
    ...(await writeMissing(root, files, {dry})),
    ...(await ignoreEnvFiles(repository, envFiles(draft), dry)),
    ...(await writeMissing(root, emptyEnvFiles(draft, told.noSecrets), {dry, mode: 0o600})),
  ]
  say(told.written(written, dry))
  const own = bundle === root
  const renamed = own ? await replacements(draft) : []
  const left = environments.map((each) => ({environment: each, lines: leftDefines(draft, each)}))
  say(told.next({found, answers, nightly: nightly?.path ?? null, own, renamed, left}))
  return 0
}

const envFiles = ({answers, environments}: Draft): string[] =>
  environments.flatMap((each) => answers[`${each}-env`] ?? [])

/** Where nothing asks for a key there is none to fetch: the file that is read all the same, and ignored by git. */
function emptyEnvFiles(draft: Draft, text: string): ReadonlyMap<string, string> {
  const {found, answers} = draft
  const asked = answers.database !== 'none' || found.defines.length > 0
  return new Map(asked ? [] : envFiles(draft).map((path) => [path, text]))
}

const shown = (path: string) => path.split('\\').join('/')

/** Run in Postgate's own clone, it would set up Postgate. */
function refuseBundleItself({
  found,
  given,
  bundle,
}: {
  found: Findings
  given: InitAnswers
  bundle: string
}): void {
  const empty = found.flutter.length === 0 && found.build === null && found.hosts.length === 0
  if (bundle !== found.root || !empty || given.builder !== undefined) return
  throw problem({
    what: {
      fr: 'Ce dépôt est celui de Postgate : il n’y a rien à mettre en production ici.',
      en: 'This repository is Postgate’s own: there is nothing to release here.',
    },
    next: {
      fr: 'nommer le projet : npx zx scripts/init.ts --project DOSSIER',
      en: 'name the project: npx zx scripts/init.ts --project DIR',
    },
    exit: 2,
  })
}
