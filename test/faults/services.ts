// What is asked and told over HTTP: the CI's nightly, the figures of Prometheus, the team's channel.

import {type Fault, wrong} from './fault.ts'
import {type ApiLie, lyingProxy} from './proxy.ts'
import type {Lies, Stage} from './stage.ts'

async function server(stage: Stage, lie: ApiLie): Promise<string> {
  const own = await lyingProxy()
  own.tell(lie)
  stage.closing(own.close)
  return own.url
}

const apiLies = ['status 503', 'cut', 'web page', 'other JSON', 'silence'] as const

/** The nightly cannot be known: a person looks for themselves, and says so. */
const ci = apiLies.map(
  (lie): Fault => ({
    name: `ci: the nightly's source answers with ${lie}`,
    lies: async (stage): Promise<Lies> => {
      const url = await server(stage, lie)
      return {
        runbook: (text) =>
          text.replace(
            '- [ ] **Outils prêts**',
            '- [ ] **Nightly verte** : hier. <!-- check: nightly-green cycles=1 -->\n- [ ] **Outils prêts**',
          ),
        project: (settings) => ({
          ...settings,
          ci: {adapter: 'github', repository: 'a/b', workflow: 'nightly.yml', api: url},
        }),
      }
    },
    exit: 4,
    says: /Nightly verte/,
    served: 'old',
    next: {
      after: (stage) => {
        stage.answers({
          answers: {
            'Accord donné': {observed: 'oui'},
            'Nightly verte': {observed: 'exécution 412 verte, lue sur la page de la CI'},
          },
        })
        return undefined
      },
      exit: 0,
      served: 'new',
    },
  }),
)

/** Beside the prober's own looks the figures are unknown; nothing goes back for that, nothing is said to be well. */
const metrics = apiLies.map(
  (lie): Fault => ({
    name: `metrics: Prometheus answers with ${lie} during the watch`,
    lies: async (stage): Promise<Lies> => {
      const url = await server(stage, lie)
      return {
        runbook: (text) =>
          text.replace(
            '- [ ] **Octets différents**',
            "- [ ] **Taux d'erreur** : trop. <!-- trigger: error-rate above=5% within=30m samples=2 -->\n- [ ] **Octets différents**",
          ),
        project: (settings) =>
          withMetrics(settings, {
            adapter: 'prometheus',
            url,
            requests: 'sum(rate(http_requests_total[$window]))',
            errors: 'sum(rate(http_errors_total[$window]))',
          }),
      }
    },
    exit: 0,
    served: 'new',
    check: (stage) => {
      if (stage.events().some(({type}) => type === 'rollback-started')) wrong('it went back')
    },
  }),
)

function withMetrics(settings: Record<string, unknown>, metrics: Record<string, unknown>) {
  const {environments} = settings
  const staging =
    typeof environments === 'object' && environments !== null && 'staging' in environments
      ? environments.staging
      : null
  return {...settings, environments: {staging: {...(staging ?? {}), metrics}}}
}

/** A team that was not told never stops a run, and is never swallowed. */
const notified = [...apiLies].map(
  (lie): Fault => ({
    name: `notify: the webhook answers with ${lie}`,
    lies: async (stage) => {
      const url = await server(stage, lie)
      return {
        project: (settings) => ({
          ...settings,
          notify: [{adapter: 'webhook', url: `${url}/hook`, timeoutSeconds: 1}],
        }),
      }
    },
    exit: 0,
    served: 'new',
    check: (stage) => {
      const told = stage.events().filter((event) => event.type === 'notified')
      const failed = told.filter((event) => event.type === 'notified' && event.verdict !== 'pass')
      // An answer of 200 is all that a webhook promises.
      const refused = lie === 'status 503' || lie === 'silence'
      if (told.length < 2 || (refused && failed.length !== told.length))
        wrong(`told ${told.length}, failed ${failed.length}`)
    },
  }),
)

const commands: readonly Fault[] = (
  [
    ['fails', 'false'],
    ['hangs', 'sleep 600'],
    ['is not there', 'no-such-program'],
  ] as const
).map(
  ([name, run]): Fault => ({
    name: `notify: the command ${name}`,
    lies: () => ({
      project: (settings) => ({
        ...settings,
        notify: [{adapter: 'command', run: run.split(' '), timeoutSeconds: 1}],
      }),
    }),
    exit: 0,
    served: 'new',
    check: (stage) => {
      const told = stage.events().filter((event) => event.type === 'notified')
      if (
        told.length === 0 ||
        told.some((event) => event.type === 'notified' && event.verdict === 'pass')
      )
        wrong('a failed notification counts as sent')
    },
  }),
)

export const faults: readonly Fault[] = [...ci, ...metrics, ...notified, ...commands]
