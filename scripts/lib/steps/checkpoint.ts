// Phase 1 of both deployments: the checkpoint aside, what the nightly said, a backup of STAGING.

import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {factRecorded} from '../domain/facts.ts'
import {utcMinute} from '../domain/times.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {type Effect, effect} from '../guard/effect.ts'
import type {Context} from '../kit/context.ts'
import {backupFolder} from '../proofs/backup-folder.ts'
import {withoutDatabase} from '../proofs/database.ts'
import {checkOut} from '../run/stepping/worktrees.ts'
import {placesOf} from '../store/places.ts'
import {conclusionWords, counted, sizes, tableCount, words} from '../words/observed.ts'

/** Step `checkpoint`, `act`: never in the working tree, whose scripts and documents stay where they are. */
export const checkoutEffect = (context: Context): Effect =>
  effect(
    {
      fr: `extraire ${context.checkpoint.tag} dans un dossier à part`,
      en: `check ${context.checkpoint.tag} out aside`,
    },
    () => checkOut(context),
  )

/** Step `nightly-report`: the runs that the prerequisite judged, or what a person said there instead. */
export async function nightlyReport(context: Context): Promise<Judgement> {
  const nightly = context.fact('nightly')
  if (nightly === undefined || nightly.runs.length === 0) {
    return (
      nightlyAttested(context) ??
      unknown({fr: 'la CI n’a pas pu être lue', en: 'the CI could not be read'}, {attestable: {}})
    )
  }
  const [last] = nightly.runs
  return pass(
    words`${counted(nightly.runs.length, ['exécution relevée', 'exécutions relevées'], ['run noted', 'runs noted'])}, ${{fr: 'la dernière le', en: 'the last on'}} ${utcMinute(last?.at ?? '')} : ${conclusionWords[last?.conclusion ?? ''] ?? last?.conclusion ?? ''}`,
    {
      evidence: nightly.runs.map(({id, at, conclusion, link}) => ({
        label: words`${id}, ${utcMinute(at)} : ${conclusionWords[conclusion] ?? conclusion}`,
        link,
      })),
    },
  )
}

/** Nobody is asked twice: what a person saw of the nightly before the start is what there is to note. */
function nightlyAttested({runbook, run}: Context): Judgement | undefined {
  const asked = runbook.prerequisites.find(
    ({kind, name}) => kind === 'check' && name === 'nightly-green',
  )
  const answer = asked === undefined ? undefined : run().items.get(asked.id)
  if (answer === undefined || answer.by === null || answer.verdict !== 'pass') return undefined
  return pass(words`${answer.by.name} (${answer.by.role}) : ${answer.observed}`, {
    evidence: answer.evidence,
  })
}

/** Step `backup-staging`, `act`: nothing where the project has no database. */
export const backupEffects = (context: Context, given: {keep: number}): readonly Effect[] =>
  withoutDatabase(context) === null ? [backupEffect(context, given)] : []

/** Outside git, readable by this user only. */
export function backupEffect(context: Context, {keep}: {keep: number}): Effect {
  return effect(
    {fr: 'sauvegarder STAGING hors de git', en: 'back STAGING up outside git'},
    async () => {
      const folder = backupFolder(context)
      const file = join(folder, `${context.run().run}.backup`)
      await mkdir(folder, {recursive: true, mode: 0o700})
      const database = await context.adapters.database()
      const taken = await database.backup(file)
      const reference = context.project.database?.reference ?? []
      const tables = await database.tables({checksums: reference})
      const keepUntil = new Date(context.world.clock.now().getTime() + keep).toISOString()
      await context.record(factRecorded('backup', {path: file, keepUntil, ...taken}))
      await context.record(factRecorded('database-before', {tables}))
    },
  )
}

/** Step `backup-staging`, `done`: the copy reads back. */
export async function backedUp(context: Context): Promise<Judgement> {
  const none = withoutDatabase(context)
  if (none !== null) return none
  const backup = context.fact('backup')
  if (backup === undefined || context.fact('database-before') === undefined)
    return fail({fr: 'aucune sauvegarde', en: 'no backup'})
  const judgement = await (await context.adapters.database()).backupReadable(
    placesOf(context.world).found(backup.path),
  )
  if (judgement.verdict !== 'pass') return judgement
  return pass(
    words`${sizes(backup.bytes)}, ${tableCount(backup.tables)}, SHA-256 ${backup.sha256.slice(0, 12)}…, ${{fr: 'gardée jusqu’au', en: 'kept until'}} ${backup.keepUntil.slice(0, 10)}${backup.checked === undefined ? '' : words`, ${backup.checked}`}`,
  )
}

/** Step `backup-report`: what the prerequisite found at the vendor, or what a person attested. */
export async function backupReport({runbook, run}: Context): Promise<Judgement> {
  const item = runbook.prerequisites.find(({name}) => name === 'backup-verified')
  const known = item === undefined ? undefined : run().items.get(item.id)
  if (known?.verdict !== 'pass') {
    return unknown({fr: 'aucune sauvegarde vérifiée', en: 'no verified backup'}, {attestable: {}})
  }
  return pass(known.observed, {evidence: known.evidence})
}
