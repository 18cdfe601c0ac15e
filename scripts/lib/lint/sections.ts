// A heading that is misspelt makes prose of everything below it: its items would block nothing, its
// commands would be authorised by nothing, and nobody would see it.

import {type Bilingual, perhaps} from '../documents/bilingual.ts'
import {holdItems} from '../documents/missed-items.ts'
import {nearest} from '../documents/nearest.ts'
import {normalise} from '../documents/normalise.ts'
import {type Section, sections} from '../documents/section.ts'
import type {Scenario} from '../domain/event.ts'
import {type PolicyItem, type Runbook, slug} from '../policy/runbook.ts'
import {itemPlace, type LintFinding} from './finding.ts'

/** Headings that nearly are known ones, and items with a comment that nobody reads. */
export function sectionFindings(runbook: Runbook): LintFinding[] {
  const misspelt = sections(runbook.document).flatMap((section): LintFinding[] => {
    const meant = nearly(section)
    if (meant === undefined) return []
    return [
      {
        at: section.position,
        reason: {
          fr: `titre inconnu « ${section.title} »${perhaps(meant).fr}`,
          en: `unknown heading "${section.title}"${perhaps(meant).en}`,
        },
        rule: 'heading',
        note: {
          fr: 'points et commandes sous un titre inconnu ne comptent pour rien',
          en: 'items and commands below a heading that is not known count for nothing',
        },
      },
    ]
  })
  const told = new Set(misspelt.map(({at}) => at.line))
  const unread = runbook.items.filter(
    ({item: {section}}) => !holdItems.has(section.kind) && !told.has(section.position.line),
  )
  return [
    ...misspelt,
    ...unread.map((item) => ({
      at: itemPlace(item),
      reason: {
        fr: `le point « ${item.title} » est ${placeIn(item.item.section, 'fr')}, où rien n’est lu`,
        en: `the item "${item.title}" stands ${placeIn(item.item.section, 'en')}, where nothing is read`,
      },
      rule: 'unread-item',
      note: {
        fr: 'le déplacer sous Pré-requis, une Phase, Critères de succès, Critères d’abandon ou Procédure de rollback',
        en: 'move it below Pré-requis, a Phase, Critères de succès, Critères d’abandon or Procédure de rollback',
      },
    })),
  ]
}

const allowed: Partial<Record<Section['kind'], readonly PolicyItem['kind'][]>> = {
  prerequisites: ['check', 'attest'],
  'checks-before': ['check', 'attest'],
  phase: ['step', 'check', 'attest'],
  success: ['check', 'attest'],
  abort: ['trigger'],
  rollback: ['step'],
}

/** An abort criterion without a trigger would never fire, a rollback's item without a step would never be done. */
export function misplacedFindings(runbook: Runbook): LintFinding[] {
  return runbook.items.flatMap((item): LintFinding[] => {
    const {section} = item.item
    const kinds = allowed[section.kind]
    if (kinds === undefined || kinds.includes(item.kind)) return []
    const wanted = kinds.filter((kind) => kind !== 'attest')
    const comments = wanted.map((kind) => `<!-- ${kind}: … -->`)
    return [
      {
        at: itemPlace(item),
        reason: {
          fr: `le point « ${item.title} » ne compterait pour rien ${placeIn(section, 'fr')} : ${kindWords[item.kind].fr}`,
          en: `the item "${item.title}" would count for nothing ${placeIn(section, 'en')}: ${kindWords[item.kind].en}`,
        },
        rule: 'misplaced-item',
        expected: comments,
        note: {
          fr: `lui donner ${comments.join(' ou ')}, ou le déplacer`,
          en: `give it ${comments.join(' or ')}, or move it`,
        },
      },
    ]
  })
}

const kindWords: Readonly<Record<PolicyItem['kind'], Bilingual>> = {
  check: {fr: 'un contrôle n’y est pas évalué', en: 'a check is not judged there'},
  step: {fr: 'une étape n’y est pas exécutée', en: 'a step is not run there'},
  trigger: {fr: 'un déclencheur n’y est pas surveillé', en: 'a trigger is not watched there'},
  attest: {fr: 'personne n’y est interrogé', en: 'nobody is asked there'},
}

function placeIn({title, depth}: Section, lang: keyof Bilingual): string {
  if (depth === 0) return lang === 'fr' ? 'avant tout titre' : 'before any heading'
  return lang === 'fr' ? `sous « ${title} »` : `below "${title}"`
}

/** Two items of one title in one section, two headings of one meaning and title: answers could not tell them apart. */
export function duplicateFindings(runbook: Runbook): LintFinding[] {
  const items = new Map<string, PolicyItem>()
  const headings = new Map<string, Section>()
  const findings: LintFinding[] = []
  for (const item of runbook.items) {
    const key = `${item.id.split('/')[0]}/${slug(item.title)}`
    const first = items.get(key)
    if (first === undefined) items.set(key, item)
    else
      findings.push({at: {line: item.line, column: item.column}, ...twice(item.title, first.line)})
  }
  for (const section of sections(runbook.document)) {
    if (!section.ownKind) continue
    const {parent} = section
    // `### Pré-requis techniques` is a part of its section; below the document's title nothing is.
    const isPart = parent !== null && parent.depth > 1 && parent.kind === section.kind
    if (isPart && section.kind !== 'phase') continue
    const once = holdItems.has(section.kind) ? section.kind : section.key
    const key = section.phase === null ? once : `phase ${section.phase.number}`
    const first = headings.get(key)
    if (first === undefined) headings.set(key, section)
    else findings.push({at: section.position, ...twice(section.title, first.position.line)})
  }
  return findings
}

