// Runbooks and templates for the project: the bundle's, with the project's own key names and build command
// in the places that name them. A project has its own wherever the bundle lies: only one whose root is the
// bundle has them already.

import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {calledAs} from '../../base/called-as.ts'
import type {Environment} from '../../domain/event.ts'
import {unknownCommands} from '../../guard/authorised/authorised.ts'
import {commandsWith} from '../../words/commands.ts'
import {envNames} from './env-keys.ts'
import type {Draft} from './project-yaml.ts'

const signers = `# One line a person: address, key type, public key. The address stands in runbooks/decision.md too.
# claire@example.org ssh-ed25519 AAAA...
`

/** Path in the project to text. */
export async function policyFiles(
  draft: Draft,
  bundle: string,
): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  files.set('runbooks/allowed_signers', signers)
  if (bundle === draft.found.root) return files
  const renamed = await replacements(draft)
  // By what lies in the repository alone: a PATH is one machine's.
  const call = calledAs({folder: draft.found.root, bundle, path: ''})
  const {globby} = await import('globby')
  for (const path of (await globby(['runbooks/*.md', 'templates/*.md'], {cwd: bundle})).sort()) {
    const source = await readFile(join(bundle, path), 'utf8')
    files.set(path, spelled(adapted(source, draft, renamed), call))
  }
  return files
}

/**
 * Commands of ours as they are typed in the project's folder, in the documents that are made of these too. In
 * a fence, where a program has to be one that is known, only the bundle's own file inside the project is.
 */
function spelled(source: string, call: string): string {
  let fenced = false
  return source
    .split('\n')
    .map((line) => {
      if (line.startsWith('```')) fenced = !fenced
      return fenced && !/^node \w/.test(call) ? line : commandsWith(line, {call, flags: ''})
    })
    .join('\n')
}

function adapted(source: string, draft: Draft, renamed: readonly Replacement[]): string {
  const own = draft.answers.database === 'none' ? withoutDatabase(source) : source
  return renamed.reduce(
    (text, {from, to, where}) => text.replace(where, (line) => line.replaceAll(from, to)),
    own,
  )
}

/**
 * What asks for a database may then be answered "not applicable", with a reason, as any optional item. The
 * keys of its address stand in no env file: those that postgate.yaml names are asked for in their place.
 */
function withoutDatabase(source: string): string {
  return source
    .replace(/(<!-- check: step-passed steps=")smoke-sign-in,/g, '$1')
    .replace(
      /^(- \[ \] \*\*[^*]+\*\* : ).*?( Sinon, .*)<!-- check: env-keys [^>]* -->/gm,
      '$1les clés que nomme `postgate.yaml` ont une valeur, qui n’est jamais affichée.$2<!-- check: env-keys -->',
    )
    .replace(ofDatabase, (directive) => directive.replace(/ -->$/, ' optional -->'))
}

const ofDatabase = new RegExp(
  `<!-- (?:${[
    'check: (?:client-key|database-identity|backup-verified|step-passed steps="(?:tables-empty|smoke-audit-log))',
    'step: (?:backup-staging|backup-report|reset-database|tables-empty|views-present|references-intact)',
    'step: (?:row-security|schema-conforms|database-clean|database-after|smoke-sign-in|smoke-audit-log|data-decision)',
  ].join('|')})\\b[^>]* -->`,
  'g',
)

export interface Replacement {
  readonly from: string
  readonly to: string
  readonly where: RegExp
}

const fileLines = /^.*<!-- check: env-file .*$/gm
const keyLines = /^.*<!-- check: env-keys .*$/gm
const buildLines = /^flutter build web .*$/gm

/** What the bundle's runbooks name otherwise than this project. */
export async function replacements({
  found,
  answers,
  environments,
  lang,
}: Draft): Promise<Replacement[]> {
  const built: Replacement[] =
    answers.builder === 'command' && answers.build !== undefined
      ? [{from: flutterBuild, to: await declared(answers.build, lang), where: buildLines}]
      : []
  const files = environments.flatMap((environment): Replacement[] => {
    const to = answers[`${environment}-env`]
    const from = environment === 'staging' ? 'env/.env.staging' : 'env/.env.prod'
    return to === undefined || to === from ? [] : [{from, to, where: fileLines}]
  })
  if (answers.database === 'none') return [...built, ...files]
  const names = (environment: Environment) =>
    envNames(
      found.envFiles[environment].find(({path}) => path === answers[`${environment}-env`]),
      environment,
      answers.database,
    )
  const renamed = environments.flatMap((environment) => {
    const prefix = environment === 'staging' ? 'STAGING' : 'PROD'
    const {url, ref} = names(environment)
    return [
      {from: `${prefix}_DB_URL`, to: url, where: keyLines},
      {from: `${prefix}_PROJECT_REF`, to: ref, where: keyLines},
    ]
  })
  return [...built, ...files, ...renamed.filter(({from, to}) => from !== to)]
}

/** Whoever named the command to `init` says what it is. */
async function declared(command: string, lang: Draft['lang']): Promise<string> {
  const unknown = await unknownCommands({path: 'build', line: 1, text: command})
  const lines = unknown.map(({program}) =>
    lang === 'fr'
      ? `# programme ${program} : construit l’application`
      : `# program ${program}: builds the application`,
  )
  return [...lines, command].join('\n')
}

const flutterBuild =
  'flutter build web --release --dart-define-from-file=<fichier> --build-name=<version> --build-number=<numero>'
