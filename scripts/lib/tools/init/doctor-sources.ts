// What answers for a person where it is configured: the nightly's CI, figures, error logs, user alerts.
// Where one is silent a person is asked in the run, so that it is advice here.

import {isJob, isStep} from '../../domain/job-names.ts'
import {Problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import type {Text} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {NightlyRun, RequiredJob} from '../../kit/ports/ci.ts'
import type {SignalName} from '../../kit/ports/signals.ts'
import type {Workspace} from '../../run/session.ts'
import {counted, words} from '../../words/observed.ts'
import type {DoctorLine} from './doctor-line.ts'

type Tools = () => Promise<AdapterTools>

const hour = 60 * 60 * 1_000
const day = 24 * hour

export const ciLine = (
  {catalogue, world}: Workspace,
  adapter: string,
  tools: Tools,
): DoctorLine => ({
  title: {fr: `nightly, par ${adapter}`, en: `nightly, by ${adapter}`},
  advice: true,
  judge: async () => {
    const load = catalogue.ci[adapter]
    if (load === undefined) return unknownAdapter('ci', adapter, catalogue.ci)
    const ci = (await load())(await tools())
    const since = new Date(+world.clock.now() - 2 * day)
    const runs = await ci.nightlyRuns({since, branch: world.repository.branch})
    const last = runs.find(({jobs}) => jobs.length > 0)
    const absent = last === undefined ? [] : ci.requiredJobs.flatMap((each) => notShown(last, each))
    if (last !== undefined && absent.length > 0) return misnamed(absent, last)
    return runs.length > 0
      ? pass(
          words`${counted(runs.length, ['exécution planifiée', 'exécutions planifiées'], ['scheduled run', 'scheduled runs'])} ${{fr: 'en 48 h', en: 'in 48 h'}}`,
        )
      : unknown(
          {fr: 'aucune exécution planifiée en 48 h', en: 'no scheduled run in 48 h'},
          {next: ci.link},
        )
  },
})

/** A required job, or a step in it, that this run does not show under the name in postgate.yaml. */
function notShown(run: NightlyRun, {job, steps}: RequiredJob): string[] {
  const found = run.jobs.filter(({name}) => isJob(name, job))
  if (found.length === 0) return [job]
  const ran = found.flatMap((each) => each.steps)
  return steps
    .filter((step) => !ran.some(({name}) => isStep(name, step)))
    .map((step) => `${job} › ${step}`)
}

const namesMost = 12

function misnamed(absent: readonly string[], {jobs, link}: NightlyRun): Judgement {
  const shown = jobs.slice(0, namesMost).map(({name}) => name)
  const all = `${shown.join(', ')}${jobs.length > namesMost ? ', …' : ''}`
  return fail(
    {
      fr: `exigés, et absents de la dernière exécution : ${absent.join(', ')} (${link})`,
      en: `required, and not in the last run: ${absent.join(', ')} (${link})`,
    },
    {
      next: {
        fr: `corriger ci.requiredJobs ; GitHub montre : ${all}`,
        en: `correct ci.requiredJobs; GitHub shows: ${all}`,
      },
    },
  )
}

/** Each source that the environment names is asked about the last hour. */
export function sourceLines(
  {catalogue, world}: Workspace,
  settings: ProjectEnvironment,
  tools: Tools,
): DoctorLine[] {
  const until = world.clock.now()
  const span = {since: new Date(+until - hour), until}
  const {metrics, signals} = settings
  const names: readonly SignalName[] = ['errorLogs', 'userAlerts']
  return [
    ...(metrics === undefined || metrics.adapter === 'prober'
      ? []
      : [
          line({fr: 'mesures', en: 'figures'}, metrics.adapter, 'metrics', async () => {
            const load = catalogue.metrics[metrics.adapter]
            if (load === undefined) return null
            const counts = await (await load())(await tools(), settings).reading(span)
            return counts === null
              ? silent
              : pass({
                  fr: `${counts.errors} erreurs sur ${counts.requests} requêtes en 1 h`,
                  en: `${counts.errors} errors of ${counts.requests} requests in 1 h`,
                })
          }),
        ]),
    ...names.flatMap((name) => {
      const given = signals[name]
      if (given === undefined) return []
      const title = signalTitles[name]
      return [
        line(title, given.adapter, 'signals', async () => {
          const load = catalogue.signals[given.adapter]
          if (load === undefined) return null
          const found = await (await load())(await tools(), given).count(span)
          return found === null
            ? silent
            : pass({fr: `${found.count} en 1 h`, en: `${found.count} in 1 h`})
        }),
      ]
    }),
  ]

  /** `ask` answers null where the catalogue has no such adapter. */
  function line(
    title: {readonly fr: string; readonly en: string},
    adapter: string,
    part: 'metrics' | 'signals',
    ask: () => Promise<Judgement | null>,
  ): DoctorLine {
    return {
      title: {fr: `${title.fr}, par ${adapter}`, en: `${title.en}, by ${adapter}`},
      advice: true,
      judge: async () => {
        try {
          return (await ask()) ?? unknownAdapter(part, adapter, catalogue[part])
        } catch (error) {
          if (!(error instanceof Problem) || error.parts.exit === 2) throw error
          return unknown(error.parts.why ?? error.parts.what, {next: mend})
        }
      },
    }
  }
}

const signalTitles = {
  errorLogs: {fr: 'logs d’erreur', en: 'error logs'},
  userAlerts: {fr: 'alertes utilisateurs', en: 'user alerts'},
} as const

const mend: Text = {
  fr: 'vérifier la source et ce que postgate.yaml lui demande ; sans elle une personne répond',
  en: 'check the source and what postgate.yaml asks of it; without it a person answers',
}

const silent = unknown(
  {fr: 'aucune donnée pour la dernière heure', en: 'no data for the last hour'},
  {next: mend},
)

export function unknownAdapter(
  part: string,
  name: string,
  known: Readonly<Record<string, unknown>>,
): Judgement {
  return fail(`${part}: ${name}`, {next: `postgate.yaml: ${Object.keys(known).join(', ')}`})
}
