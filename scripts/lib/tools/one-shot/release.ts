// What the one-shot validation asks about the release: the same checks as the runbooks' prerequisites,
// with the figures that stand there, and whether history was tampered with since the recorded runs.

import type {JsonOutput} from '../../domain/json-outputs.ts'
import {inLang} from '../../domain/text.ts'
import type {PolicyItem} from '../../policy/runbook.ts'
import {recordsOf} from '../../run/context-of.ts'
import {answerOf, judgeCheck} from '../../run/judging/judge.ts'
import {readOnlyContext} from '../../run/read-only-context.ts'
import type {Session} from '../../run/session.ts'
import {mainIntact, tagsIntact} from '../../store/records/validated-history.ts'

type Show = (row: OneShotRow) => void

// In this order; each only where STAGING's runbook asks for it.
const ofRelease = ['gate-complete', 'tag', 'nightly-green', 'repository-clean', 'code-unchanged']
const ofConfiguration = ['env-file', 'env-keys', 'env-never-committed']

export async function releaseRows(
  {staging, production}: {staging: Session; production: Session | null},
  show: Show,
): Promise<void> {
  await judged(staging, [...ofRelease, ...ofConfiguration], show)
  if (production !== null) await productionRows(production, show)
  const {world} = staging
  const records = () => recordsOf(staging)
  const main = await answerOf(async () => mainIntact(world.repository, await records()))
  show({part: 'history', title: title(staging, 'main'), ...main})
  const tags = await answerOf(async () => tagsIntact(world.repository, await records()))
  show({part: 'history', title: title(staging, 'tags'), ...tags})
}

const words = {
  main: {fr: 'Branche jamais réécrite', en: 'Branch never rewritten'},
  tags: {fr: 'Tags validés en place', en: 'Validated tags in place'},
} as const

const title = ({terminal}: Session, name: keyof typeof words) => inLang(words[name], terminal.lang)

/** PROD's env file is seldom where CI runs: scenario B itself asks for it. */
async function productionRows(session: Session, show: Show): Promise<void> {
  const env = await session.env('production')
  if (env.exists) return judged(session, ['env-keys', 'env-never-committed'], show)
  show({
    part: 'release',
    title: env.path,
    verdict: 'not-applicable',
    observed: {
      fr: 'absent ici ; le scénario B le demandera',
      en: 'not here; scenario B will ask for it',
    },
  })
}

async function judged(session: Session, names: readonly string[], show: Show): Promise<void> {
  const {context, close} = await readOnlyContext(session)
  try {
    for (const name of names) {
      const items: PolicyItem[] = session.runbook.prerequisites.filter(
        (item) => item.kind === 'check' && item.name === name,
      )
      for (const item of items) {
        session.terminal.doing(item.title)
        const {verdict, observed, next} = await judgeCheck(item, {
          context,
          catalogue: session.catalogue,
        })
        const scenario = session.scenario === 'production' ? ' (PRODUCTION)' : ''
        show({part: 'release', title: `${item.title}${scenario}`, verdict, observed, next})
      }
    }
  } finally {
    await close()
  }
}

export type OneShotRow = JsonOutput<'one-shot'>['rows'][number]
