// What lint says of a project's database: whose reset script runs, whether the one that is named is there, and
// whether the migrations are a full history.

import {existsSync, realpathSync} from 'node:fs'
import {access, constants, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {judgeHistory, unmadeTables} from '../../adapters/database/history.ts'
import {readMigrations} from '../../adapters/database/migrations.ts'
import {ownTables} from '../../adapters/database/reset-inputs.ts'
import {readShape} from '../../adapters/database/shape-file.ts'
import {DocumentError} from '../../documents/document.ts'
import type {Project} from '../../domain/project.ts'
import {bilingual, join as joined, type Text} from '../../domain/text.ts'
import {unusedScript, whoseReset} from '../../steps/reset.ts'

const file = 'postgate.yaml'

export interface DatabaseWords {
  readonly found: readonly DocumentError[]
  /** Told, and nothing to mend. */
  readonly notes: readonly Text[]
}

/** `root`: the project's folder; `bundle`: Postgate's own. Throws a `Problem` (2) for what cannot be read. */
export async function lintDatabase(
  project: Project,
  {root, bundle}: {readonly root: string; readonly bundle: string},
): Promise<DatabaseWords> {
  const {database} = project
  if (database === undefined) return {found: [], notes: []}
  const source = await readFile(join(root, file), 'utf8').catch(() => '')
  const beside = unusedScript(project, {root: realpathSync(root), bundle: realpathSync(bundle)})
  const notes: Text[] = [
    joined([{fr: 'Reset de STAGING :', en: 'Reset of STAGING:'}, whoseReset(project)], ' '),
  ]
  return {
    found: [
      ...(await scriptFindings(database.reset, root, source)),
      ...(await historyFindings(database, root, source)),
    ],
    notes: beside === null ? notes : [...notes, beside],
  }
}

async function scriptFindings(
  script: string | undefined,
  root: string,
  source: string,
): Promise<DocumentError[]> {
  if (script === undefined) return []
  const path = join(root, script)
  const usable = await access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (usable) return []
  const there = existsSync(path)
  return [
    new DocumentError({
      ...{path: file, ...placeOf(source, 'reset'), rule: 'reset-script'},
      reason: there
        ? {fr: `${script} ne s’exécute pas`, en: `${script} cannot be executed`}
        : {fr: `${script} n’existe pas`, en: `there is no ${script}`},
      note: there
        ? {fr: `chmod +x ${script}, puis le committer`, en: `chmod +x ${script}, then commit it`}
        : {
            fr: 'corriger database.reset, ou le retirer : Postgate remet alors STAGING à vide lui-même',
            en: 'correct database.reset, or take it out: Postgate itself then resets STAGING',
          },
    }),
  ]
}

async function historyFindings(
  {migrations, shape, ownPartitions}: NonNullable<Project['database']>,
  root: string,
  source: string,
): Promise<DocumentError[]> {
  if (migrations === undefined) return []
  const [files, known] = await Promise.all([
    readMigrations(root, migrations),
    readShape(root, shape),
  ])
  const judged = judgeHistory(
    migrations,
    unmadeTables(files, known === null ? null : ownTables(known, ownPartitions)),
  )
  if (judged === null) return []
  return [
    new DocumentError({
      ...{path: file, ...placeOf(source, 'migrations'), rule: 'migrations-history'},
      reason: bilingual(judged.observed),
      ...(judged.next !== undefined && {note: bilingual(judged.next)}),
    }),
  ]
}

/** Of the key, on its own line or in a line of several. */
function placeOf(source: string, key: string): {line: number; column: number} {
  const lines = source.split('\n')
  const pattern = new RegExp(String.raw`(?:^|[\s{,])${key}\s*:`)
  const line = lines.findIndex((each) => pattern.test(each))
  return {line: Math.max(0, line) + 1, column: Math.max(0, lines[line]?.indexOf(key) ?? 0) + 1}
}
