// What a project file needs beyond what was found, as data: each question has its flag, so that a set-up
// without a terminal is possible, and is refused naming every flag that it lacks.

import type {Environment} from '../../domain/event.ts'
import type {Text} from '../../domain/text.ts'
import type {Findings} from './findings.ts'
import {settledDefine} from './settled-defines.ts'
import {sshTarget} from './ssh-target.ts'

export const answerFlags = [
  'name',
  'branch',
  'builder',
  'flutter-folder',
  'build',
  'output',
  'hosting',
  'staging-target',
  'production-target',
  'staging-url',
  'production-url',
  'staging-env',
  'production-env',
  'database',
  'nightly',
] as const
export type AnswerFlag = (typeof answerFlags)[number]
/** `--staging-define NAME=VALUE`, by its name. */
export type AnswerKey = AnswerFlag | `${Environment}-define ${string}`
export type InitAnswers = Readonly<Partial<Record<AnswerKey, string>>>

export interface NamedChoice {
  readonly value: string
  /** As people call it; a flag takes either. */
  readonly label: Text
}

export interface Question {
  readonly flag: AnswerKey
  readonly text: Text
  /** What was found: one is the answer, several are a choice. */
  readonly found: readonly string[]
  /** Where nothing was found: legal words to choose from. */
  readonly choices?: readonly NamedChoice[]
  /** Holds where nobody says otherwise; without one the question must be answered. */
  readonly fallback?: string
  /** What stands in the field on a terminal, and in the flag that is named: still to be said. */
  readonly likely?: string
  /** Asked only with one of these answers to another question, which is still open. */
  readonly onlyWith?: {readonly flag: AnswerFlag; readonly answers: readonly string[]}
  readonly wrong?: (answer: string) => Text | null
}

const relative = (answer: string): Text | null =>
  answer.startsWith('/') || answer.split('/').includes('..')
    ? {fr: 'un chemin dans le projet', en: 'a path inside the project'}
    : null

const address = (answer: string): Text | null =>
  URL.canParse(answer) && /^https?:/.test(answer)
    ? null
    : {fr: 'une adresse http(s)', en: 'an http(s) address'}

const slug = (answer: string): Text | null =>
  /^[a-z0-9][a-z0-9-]*$/.test(answer)
    ? null
    : {fr: 'minuscules, chiffres et tirets', en: 'lower case, digits and hyphens'}

const remoteFolder = (answer: string) =>
  sshTarget(answer) === null
    ? {
        fr: 'compte@machine:/dossier, ou ssh://compte@machine:port/dossier',
        en: 'account@machine:/folder, or ssh://account@machine:port/folder',
      }
    : null

const oneOf = (choices: readonly NamedChoice[]) => (answer: string) =>
  choices.some(({value}) => value === answer) ? null : choices.map(({value}) => value).join(', ')

const builders: readonly NamedChoice[] = [
  {value: 'flutter', label: 'flutter'},
  {value: 'command', label: {fr: 'commande', en: 'command'}},
]
const hostings: readonly NamedChoice[] = [
  {value: 'firebase', label: 'firebase'},
  {value: 'netlify', label: 'netlify'},
  {value: 'vercel', label: 'vercel'},
  {value: 'folder', label: {fr: 'dossier', en: 'folder'}},
  {value: 'ssh', label: 'ssh'},
]
const databases: readonly NamedChoice[] = [
  {value: 'supabase', label: 'supabase'},
  {value: 'postgres', label: 'postgres'},
  {value: 'none', label: {fr: 'aucune', en: 'none'}},
]

/** The next question that `answers` leaves open, of those that these answers make necessary. */
export function* questions(
  found: Findings,
  environments: readonly Environment[],
  answers: () => InitAnswers,
): Generator<Question> {
  yield {flag: 'name', text: {fr: 'Nom du projet', en: 'Name of the project'}, found: [found.name]}
  yield {
    flag: 'branch',
    text: {fr: 'Branche principale', en: 'Main branch'},
    found: [found.branch],
  }
  yield {
    flag: 'builder',
    text: {fr: 'Comment le projet est construit', en: 'How the project is built'},
    found: found.flutter.length > 0 ? ['flutter'] : found.build === null ? [] : ['command'],
    ...{choices: builders, wrong: oneOf(builders)},
  }
  yield* buildQuestions(found, answers)
  yield {
    flag: 'hosting',
    text: {fr: 'Hébergeur', en: 'Host'},
    found: found.hosts.map(({adapter}) => adapter),
    ...{choices: hostings, wrong: oneOf(hostings)},
  }
  yield {
    flag: 'database',
    text: {fr: 'Base de données', en: 'Database'},
    found: found.supabase === null ? [] : ['supabase'],
    ...{choices: databases, wrong: oneOf(databases), fallback: 'none'},
  }
  if (found.github !== null && found.nightlies.length > 0) {
    yield {
      flag: 'nightly',
      text: {fr: 'Workflow de la nightly', en: 'The nightly’s workflow'},
      found: nightlies(found),
    }
  }
  for (const environment of environments) yield* placeQuestions(found, environment, answers)
}

