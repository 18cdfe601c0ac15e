// `postgate.yaml` from the answers: where things are, with a comment where a person may have to add
// something. Read back by the project's own schema before it is written.

import type {Environment} from '../../domain/event.ts'
import {inLang, type Lang, type Text} from '../../domain/text.ts'
import {parseProject} from '../../policy/project-file.ts'
import {envNames} from './env-keys.ts'
import type {Findings} from './findings.ts'
import type {InitAnswers} from './questions.ts'
import {type Settled, settledDefine} from './settled-defines.ts'
import {sshTarget} from './ssh-target.ts'

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
  const {Document, isMap, stringify} = await import('yaml')
  const {found, answers, environments, lang} = draft
  const part = (key: string, value: unknown, comment?: Text) => {
    const words = comment === undefined ? '' : `${inLang(comment, lang).replace(/^/gm, '# ')}\n`
    return `${words}${stringify({[key]: value}, {lineWidth: 0})}`
  }
  /** The environments, with what was not given to the client told behind `defines`. */
  const places = () => {
    const document = new Document({
      environments: Object.fromEntries(
        environments.map((each) => [each, environmentPart(draft, each)]),
      ),
    })
    document.commentBefore = inLang(environmentWords, lang).replace(/^/gm, ' ')
    for (const each of environments) {
      const left = leftDefines(draft, each).map((line) => ` ${inLang(line, lang)}`)
      const node = document.getIn(['environments', each, 'defines'], true)
      if (left.length > 0 && isMap(node)) node.comment = left.join('\n')
    }
    return document.toString({lineWidth: 0})
  }
  const text = [
    `# yaml-language-server: $schema=${draft.schema}\n${inLang(head, lang).replace(/^/gm, '# ')}\n`,
    part('name', answers.name),
    part('repository', {
      ...{remote: found.remote ?? 'origin', branch: answers.branch},
      ...(found.web !== null && {url: found.web}),
    }),
    ...(found.github === null ? [] : [part('ci', ci(draft), ciWords)]),
    part('builder', builder(draft)),
    ...(answers.database === 'none' ? [] : [part('database', database(draft), databaseWords)]),
    places(),
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

function builder({found, answers}: Draft) {
  if (answers.builder === 'command') {
    const {build} = found
    const at = build !== null && build.run === answers.build ? build.folder : ''
    return {
      ...{adapter: 'command', run: answers.build},
      ...(at !== '' && {folder: at}),
      output: answers.output,
    }
  }
  const folder = answers['flutter-folder']
  if (folder === undefined || folder === '.') return {adapter: 'flutter', output: 'build/web'}
  return {adapter: 'flutter', folder, output: `${folder}/build/web`}
}

function database({found, answers}: Draft) {
  const {migrations = null, partial = null, seed = null, seeded = []} = found.supabase ?? {}
  return {
    ...{adapter: answers.database, shape: 'database/shape.sql'},
    // Without a full history the reset builds PROD's shape alone.
    ...(migrations !== null && partial === null && {migrations}),
    // Supabase's own is for work on one's machine; with rows of the application no reset takes it.
    ...(seed !== null && seeded.length === 0 && {seed}),
    ...{
      reference: [],
      mayChange: (found.supabase?.auditColumns ?? null) === null ? [] : ['log_actions'],
    },
  }
}

function environmentPart({found, answers}: Draft, environment: Environment) {
  const envFile = answers[`${environment}-env`]
  const file = found.envFiles[environment].find(({path}) => path === envFile)
  const names = envNames(file, environment, answers.database)
  const defines = definesOf(found, answers, environment)
  const hasDatabase = answers.database !== 'none'
  return {
    ...{envFile, url: answers[`${environment}-url`]},
    hosting: hosting(found, answers, environment),
    ...(hasDatabase && {database: {url: names.url, ref: names.ref}}),
    ...(defines.length > 0 && {defines: Object.fromEntries(defines.flatMap(given))}),
    smoke: {
      ...(answers.builder === 'flutter' && {flutter: true}),
      ...(answers.database === 'supabase' && {
        auth: {url: names.api, key: names.key, user: names.user, password: names.password},
        ...audit(found),
      }),
      ...{routes: [{path: '/', title: 'Accueil'}], modules: [], tables: []},
    },
    metrics: {adapter: 'prober'},
  }
}

/** Each define of the project with what it is given in an environment. */
export const definesOf = (
  {defines, words, envFiles}: Findings,
  answers: InitAnswers,
  environment: Environment,
): readonly (readonly [string, Settled])[] => {
  const file = envFiles[environment].find(({path}) => path === answers[`${environment}-env`])
  const said = (name: string) => answers[`${environment}-define ${name}`]
  const known = new Set(defines.map(({name}) => name))
  const prefix = `${environment}-define `
  const told = Object.keys(answers).flatMap((key) => {
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : ''
    return name === '' || known.has(name)
      ? []
      : [{name, hasDefault: true, fallback: null, given: []}]
  })
  return [...defines, ...told].map((each) => [
    each.name,
    settledDefine(each, {environment, file, words, said}),
  ])
}

const given = ([name, settled]: readonly [string, Settled]) =>
  settled.type === 'key'
    ? [[name, settled.key]]
    : settled.type === 'constant'
      ? [[name, {value: settled.value}]]
      : []

/** What the client is not given, and why. */
export const leftDefines = ({found, answers}: Draft, environment: Environment): readonly Text[] =>
  definesOf(found, answers, environment).flatMap(([name, settled]) => {
    switch (settled.type) {
      case 'key':
      case 'constant':
        return []
      case 'default': {
        const value = settled.value === null ? '' : ` (${settled.value})`
        return {
          fr: `${name} : non donné, la valeur du code vaut${value}`,
          en: `${name}: not given, the code’s own value holds${value}`,
        }
      }
      case 'secret':
        return {
          fr: `${name} : non donné, un client ne doit pas le contenir`,
          en: `${name}: not given, a client must not hold it`,
        }
      case 'other':
        return {
          fr: `${name} : non donné, il est de l’autre environnement`,
          en: `${name}: not given, it is the other environment’s`,
        }
      case 'open':
        return {
          fr: `${name} : à décider, le code se croit en ${settled.value} sans lui`,
          en: `${name}: to be decided, without it the code takes itself for ${settled.value}`,
        }
      default: {
        const never: never = settled
        return never
      }
    }
  })

/** The row that a smoke test leaves, where the project has the table; else a person says what is traced. */
function audit({supabase}: Findings) {
  const columns = supabase?.auditColumns ?? null
  if (columns === null) return {}
  const row = {user_id: '{user}', action: 'SMOKE', module: 'postgate', niveau: 'INFO'}
  const insert = Object.fromEntries(Object.entries(row).filter(([name]) => columns.includes(name)))
  return {audit: {table: 'log_actions', insert}}
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
    case 'ssh':
      return {adapter: 'ssh', ...sshTarget(target ?? '')}
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
  fr: 'database, defines et auth donnent des noms de clés du fichier d’environnement, jamais des valeurs ; une constante publique s’écrit {value: …}.\nsmoke : ajouter les routes, modules et tables critiques ; une liste vide est demandée à une personne.',
  en: 'database, defines and auth give names of keys of the env file, never values; a public constant is written {value: …}.\nsmoke: add the critical routes, modules and tables; an empty list is asked of a person.',
}
