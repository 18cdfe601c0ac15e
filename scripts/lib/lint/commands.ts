// Both directions between the commands: each that a script can run is authorised where its step stands,
// and each that a runbook authorises is run by a script, or marked as one that people run.

import {bilingual} from '../domain/text.ts'
import {authorise, classify, type Listing} from '../guard/authorised/authorised.ts'
import type {Scripts} from '../kit/definition.ts'
import {guarded, type Runbook} from '../policy/runbook.ts'
import type {LintFinding} from './finding.ts'

/** A command that a step can run, its values filled in. `owed`: the project at hand needs it. */
export interface StepCommand {
  readonly step: string
  readonly text: string
  readonly owed: boolean
}

export async function commandFindings(
  runbook: Runbook,
  {phases, rollback}: Scripts,
  commands: readonly StepCommand[],
): Promise<LintFinding[]> {
  const places = [
    // A phase without heading is told by itself; each of its commands would only repeat it.
    ...phases.flatMap((phase) => {
      const written = runbook.phases.find(({number}) => number === phase.number)
      return written === undefined ? [] : [{phase, ...written}]
    }),
    ...(rollback === null
      ? []
      : [{phase: rollback, ...runbook.rollback, line: runbook.rollback.items[0]?.line ?? 1}]),
  ]
  const findings: LintFinding[] = []
  for (const {phase, fences, items, line} of places) {
    const listed = fences.map((fence) => guarded(fence, runbook.path))
    const used = new Set<string>()
    for (const {step, text, owed} of commands) {
      if (!phase.steps.some(({id}) => id === step)) continue
      const answer = await authorise(text, listed)
      if (answer.ok) for (const place of answer.matched) used.add(key(place))
      else if (owed) {
        const item = items.find(({kind, name}) => kind === 'step' && name === step)
        const {fr, en} = bilingual(answer.reason)
        findings.push({
          at: {line: item?.line ?? line, column: item?.column ?? 1},
          reason: {fr: `étape ${step} : ${fr}`, en: `step ${step}: ${en}`},
          rule: 'command-not-authorised',
          note: {
            fr: 'l’écrire dans un bloc bash de cette section, un <paramètre> pour ce qui varie',
            en: 'list it in a bash block of this section, a <placeholder> for what varies',
          },
        })
      }
    }
    findings.push(...(await unusedFindings(listed, used)))
  }
  return findings
}

const key = ({path, line}: Listing) => `${path}:${line}`

async function unusedFindings(
  listed: readonly ReturnType<typeof guarded>[],
  used: ReadonlySet<string>,
): Promise<LintFinding[]> {
  const all = (await Promise.all(listed.map((fence) => classify(fence)))).flat()
  return all
    .filter((each) => each.kind === 'runnable' && !used.has(key(each)))
    .map(({text, line}) => ({
      at: {line, column: 1},
      reason: {
        fr: `aucun script ne lance cette commande : ${text}`,
        en: `no script runs this command: ${text}`,
      },
      rule: 'command-unused',
      note: {
        fr: 'la retirer, ou écrire `# manuel` sur la ligne du dessus : des personnes la lancent alors',
        en: 'remove it, or write `# manual` on the line above it: then people run it',
      },
    }))
}