function* buildQuestions(found: Findings, answers: () => InitAnswers): Generator<Question> {
  const {builder} = answers()
  if (builder === 'flutter') {
    yield {
      flag: 'flutter-folder',
      text: {fr: 'Dossier de pubspec.yaml', en: 'Folder of pubspec.yaml'},
      found: found.flutter.map((folder) => folder || '.'),
      ...{fallback: '.', wrong: relative},
    }
  }
  if (builder === 'command' || builder === undefined) {
    const onlyWith = {flag: 'builder', answers: ['command']} as const
    const where = builder === undefined ? {onlyWith} : {}
    yield {
      ...where,
      flag: 'build',
      text: {fr: 'Commande de build', en: 'Build command'},
      found: found.build === null ? [] : [found.build.run],
    }
    yield {
      ...where,
      flag: 'output',
      text: {fr: 'Dossier du résultat', en: 'Folder of the result'},
      found: found.build === null ? [] : [found.build.output],
      wrong: relative,
    }
  }
}

function* placeQuestions(
  found: Findings,
  environment: Environment,
  answers: () => InitAnswers,
): Generator<Question> {
  const {hosting} = answers()
  const upper = environment.toUpperCase()
  const target = found.hosts.find(({adapter}) => adapter === hosting)?.targets[environment]
  const words: Readonly<Record<string, Text>> = {
    firebase: {fr: `Projet Firebase de ${upper}`, en: `Firebase project of ${upper}`},
    netlify: {fr: `Site Netlify de ${upper}`, en: `Netlify site of ${upper}`},
    folder: {fr: `Dossier servi de ${upper}`, en: `Served folder of ${upper}`},
    ssh: {
      fr: `Machine et dossier de ${upper} (compte@machine:/dossier)`,
      en: `Machine and folder of ${upper} (account@machine:/folder)`,
    },
  }
  const text = hosting === undefined ? undefined : words[hosting]
  if (hosting === undefined) {
    const answers = Object.keys(words)
    yield {
      flag: `${environment}-target`,
      text: {
        fr: `projet Firebase, site Netlify, dossier servi ou compte@machine:/dossier de ${upper}`,
        en: `Firebase project, Netlify site, served folder or account@machine:/folder of ${upper}`,
      },
      ...{found: [], onlyWith: {flag: 'hosting', answers}},
    }
  }
  if (text !== undefined) {
    yield {
      ...{flag: `${environment}-target` as const, text},
      found: target === undefined ? [] : [target],
      ...(hosting !== 'folder' && {wrong: hosting === 'ssh' ? remoteFolder : slug}),
    }
  }
  const chosen = answers()[`${environment}-target`]
  const domain = {firebase: 'web.app', netlify: 'netlify.app'}[hosting ?? '']
  // Where the target names the address, and is still to be named, it is no question of its own.
  const follows = domain !== undefined && chosen === undefined
  if (!follows)
    yield {
      flag: `${environment}-url`,
      text: {fr: `Adresse de ${upper}`, en: `Address of ${upper}`},
      found: [],
      ...(chosen !== undefined &&
        domain !== undefined && {fallback: `https://${chosen}.${domain}`}),
      wrong: address,
    }
  yield {
    flag: `${environment}-env`,
    text: {fr: `Fichier d’environnement de ${upper}`, en: `Env file of ${upper}`},
    found: found.envFiles[environment].map(({path}) => path),
    ...{
      fallback: environment === 'staging' ? 'env/.env.staging' : 'env/.env.prod',
      wrong: relative,
    },
  }
  yield* defineQuestions(found, environment, answers)
}

/** What says which environment the client takes itself for, and is given nowhere. */
function* defineQuestions(
  found: Findings,
  environment: Environment,
  answers: () => InitAnswers,
): Generator<Question> {
  const path = answers()[`${environment}-env`]
  const file = found.envFiles[environment].find((each) => each.path === path)
  for (const define of found.defines) {
    const given = {environment, file, words: found.words, said: () => undefined}
    const settled = settledDefine(define, given)
    const flag = `${environment}-define ${define.name}` as const
    if (settled.type !== 'open' || answers()[flag] !== undefined) continue
    const upper = environment.toUpperCase()
    yield {
      flag,
      text: {
        fr: `${define.name} dans le build de ${upper} (sans lui le code se croit en ${settled.value})`,
        en: `${define.name} in the build of ${upper} (without it the code takes itself for ${settled.value})`,
      },
      ...{likely: settled.likely, found: []},
    }
  }
}

/** One that calls itself a nightly stands for all scheduled ones. */
function nightlies({nightlies: all}: Findings): string[] {
  const files = all.map(({file}) => file)
  const named = files.filter((file) => /night|nuit/i.test(file))
  return named.length > 0 ? named : files
}
