// The two documents beside the runbooks: the common rules are the very ones that the guard enforces,
// and the decision matrix names facts that exist.

import {type Directive, directives} from '../../documents/directive.ts'
import type {DocumentError} from '../../documents/document.ts'
import {parseDuration} from '../../domain/duration.ts'
import {Problem} from '../../domain/problem.ts'
import {ruleNames} from '../../guard/forbidden/act.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {type LintFinding, located, unknownWord} from '../../lint/finding.ts'
import {authorityRows} from '../../policy/authorities.ts'
import type {Runbook} from '../../policy/runbook.ts'

const ruleWithFigure = 'answers'

export function lintCommonRules({document, path}: Runbook): DocumentError[] {
  const {directives: found, problems} = directives(document)
  const rules = found.filter(({kind}) => kind === 'rule')
  const known = [...ruleNames, ruleWithFigure]
  const missing = known.filter((name) => !rules.some((rule) => rule.name === name))
  const findings: LintFinding[] = [
    ...rules
      .filter(({name}) => !known.some((each) => each === name))
      .map(({name, position}) => ({at: position, ...unknownWord(name, 'rule', known)})),
    ...rules.filter(({name}) => name === ruleWithFigure).flatMap(ageFindings),
    ...missing.map((name) => ({
      at: {line: 1, column: 1},
      reason: {
        fr: `aucun point ne porte la règle « ${name} »`,
        en: `no item for the rule "${name}"`,
      },
      rule: 'missing-rule',
      note: withComment(`<!-- rule: ${name}${name === ruleWithFigure ? ' max-age=24h' : ''} -->`),
    })),
  ]
  return [...problems, ...located(path, findings)]
}

const withComment = (comment: string) => ({
  fr: `ajouter un point avec ${comment}`,
  en: `add an item with ${comment}`,
})

function ageFindings({parameters, position}: Directive): LintFinding[] {
  const age = parameters.get('max-age')
  if (age !== undefined && parseDuration(age.value) !== undefined) return []
  return [
    {
      at: age ?? position,
      reason: {
        fr: `la règle « ${ruleWithFigure} » veut max-age, une durée`,
        en: `the rule "${ruleWithFigure}" needs max-age, a duration`,
      },
      rule: 'parameter',
      expected: ['max-age=24h'],
      note: {
        fr: 'une durée s’écrit 90s, 30m, 48h ou 7d',
        en: 'durations are written 90s, 30m, 48h or 7d',
      },
    },
  ]
}

export async function lintDecision(
  {document, source, path}: Runbook,
  catalogue: Catalogue,
): Promise<DocumentError[]> {
  const {directives: found, problems} = directives(document)
  const checks = Object.keys(catalogue.checks)
  const conditions = found.filter(({kind}) => kind === 'condition')
  const findings = conditions.flatMap(({words, position}): LintFinding[] =>
    words.flatMap((word) => {
      if (word === 'attest') return []
      const name = /^(?:check|not):(.+)$/.exec(word)?.[1]
      if (name !== undefined && checks.includes(name)) return []
      return name === undefined
        ? [{at: position, ...unknownWord(word, 'condition', ['attest', 'check:NAME', 'not:NAME'])}]
        : [{at: position, ...unknownWord(name, 'check', checks)}]
    }),
  )
  return [...problems, ...located(path, [...findings, ...(await authorityFindings(source, path))])]
}

async function authorityFindings(source: string, path: string): Promise<LintFinding[]> {
  const rows = await authorityRows(source, path).catch((error: unknown) => {
    if (error instanceof Problem) return []
    throw error
  })
  return ['A', 'B', 'C']
    .filter(
      (letter) => !rows.some(([scenario, roles]) => names(scenario, letter) && roles.length > 0),
    )
    .map((letter) => ({
      at: {line: 1, column: 1},
      reason: {
        fr: `le tableau des autorités ne dit pas qui décide du scénario ${letter}`,
        en: `the authority table does not say who decides scenario ${letter}`,
      },
      rule: 'authority',
      note: {
        fr: 'ajouter sa ligne au tableau « Scénario | Rôles »',
        en: 'add its row to the table "Scénario | Rôles"',
      },
    }))
}

const names = (scenario: string, letter: string) =>
  new RegExp(`(^|\\W)${letter}(\\W|$)`, 'i').test(scenario)
