// The command behind scripts/snapshot.ts: identity first, then the shape, read-only, into one file.

import {mkdir, rename, writeFile} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'
import {describeDifferences} from '../../adapters/database/catalogue-compare.ts'
import {parseConnection} from '../../adapters/database/connection.ts'
import {type Run, shapeFromDump} from '../../adapters/database/dump.ts'
import {type Claim, firstOf, readClaim, readMarker} from '../../adapters/database/identity.ts'
import {claimInput} from '../../adapters/database/open-database.ts'
import {refuseTransactionPool} from '../../adapters/database/pool.ts'
import {sameTarget} from '../../adapters/database/project-ref.ts'
import {openReader} from '../../adapters/database/session.ts'
import {namesOf, type Shape} from '../../adapters/database/shape.ts'
import {compareShapes} from '../../adapters/database/shape-compare.ts'
import {readShape, renewal, shapeText} from '../../adapters/database/shape-file.ts'
import {showHelp} from '../../base/called-as.ts'
import {usage} from '../../base/flags.ts'
import {onScreen} from '../../base/screen.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Environment} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import {fingerprintOfRef} from '../../domain/secret.ts'
import {inLang, type Text} from '../../domain/text.ts'
import {askProgram} from '../../guard/ask-program.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace, type Workspace} from '../../run/session.ts'
import type {World} from '../../store/world.ts'
import {snapshotHelp} from '../../words/snapshot.ts'

/** Takes the shape, or compares it (`--check`). Throws a `Problem`: 2 unreadable, 3 refused. */
export async function snapshotCommand(
  catalogue: () => Promise<Catalogue>,
  words: readonly string[],
): Promise<number> {
  const {values, place, positionals} = toolArguments(words, {
    environment: {type: 'string'},
    out: {type: 'string'},
    check: {type: 'boolean'},
  })
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(snapshotHelp(lang))
    return 0
  }
  if (positionals.length > 0) throw usage(positionals.join(' '), '--help')
  const {environment = 'production', out} = values
  if (environment !== 'production' && environment !== 'staging') {
    throw usage(`--environment ${environment}`, 'production, staging')
  }
  const workspace = await openWorkspace({
    args: {...place, json: false, lang},
    scenario: environment,
    catalogue,
    readOnly: false,
    services: true,
  })
  try {
    const say = (text: Text) =>
      process.stdout.write(onScreen(`${workspace.mask.mask(inLang(text, lang))}\n`))
    return await snapshot({
      place: workspace,
      environment,
      out,
      checkOnly: values.check ?? false,
      say,
    })
  } finally {
    await workspace.close()
  }
}

async function snapshot(input: {
  readonly place: Workspace
  readonly environment: Environment
  readonly out: string | undefined
  readonly checkOnly: boolean
  readonly say: (text: Text) => void
}): Promise<number> {
  const {place, environment, say} = input
  const {project, world} = place
  const path = project.database?.shape ?? 'database/shape.sql'
  const before = await readShape(world.project, path)
  const taken = await take(place, environment)
  const old = before === null ? null : renewal(before, path)
  if (old !== null) say(old)
  const differences = before === null || before.old ? [] : compareShapes(before, taken)
  const words = describeDifferences(differences, 30)
  if (before !== null && differences.length > 0) {
    say({
      fr: `Différences avec ${path} : ${inLang(words, 'fr')}`,
      en: `Differences from ${path}: ${inLang(words, 'en')}`,
    })
  }
  if (input.checkOnly) {
    if (before === null) say({fr: `${path} n’existe pas`, en: `there is no ${path}`})
    else if (differences.length === 0 && old === null)
      say({fr: `${path} est à jour`, en: `${path} is up to date`})
    return before !== null && old === null && differences.length === 0 ? 0 : 3
  }
  // SQL under a name that says JSON would help nobody.
  const target = path.replace(/\.json$/, '.sql')
  const file = input.out === undefined ? join(world.project, target) : resolve(input.out)
  await mkdir(dirname(file), {recursive: true})
  await writeFile(`${file}.new`, shapeText(taken))
  await rename(`${file}.new`, file)
  const counts = [['TABLE'], ['VIEW', 'MATERIALIZED VIEW'], ['FUNCTION', 'PROCEDURE']].map(
    (types) => namesOf(taken, ...types).length,
  )
  const shown = input.out ?? target
  say({
    fr: `${shown} : ${counts[0]} tables, ${counts[1]} vues, ${counts[2]} fonctions. À relire, puis à commiter.`,
    en: `${shown}: ${counts[0]} tables, ${counts[1]} views, ${counts[2]} functions. Read it, then commit it.`,
  })
  if (old !== null && input.out === undefined) {
    say({
      fr: `Retirer l’ancien fichier JSON, et écrire « shape: ${target} » sous « database: » dans postgate.yaml.`,
      en: `Remove the old JSON file, and write "shape: ${target}" under "database:" in postgate.yaml.`,
    })
  }
  return 0
}

/** Identity is proven by the very look that reads; nothing is ever written through it. */
async function take(place: Workspace, environment: Environment): Promise<Shape> {
  const {project, world} = place
  const product = project.database?.adapter ?? 'supabase'
  const other = environment === 'production' ? 'staging' : 'production'
  const [env, otherEnv] = [await place.env(environment), await place.env(other)]
  const claim = readClaim(
    await claimInput(
      {project, environment, env, otherEnv: otherEnv.exists ? otherEnv : null},
      product,
      () => readShape(world.project, project.database?.shape ?? 'database/shape.sql'),
    ),
  )
  const name = environment === 'production' ? 'PROD' : 'STAGING'
  if (!claim.ok) throw refused(name, claim.judgement.observed, claim.judgement.next)
  const keys = project.environments[environment]?.database
  const connection = readerOf(claim.value, env, keys?.readOnlyUrl, name)
  // What pg_dump sets would stay on a pool's connection.
  await refuseTransactionPool(connection, name)
  const reader = await openReader({connection, name})
  try {
    return await reader.look(async (session) => {
      const marker = await readMarker(session, claim.value, environment)
      if (marker.verdict !== 'pass') throw refused(name, marker.observed, marker.next)
      const source = {
        environment,
        ref: fingerprintOfRef(claim.value.ref),
        takenAt: world.clock.now().toISOString(),
      }
      return shapeFromDump(
        {connection, run: runner(world), path: world.environment.PATH ?? ''},
        session,
        source,
      )
    })
  } finally {
    await reader.close()
  }
}

const runner =
  (world: World): Run =>
  (program, args, variables) =>
    askProgram({world, signal: new AbortController().signal}, {program, args, variables})

/** The read-only role where there is one, of the very same database. */
function readerOf(
  claim: Claim,
  env: {get: (key: string) => string | undefined},
  key: string | undefined,
  name: string,
) {
  const url = key === undefined ? undefined : firstOf(env, key)
  if (url === undefined || key === undefined) return claim.connection
  const reader = parseConnection(url, key)
  if (sameTarget(reader, claim.connection)) return reader
  throw refused(name, {
    fr: `${key} ne désigne pas la même base`,
    en: `${key} does not name the same database`,
  })
}

function refused(name: string, why: Text, next?: Text) {
  return problem({
    what: {
      fr: `Le schéma de ${name} n’a pas été pris.`,
      en: `The shape of ${name} was not taken.`,
    },
    why,
    ...(next !== undefined && {next}),
    exit: 3,
  })
}