const twice = (title: string, line: number): Omit<LintFinding, 'at'> => ({
  reason: {
    fr: `« ${title} » figure déjà à la ligne ${line}`,
    en: `"${title}" stands at line ${line} already`,
  },
  rule: 'duplicate-title',
  note: {
    fr: 'donner un autre titre, ou supprimer l’un des deux',
    en: 'give it another title, or delete one of the two',
  },
})

/** Phases are run in the order of their numbers, and read in the order of the document. */
export function phaseOrderFindings({phases}: Runbook): LintFinding[] {
  return phases.flatMap(({number, line}, index): LintFinding[] => {
    const before = phases[index - 1]
    if (before === undefined || before.number <= number) return []
    return [
      {
        at: {line, column: 1},
        reason: {
          fr: `la phase ${number} vient après la phase ${before.number}`,
          en: `phase ${number} comes after phase ${before.number}`,
        },
        rule: 'phase-order',
        note: {
          fr: 'ranger les phases dans l’ordre de leurs numéros',
          en: 'put the phases in the order of their numbers',
        },
      },
    ]
  })
}

/** What every runbook of a scenario has to have; for the whole document, not for a part in a test. */
export function missingSections(runbook: Runbook, scenario: Scenario): LintFinding[] {
  const wanted: readonly {empty: boolean; title: string; harm: Bilingual}[] = [
    {
      empty: runbook.prerequisites.length === 0,
      title: 'Pré-requis',
      harm: {
        fr: 'un run démarrerait sans aucune condition',
        en: 'a run would start on no condition at all',
      },
    },
    {
      empty: runbook.success.length === 0,
      title: 'Critères de succès',
      harm: {
        fr: 'un run réussirait quoi qu’il arrive',
        en: 'a run would succeed whatever happened',
      },
    },
    {
      empty: scenario !== 'freeze' && runbook.abort.length === 0,
      title: 'Critères d’abandon',
      harm: {
        fr: 'rien n’arrêterait de soi-même un déploiement',
        en: 'nothing would end a deployment by itself',
      },
    },
  ]
  return wanted
    .filter(({empty}) => empty)
    .map(({title, harm}) => ({
      at: {line: 1, column: 1},
      reason: {
        fr: `aucun point sous un titre « ${title} » : ${harm.fr}`,
        en: `no item stands below a heading "${title}": ${harm.en}`,
      },
      rule: 'missing-section',
    }))
}

/** The front matter's scenario is the one that the file is read for. */
export function scenarioFindings(runbook: Runbook, scenario: Scenario): LintFinding[] {
  const {frontMatter, frontMatterLines, problems} = runbook.document
  const said = frontMatter.scenario
  if (said === scenario || problems.length > 0) return []
  if (said === undefined) {
    return [
      {
        at: {line: 1, column: 1},
        reason: {
          fr: 'aucun en-tête YAML ne dit pour quel scénario ce runbook est écrit',
          en: 'no front matter says which scenario this runbook is written for',
        },
        rule: 'front-matter',
        expected: [scenario],
        note: {
          fr: `mettre en tête du fichier les lignes « --- », « scenario: ${scenario} », « --- »`,
          en: `put the lines "---", "scenario: ${scenario}", "---" at the top of the file`,
        },
      },
    ]
  }
  return [
    {
      at: {line: frontMatterLines.get('scenario') ?? 1, column: 1},
      reason: {
        fr: `l’en-tête YAML dit scénario « ${String(said)} », et ce runbook est lu pour « ${scenario} »`,
        en: `the front matter says scenario "${String(said)}", and this runbook is read for "${scenario}"`,
      },
      rule: 'front-matter',
      expected: [scenario],
    },
  ]
}

/** As people write them; `headings.ts` reads many more. */
const usual = [
  'Pré-requis',
  'Prérequis',
  'Vérifications pré-déploiement',
  'Risques identifiés',
  'Critères de succès',
  'Critères de réussite',
  "Critères d'abandon",
  'Procédure de rollback',
  'Procédure de retour arrière',
  'Historique des exécutions',
  'Prerequisites',
  'Success criteria',
  'Abort criteria',
  'Rollback procedure',
  'Run history',
]

function nearly({title, key, ownKind, depth}: Section): string | undefined {
  if (ownKind || depth < 2) return undefined
  const [, word = ''] = /^(\p{L}{4,6})\s*\d+\s*[:(—–-]/u.exec(title) ?? []
  if (word !== '' && nearest(normalise(word), ['phase'], 1) !== undefined)
    return title.replace(word, 'Phase')
  const words = key === '' ? normalise(title) : key
  const meant = nearest(words, usual.map(normalise), words.length > 12 ? 2 : 1)
  return usual.find((known) => normalise(known) === meant)
}
