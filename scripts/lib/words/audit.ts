// What an audit prints: one line for a run that is as recorded, and for each difference its place, what
// was expected and what was found.

import {marked} from '../domain/mark.ts'
import {inLang, type Lang, type Text} from '../domain/text.ts'
import {counted, words} from './observed.ts'

interface AuditTold {
  readonly remote: boolean
  readonly runs: readonly {
    readonly run: string
    readonly events: number
    readonly anchors: readonly string[]
    readonly documents: readonly string[]
    readonly approvals: number
    readonly notes: readonly Text[]
    readonly findings: readonly {
      readonly path: string
      readonly line: number | null
      readonly commit: string | null
      readonly what: Text
      readonly expected: Text
      readonly found: Text
    }[]
  }[]
}

/** `mark`: the last line says that nothing of this was real. */
export function auditLines({runs, remote}: AuditTold, mark: string): Text[] {
  const differences = runs.reduce((sum, {findings}) => sum + findings.length, 0)
  return [
    ...runs.flatMap((run) => [
      heading(run),
      ...run.findings.flatMap(findingLines),
      ...run.notes.map((note) => both((lang) => `    ${remark[lang]} ${inLang(note, lang)}`)),
    ]),
    ...(remote ? [] : [away]),
    both((lang) => marked(mark, inLang(total(runs.length, differences), lang))),
  ]
}

const remark = {fr: 'remarque :', en: 'remark:'}

const away: Text = {
  fr: 'Le dépôt distant ne répond pas : seul ce que ce clone contient a été vérifié.',
  en: 'The remote does not answer: only what this clone holds was verified.',
}

const both = (said: (lang: Lang) => string): Text => ({fr: said('fr'), en: said('en')})

function heading({
  run,
  events,
  anchors,
  documents,
  approvals,
  findings,
}: AuditTold['runs'][number]) {
  const n = findings.length
  if (n > 0)
    return {
      fr: `✗ ${run} : ${n} ${n === 1 ? 'différence' : 'différences'}`,
      en: `✗ ${run}: ${n} ${n === 1 ? 'difference' : 'differences'}`,
    }
  const checked = counted(
    approvals,
    ['signature vérifiée', 'signatures vérifiées'],
    ['signature verified', 'signatures verified'],
  )
  const signed = approvals === 0 ? '' : words`, ${checked}`
  const said = counted(events, ['événement', 'événements'], ['event', 'events'])
  const written = counted(documents.length, ['document', 'documents'], ['document', 'documents'])
  const by = {fr: `ancrés par ${anchors.join(', ')} ;`, en: `anchored by ${anchors.join(', ')};`}
  return words`✓ ${run}${{fr: ' :', en: ':'}} ${said} ${by} ${written}${signed}`
}

function findingLines(found: AuditTold['runs'][number]['findings'][number]): Text[] {
  const {path, line, commit, what} = found
  const place = line === null ? path : `${path}:${line}`
  const at = commit === null ? '' : ` (commit ${commit.slice(0, 12)})`
  return [
    both((lang) => `  ${place}${at}${lang === 'fr' ? ' :' : ':'} ${inLang(what, lang)}`),
    ...(found.expected === '' ? [] : [row('attendu', 'expected', found.expected)]),
    ...(found.found === '' ? [] : [row('trouvé', 'found', found.found)]),
  ]
}

const row = (fr: string, en: string, said: Text): Text => ({
  fr: `      ${fr.padEnd(8)} ${inLang(said, 'fr')}`,
  en: `      ${en.padEnd(8)} ${inLang(said, 'en')}`,
})

function total(runs: number, differences: number): Text {
  if (runs === 0) {
    return {fr: 'Aucune exécution enregistrée.', en: 'No run is recorded.'}
  }
  const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`
  return {
    fr: `Audit : ${many(runs, 'exécution')}, ${differences === 0 ? 'aucune différence' : many(differences, 'différence')}.`,
    en: `Audit: ${many(runs, 'run')}, ${differences === 0 ? 'no difference' : many(differences, 'difference')}.`,
  }
}

const help = {
  fr: `Vérifier ce qui fut enregistré

  npx zx scripts/audit.ts [EXÉCUTION] [--json] [--project DOSSIER] [--sandbox] [--lang fr|en]

  Pour une exécution, ou pour toutes : la chaîne du journal et ses ancres (commit, tag annoté,
  enregistrement complet), les approbations signées, les tags, et chaque document redérivé du journal.
  Il ne faut que le dépôt. Ce que les personnes écrivent à leur place n’est pas une différence.

  Codes : 0 conforme · 1 différences · 2 illisible · 70 défaut de Postgate
`,
  en: `Verify what was recorded

  npx zx scripts/audit.ts [RUN] [--json] [--project DIR] [--sandbox] [--lang fr|en]

  For one run, or for all: the journal’s chain and its anchors (commit, annotated tag, full record), the
  signed approvals, the tags, and each document derived again from the journal. It needs the repository
  alone. What people write in the places that are theirs is no difference.

  Exit codes: 0 as recorded · 1 differences · 2 unreadable · 70 a defect of ours
`,
}

export const auditHelp = (lang: Lang): string => help[lang]
