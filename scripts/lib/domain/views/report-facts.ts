// The report's sections that rest on recorded facts: artifact, deployments, database, smoke tests,
// approvals, nightly, rollback. `any` says whether there is something to show.

import {parseDuration} from '../duration.ts'
import type {Fact} from '../facts.ts'
import {deploymentStartedAt, recorded} from '../recorded.ts'
import type {RunState} from '../run.ts'
import {
  between,
  day,
  frenchBytes,
  frenchCount,
  frenchDuration,
  frenchNumber,
  utc,
} from '../times.ts'
import {versionLabels} from '../version-label.ts'
import type {RunbookItem, ViewInput} from './input.ts'
import {evidenceLinks, pathLink} from './links.ts'
import {itemTitle, outcomeOf, without} from './outcomes.ts'
import {sentence} from './trace.ts'
import {fr, verdictMark, verdictName, who} from './words.ts'

export function artifactSection({state, names}: ViewInput) {
  const found = recorded(state, 'artifact')
  const previous = recorded(state, 'artifact-previous')
  const change =
    found === undefined || previous?.bytes === undefined || previous.bytes === 0
      ? ''
      : signedPercent(found.bytes / previous.bytes - 1)
  return {
    any: found !== undefined,
    version: found?.version ?? '',
    digest: found?.digest ?? '',
    files: found === undefined ? '' : frenchNumber(found.files),
    size: found === undefined ? '' : frenchBytes(found.bytes),
    previousSize: previous?.bytes === undefined ? '' : frenchBytes(previous.bytes),
    change,
    manifest: `${names.folder}/manifest.sha256`,
    // ARTEFACT: the folder that was built, downloaded or kept.
    check: [
      `sha256sum ${names.folder}/manifest.sha256`,
      `(cd "$ARTEFACT" && sha256sum --check --quiet "$OLDPWD/${names.folder}/manifest.sha256")`,
    ].join('\n'),
  }
}

const signedPercent = (ratio: number) =>
  `${ratio >= 0 ? '+' : ''}${frenchNumber(ratio * 100, 1)}\u202f%`

export function deploymentsSection({state}: ViewInput) {
  const labels = versionLabels(state)
  const row = (
    label: string,
    found: Fact<'deployment'> | undefined,
    name: string | null | undefined,
  ) =>
    found === undefined
      ? []
      : [
          {
            label,
            id: found.id,
            version: name ?? found.version ?? '',
            url: found.url,
            at: found.at === null ? '' : utc(found.at),
            manifest: found.manifest ?? '',
          },
        ]
  const rows = [
    ...row('Avant', recorded(state, 'deployment-before'), labels?.before),
    ...row('Déployé', recorded(state, 'deployment'), labels?.next),
    ...row('Remis en ligne', recorded(state, 'deployment-restored'), labels?.before),
  ]
  const command = recorded(state, 'rollback-command')?.command ?? ''
  return {any: rows.length > 0, rows, byHand: command !== '', command}
}

export function databaseSection({state}: ViewInput) {
  const identity = recorded(state, 'database-identity')
  const backup = recorded(state, 'backup')
  const tables = tableRows(
    recorded(state, 'database-before')?.tables,
    recorded(state, 'database-after')?.tables,
  )
  return {
    any: identity !== undefined || backup !== undefined || tables.length > 0,
    identity:
      identity === undefined
        ? ''
        : `${identity.database} (${identity.ref}), rôle ${identity.role}, ${identity.readOnly ? 'session en lecture seule' : 'session en écriture'}`,
    backup: {
      any: backup !== undefined,
      path: backup?.path ?? '',
      size: backup === undefined ? '' : frenchBytes(backup.bytes),
      tables: backup === undefined ? '' : frenchNumber(backup.tables),
      digest: backup?.sha256 ?? '',
      keepUntil: backup === undefined ? '' : day(backup.keepUntil),
    },
    tables,
  }
}

type Tables = Fact<'database-before'>['tables']

function tableRows(before: Tables | undefined, after: Tables | undefined) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return [...names].sort().map((table) => {
    const then = before?.[table]
    const now = after?.[table]
    return {
      table,
      before: then === undefined ? '' : frenchNumber(then.rows),
      after: now === undefined ? '' : frenchNumber(now.rows),
      change: changeOf(then, now),
    }
  })
}

function changeOf(before: Tables[string] | undefined, after: Tables[string] | undefined): string {
  if (before === undefined) return after === undefined ? '' : 'nouvelle'
  if (after === undefined) return 'non relue'
  if (before.rows !== after.rows)
    return `${after.rows > before.rows ? '+' : '−'}${frenchNumber(Math.abs(after.rows - before.rows))}`
  if (before.sha256 === null || after.sha256 === null) return 'même nombre de lignes'
  return before.sha256 === after.sha256 ? 'identique (empreinte)' : 'contenu modifié'
}

