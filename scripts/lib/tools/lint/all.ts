// Everything that lint looks at: the three runbooks with their scripts, the two documents beside them,
// and the templates.

import type {DocumentError} from '../../documents/document.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import type {ScenarioDefinition} from '../../kit/scenario.ts'
import {commandFindings, type StepCommand} from '../../lint/commands.ts'
import {located} from '../../lint/finding.ts'
import {lintRunbook} from '../../lint/runbook.ts'
import {missingSections, scenarioFindings} from '../../lint/sections.ts'
import type {Policy} from '../../policy/policy.ts'
import {sha256} from '../../store/journal.ts'
import {linkFindings} from './links.ts'
import {lintCommonRules, lintDecision} from './policy.ts'
import type {PolicyDocument} from './report.ts'
import {lintSigners} from './signers.ts'
import {lintTemplates} from './templates.ts'
import {thresholdFindings} from './thresholds.ts'

export interface LintInput {
  readonly policy: Policy
  readonly catalogue: Catalogue
  readonly scenarios: readonly ScenarioDefinition[]
  readonly commands: readonly StepCommand[]
}

export interface Linted {
  readonly found: readonly DocumentError[]
  readonly files: number
  readonly documents: readonly PolicyDocument[]
}

export async function lintAll(input: LintInput): Promise<Linted> {
  const {policy, catalogue, scenarios} = input
  const [common, decision] = await Promise.all([
    policy.runbook('common-rules'),
    policy.runbook('decision'),
  ])
  const runbooks = await Promise.all(scenarios.map((each) => lintScenario(each, input)))
  const templates = await policy.templates()
  const found = [
    ...runbooks.flat(),
    ...lintCommonRules(common),
    ...(await lintDecision(decision, catalogue)),
    ...(await lintWords('common-rules', policy)),
    ...(await lintWords('decision', policy)),
    ...(await lintTemplates(policy)),
    ...(await lintSigners(policy)),
  ]
  const names = [...scenarios.map(({scenario}) => scenario), 'common-rules', 'decision']
  const documents = [
    ...(await Promise.all(names.map((name) => runbookRead(name, policy)))),
    ...[...templates.values()].map(({path, origin, source}) => ({
      ...{path, origin, sha256: sha256(source)},
    })),
  ]
  return {found, files: documents.length, documents}
}

async function runbookRead(name: string, policy: Policy): Promise<PolicyDocument> {
  const {origin} = await policy.file(`runbooks/${name}.md`)
  const {path, sha256: digest} = await policy.runbook(name)
  return {path, origin, sha256: digest}
}

async function lintScenario(
  {scenario, phases, rollback}: ScenarioDefinition,
  {policy, catalogue, commands}: LintInput,
): Promise<DocumentError[]> {
  const runbook = await policy.runbook(scenario)
  const scripts = {
    phases: await Promise.all(phases.map((load) => load())),
    rollback: (await rollback?.()) ?? null,
  }
  return [
    ...(await lintRunbook(runbook, catalogue, scripts)),
    ...located(runbook.path, [
      ...missingSections(runbook, scenario),
      ...scenarioFindings(runbook, scenario),
    ]),
    ...located(runbook.path, await commandFindings(runbook, scripts, commands)),
    ...(await lintWords(scenario, policy)),
  ]
}

/** What holds for any of the documents: figures and links. */
async function lintWords(name: string, policy: Policy): Promise<DocumentError[]> {
  const [runbook, {absolute}] = await Promise.all([
    policy.runbook(name),
    policy.file(`runbooks/${name}.md`),
  ])
  return located(runbook.path, [
    ...thresholdFindings(runbook),
    ...(await linkFindings(runbook.document, absolute)),
  ])
}
