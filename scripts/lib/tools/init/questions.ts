// What a project file needs beyond what was found, as data: each question has its flag, so that a set-up
// without a terminal is possible, and is refused naming every flag that it lacks.

import type {Environment} from '../../domain/event.ts'
import type {Text} from '../../domain/text.ts'
import type {Findings} from './findings.ts'

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
export type InitAnswers = Readonly<Partial<Record<AnswerFlag, string>>>

export interface Question {
  readonly flag: AnswerFlag
  readonly text: Text
  /** What was found: one is the answer, several are a choice. */
  readonly found: readonly string[]
  /** Where nothing was found: legal words to choose from. */
  readonly choices?: readonly string[]
  /** Holds where nobody says otherwise; without one the question must be answered. */
  readonly fallback?: string
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
  /^[\w.@-]+:\/[\w./-]+$/.test(answer)
    ? null
    : {fr: 'compte@machine:/dossier', en: 'account@machine:/folder'}

const oneOf = (choices: readonly string[]) => (answer: string) =>
  choices.includes(answer) ? null : choices.join(', ')

const builders = ['flutter', 'command']
const hostings = ['firebase', 'netlify', 'vercel', 'folder', 'ssh']
const databases = ['supabase', 'postgres', 'none']

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
  if (builder === 'command') {
    yield {
      flag: 'build',
      text: {fr: 'Commande de build', en: 'Build command'},
      found: found.build === null ? [] : [found.build.run],
    }
    yield {
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
  if (text !== undefined) {
    yield {
      ...{flag: `${environment}-target` as const, text},
      found: target === undefined ? [] : [target],
      ...(hosting !== 'folder' && {wrong: hosting === 'ssh' ? remoteFolder : slug}),
    }
  }
  const chosen = answers()[`${environment}-target`]
  const domain = {firebase: 'web.app', netlify: 'netlify.app'}[hosting ?? '']
  yield {
    flag: `${environment}-url`,
    text: {fr: `Adresse de ${upper}`, en: `Address of ${upper}`},
    found: [],
    ...(chosen !== undefined && domain !== undefined && {fallback: `https://${chosen}.${domain}`}),
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
}

/** One that calls itself a nightly stands for all scheduled ones. */
function nightlies({nightlies: all}: Findings): string[] {
  const files = all.map(({file}) => file)
  const named = files.filter((file) => /night|nuit/i.test(file))
  return named.length > 0 ? named : files
}