export function smokeSection({state, names}: ViewInput, path: string) {
  const checks = recorded(state, 'smoke')?.checks ?? []
  const audit = recorded(state, 'audit-log')
  return {
    any: checks.length > 0 || audit !== undefined,
    rows: checks.map(({title, verdict, observed, screenshot}) => ({
      title,
      result: smokeResult(verdict),
      observed,
      screenshot:
        screenshot === undefined
          ? ''
          : `!${pathLink('capture', inFolder(screenshot, names.folder), path)}`,
    })),
    audit:
      audit === undefined
        ? ''
        : `${audit.table} : ${frenchCount(audit.before, 'ligne', 'lignes', 'aucune ligne')} avant, ${frenchNumber(audit.after)} après`,
  }
}

/** A picture's name, wherever it was taken: it is committed in the run's folder. */
const inFolder = (file: string, folder: string) =>
  `${folder}/screenshots/${file.slice(file.lastIndexOf('/') + 1)}`

function smokeResult(verdict: string): string {
  if (verdict === 'pass' || verdict === 'fail' || verdict === 'unknown')
    return `${verdictMark[verdict]} ${verdictName[verdict]}`
  return verdict
}

const conclusionName: Readonly<Record<string, string>> = {
  success: '✅ réussie',
  failure: '❌ en échec',
  cancelled: '➖ annulée',
}

export function nightlySection({state}: ViewInput) {
  const runs = recorded(state, 'nightly')?.runs ?? []
  return {
    any: runs.length > 0,
    rows: runs.map(({id, at, conclusion, sha, link}) => ({
      id,
      at: utc(at),
      conclusion: conclusionName[conclusion] ?? conclusion,
      sha: sha.slice(0, 7),
      link,
    })),
  }
}

/** The signature, then everything that people answered, each marked as signed or declared. */
export function approvalsSection({state, runbook}: ViewInput) {
  const signed = recorded(state, 'approval')
  const answers = runbook.items.flatMap((item) => {
    const outcome = outcomeOf(state, item)
    if (outcome === undefined || outcome.by === null) return []
    const at = `${utc(outcome.at)}${lateness(state, item, outcome.at)}`
    return [{title: item.title, who: who(outcome.by), observed: outcome.observed, at}]
  })
  return {
    any: signed !== undefined || answers.length > 0,
    answers,
    signed: signed !== undefined,
    role: signed?.role ?? '',
    name: signed?.name ?? '',
    issuedAt: signed === undefined ? '' : utc(signed.issuedAt),
    expiresAt: signed === undefined ? '' : utc(signed.expiresAt),
    fingerprint: signed?.fingerprint ?? '',
    nonce: signed?.nonce ?? '',
    statement: signed?.statement ?? '',
  }
}

const punctualMs = 15 * 60_000

/** An answer about a moment (`at=30m`) that came well after it says how long. */
function lateness(state: RunState, {parameters}: RunbookItem, at: string): string {
  const due = parseDuration(parameters.at ?? '')
  const since = deploymentStartedAt(state)
  if (due === undefined || since === null) return ''
  const lateMs = Date.parse(at) - Date.parse(since) - due
  return lateMs < punctualMs ? '' : `, ${frenchDuration(lateMs)} après son heure`
}

const rollbackWords = {
  verified: '✅ vérifié : les octets servis sont ceux de la version précédente',
  unverified: '🚨 NON VÉRIFIÉ : ce qui est servi n’est pas établi',
  failed: '🚨 EN ÉCHEC : la version précédente n’est pas servie',
  'nothing-to-do': '✅ sans objet : rien n’avait été mis en ligne',
} as const

const rollbackKinds = {
  trigger: 'déclenché automatiquement',
  request: 'demandé par une personne',
  drill: 'exercice',
} as const

export function rollbackSection({state, runbook}: ViewInput, path: string) {
  const {rollback: found, triggers} = state
  const finished = found?.finished ?? null
  return {
    any: found !== null,
    automatic: found?.kind === 'trigger',
    kind: found === null ? '' : rollbackKinds[found.kind],
    why: found === null ? '' : sentence(fr(found.why)),
    started: found === null ? '' : utc(found.startedAt),
    finished: finished === null ? 'non terminé' : utc(finished.at),
    duration:
      found === null || finished === null
        ? ''
        : frenchDuration(between(found.startedAt, finished.at)),
    result:
      finished === null ? '❔ tenté, sans résultat enregistré' : rollbackWords[finished.result],
    observed: finished === null ? '' : fr(finished.observed),
    triggers: triggers.map(({item, trigger, observed, at}) => {
      const title = itemTitle(runbook, item, trigger)
      return {trigger: title, observed: without(title, fr(observed)), at: utc(at)}
    }),
    items: runbook.items
      .filter(({section}) => section === 'rollback')
      .flatMap((item) => {
        const outcome = outcomeOf(state, item)
        if (outcome === undefined) return []
        const {verdict, observed, evidence, at} = outcome
        return [
          {
            title: item.title,
            result: `${verdictMark[verdict]} ${verdictName[verdict]}`,
            observed,
            at: utc(at),
            evidence: evidenceLinks(evidence, path),
          },
        ]
      }),
  }
}
