// Which heading means what, in French and English. The only place that knows these words.

import {normalise} from './normalise.ts'

/** Whether a phase may change anything. */
export type Mode = 'READ-ONLY' | 'EXECUTIVE'

export type HeadingKind =
  | 'objective'
  | 'prerequisites'
  | 'checks-before'
  | 'phase'
  | 'risks'
  | 'success'
  | 'abort'
  | 'rollback'
  | 'history'
  | 'prose'

export type HeadingPhase = {
  readonly number: number
  readonly title: string
  readonly mode: Mode | null
}

export type HeadingMeaning = {readonly kind: HeadingKind; readonly phase: HeadingPhase | null}

// Tried in order on the normalised title: "Critères d'abandon / rollback" is an abort list, not the procedure.
const kinds: readonly (readonly [HeadingKind, RegExp])[] = [
  ['objective', /^(objectifs?|but|objectives?|goals?|purpose)\b/],
  [
    'checks-before',
    /^(verifications?|controles?) (pre|avant)\b|^pre ?(deployment|release|flight) (checks?|verifications?)\b|^checks? before\b/,
  ],
  ['prerequisites', /^(pre ?requis|conditions? prealables?|pre ?requisites?|preconditions?)\b/],
  ['risks', /^(risques?|(identified |known )?risks?)\b/],
  ['success', /^(criteres? de (succes|reussite)|(success|acceptance) criteri(a|on))\b/],
  [
    'abort',
    /^(criteres? d abandon|criteres? de (rollback|retour arriere)|abandon\b|(abort|stop|rollback) (criteri(a|on)|triggers?|conditions?)|criteria (for|to) (abort|roll))/,
  ],
  [
    'rollback',
    /^(procedures? de (rollback|retour arriere|sortie)|retour arriere|rollback|roll back|(rollback|exit) (procedure|plan|steps))\b|^exit procedure\b/,
  ],
  [
    'history',
    /^(historique|journal des executions|((execution|run|validation) )?history|history of)\b/,
  ],
]

/** What a heading stands for; unknown headings are prose. Mode is null where a phase does not say it. */
export function headingMeaning(title: string): HeadingMeaning {
  const phase = readPhase(title)
  if (phase !== null) return {kind: 'phase', phase}
  const words = normalise(title)
  for (const [kind, pattern] of kinds) if (pattern.test(words)) return {kind, phase: null}
  return {kind: 'prose', phase: null}
}

function readPhase(title: string): HeadingPhase | null {
  const match = /^[^\p{L}]*phase\s*(\d{1,3})\s*(?:[:.)–—-]+\s*)?(.*)$/isu.exec(title.trim())
  if (match === null) return null
  const rest = (match[2] ?? '').trim()
  const mode = readMode(rest)
  const words = mode === null ? rest : rest.replace(modeInParentheses, '').trim()
  return {number: Number(match[1]), title: words, mode}
}

const modeInParentheses =
  /\s*[([]\s*(read[\s-]*only|lecture[\s-]+seule|ex[eé]cuti(?:f|ve|on|ng)|ex[eé]cution)\b[^)\]]*[)\]]\s*$/iu

function readMode(title: string): Mode | null {
  const match = modeInParentheses.exec(title.normalize('NFC'))
  if (match === null) return null
  return /^(read|lecture)/i.test(match[1] ?? '') ? 'READ-ONLY' : 'EXECUTIVE'
}
