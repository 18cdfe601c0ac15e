// `postgate.yaml` from the answers: where things are, with a comment where a person may have to add
// something. Read back by the project's own schema before it is written.

import type {Environment} from '../../domain/event.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {parseProject} from '../../policy/project-file.ts'
import {envNames} from './env-keys.ts'
import type {Findings} from './findings.ts'
import type {InitAnswers} from './questions.ts'

export interface Draft {
  readonly found: Findings
  readonly answers: InitAnswers
  readonly environments: readonly Environment[]
  /** The JSON Schema for editors, relative to the project. */
  readonly schema: string
  readonly lang: Lang
}

/** The file's text. Throws a `Problem` (2) where an answer makes it illegal. */
export async function projectYaml(draft: Draft): Promise<string> {
  const {stringify} = await import('yaml')
  const {found, answers, environments, lang} = draft
  const part = (key: string, value: unknown, comment?: Text) => {
    const words = comment === undefined ? '' : `${inLang(comment, lang).replace(/^/gm, '# ')}\n`
    return `${words}${stringify({[key]: value}, {lineWidth: 0})}`
  }
  const text = [
    `# yaml-language-server: $schema=${draft.schema}\n${inLang(head, lang).replace(/^/gm, '# ')}\n`,
    part('name', answers.name),
    part('repository', {
      ...{remote: found.remote ?? 'origin', branch: answers.branch},
      ...(found.web !== null && {url: found.web}),
    }),
    ...(found.github === null ? [] : [part('ci', ci(draft), ciWords)]),
    part('builder', builder(answers)),
    ...(answers.database === 'none' ? [] : [part('database', database(draft), databaseWords)]),
    part(
      'environments',
      Object.fromEntries(environments.map((each) => [each, environmentPart(draft, each)])),
      environmentWords,
    ),
  ].join('\n')
  await parseProject(text)
  return text
}

function ci({found, answers}: Draft) {
  const nightly = found.nightlies.find(({file}) => file === answers.nightly)
  return {
    ...{adapter: 'github', repository: found.github},
    ...(answers.nightly !== undefined && {workflow: answers.nightly}),
    ...(nightly !== undefined && nightly.jobs.length > 0 && {requiredJobs: nightly.jobs}),
  }
}

function builder(answers: InitAnswers) {
  if (answers.builder === 'command') {
    return {adapter: 'command', run: answers.build, output: answers.output}
  }
  const folder = answers['flutter-folder']
  if (folder === undefined || folder === '.') return {adapter: 'flutter', output: 'build/web'}
  return {adapter: 'flutter', folder, output: `${folder}/build/web`}
}

function database({found, answers}: Draft) {
  const {migrations = null, partial = null, seed = null} = found.supabase ?? {}
  return {
    ...{adapter: answers.database, shape: 'database/shape.sql'},
    // Without a full history the reset builds PROD's shape alone.
    ...(migrations !== null && partial === null && {migrations}),
    ...(seed !== null && {seed}),
    ...{reference: [], mayChange: ['log_actions']},
  }
}

function environmentPart({found, answers}: Draft, environment: Environment) {
  const envFile = answers[`${environment}-env`]
  const file = found.envFiles[environment].find(({path}) => path === envFile)
  const names = envNames(file, environment, found.defines, answers.database)
  const hasDatabase = answers.database !== 'none'
  return {
    ...{envFile, url: answers[`${environment}-url`]},
    hosting: hosting(found, answers, environment),
    ...(hasDatabase && {database: {url: names.url, ref: names.ref}}),
    ...(Object.keys(names.defines).length > 0 && {defines: names.defines}),
    smoke: {
      ...(answers.builder === 'flutter' && {flutter: true}),
      ...(answers.database === 'supabase' && {
        auth: {url: names.api, key: names.key, user: names.user, password: names.password},
        audit: {
          table: 'log_actions',
          insert: {user_id: '{user}', action: 'SMOKE', module: 'postgate', niveau: 'INFO'},
        },
      }),
      ...{routes: [{path: '/', title: 'Accueil'}], modules: [], tables: []},
    },
    metrics: {adapter: 'prober'},
  }
}

function hosting({hosts}: Findings, answers: InitAnswers, environment: Environment) {
  const target = answers[`${environment}-target`]
  const from = hosts.find(({adapter}) => adapter === 'firebase')?.from
  switch (answers.hosting) {
    case 'firebase':
      return {
        ...{adapter: 'firebase', project: target},
        ...(from !== undefined && /\/firebase\.json$/.test(from) && {config: from}),
      }
    case 'netlify':
      return {adapter: 'netlify', site: target}
    case 'folder':
      return {adapter: 'folder', root: target}
    case 'ssh': {
      const [host, root] = (target ?? '').split(':')
      return {adapter: 'ssh', host, root}
    }
    default:
      return {adapter: answers.hosting}
  }
}

const head: Text = {
  fr: 'Où sont les choses dans ce projet. Combien, combien de temps et qui : c’est dans runbooks/.',
  en: 'Where things are in this project. How many, how long and who: that is in runbooks/.',
}
const ciWords: Text = {
  fr: 'requiredJobs : tâches qui doivent avoir tourné ; sautée, l’une d’elles laisse la nightly verte. Une étape aussi : {job: tests, steps: [Tests de base]}.',
  en: 'requiredJobs: jobs that must have run; a nightly stays green when one of them is skipped. A step too: {job: tests, steps: [Database tests]}.',
}
const databaseWords: Text = {
  fr: 'reference : tables dont un reset garde les lignes. mayChange : tables qu’un smoke test peut changer.',
  en: 'reference: tables whose rows a reset keeps. mayChange: tables that a smoke test may change.',
}
const environmentWords: Text = {
  fr: 'database, defines et auth donnent des noms de clés du fichier d’environnement, jamais des valeurs.\nsmoke : ajouter les routes, modules et tables critiques ; une liste vide est demandée à une personne.',
  en: 'database, defines and auth give names of keys of the env file, never values.\nsmoke: add the critical routes, modules and tables; an empty list is asked of a person.',
}
