// What a forbidden act is: the rule of the common rules that it breaks, and why.

import type {Text} from '../../domain/text.ts'

/** Names that items of `runbooks/common-rules.md` carry: `<!-- rule: NAME -->`. */
export const ruleNames = [
  'forced-push',
  'tag-deletion',
  'code-change-without-gate',
  'guard-bypass',
  'deployment-without-validation',
] as const

export type RuleName = (typeof ruleNames)[number]

export interface ForbiddenAct {
  readonly rule: RuleName
  readonly why: Text
}

export interface ForbiddenOptions {
  /** The text comes from a runbook: `<name>` is a placeholder and no redirection. */
  readonly placeholders?: boolean
  /** In a READ-ONLY phase deploying is forbidden too. */
  readonly mode?: 'READ-ONLY' | 'EXECUTIVE'
}
