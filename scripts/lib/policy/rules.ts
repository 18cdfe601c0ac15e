// The common rules that carry a figure: `<!-- rule: answers max-age=24h -->` in common-rules.md.

import {directives} from '../documents/directive.ts'
import {parseDuration} from '../domain/duration.ts'
import {problem} from '../domain/problem.ts'
import type {Policy} from './policy.ts'

/** How old an answers file may be, in milliseconds. Throws a `Problem` (2) where the rule is missing. */
export async function answersMaxAge({policy}: {policy: Policy}): Promise<number> {
  const {document, path} = await policy.runbook('common-rules')
  const rule = directives(document).directives.find(
    ({kind, name}) => kind === 'rule' && name === 'answers',
  )
  const age = parseDuration(rule?.parameters.get('max-age')?.value ?? '')
  if (age !== undefined) return age
  throw problem({
    what: {
      fr: `${path} ne dit pas combien de temps des réponses restent valables.`,
      en: `${path} does not say how long answers stay valid.`,
    },
    next: 'common-rules.md: <!-- rule: answers max-age=24h -->',
    exit: 2,
    at: {path, line: rule?.position.line ?? 1, column: 1},
  })
}
