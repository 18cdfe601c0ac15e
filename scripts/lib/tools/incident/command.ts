// `npx zx scripts/incident.ts "what"`: one incident, published for every clone to see. Where nobody says on
// which environment it is PRODUCTION: whoever means the one of the open run is asked, or told how.

import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Environment} from '../../domain/event.ts'
import {problem} from '../../domain/problem.ts'
import type {Incident} from '../../domain/run.ts'
import type {Lang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {terminalQuestions} from '../../run/asking/prompt.ts'
import {openRunHere} from '../../run/opening/live-file.ts'
import {isInteractive, openWorkspace, type Workspace} from '../../run/session.ts'
import {isRemoteAway} from '../../store/git/remote-problem.ts'
import {leasesOf} from '../../store/lease/lease.ts'
import {declareIncident} from '../../store/records/incidents.ts'
import {readRecords} from '../../store/records/records.ts'
import {incidentHelp} from '../../words/approve.ts'
import {shellWord} from '../../words/commands.ts'
import {severityWords} from '../../words/incidents.ts'

const options = {
  critical: {type: 'boolean'},
  major: {type: 'boolean'},
  on: {type: 'string'},
  by: {type: 'string'},
} as const

export async function incidentCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, place, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(incidentHelp(lang))
    return 0
  }
  const what = positionals.join(' ').trim()
  if (what === '') {
    throw usage('', {
      fr: 'dire ce qui a été constaté, entre guillemets',
      en: 'say what was seen, in quotes',
    })
  }
  const severity = values.critical ? 'critical' : values.major ? 'major' : 'minor'
  const named = values.on === undefined ? null : environmentOf(values.on)
  const json = values.json ?? false
  const workspace = await openWorkspace({
    args: {...place, json, lang},
    scenario: named ?? unsaid,
    catalogue,
    readOnly: true,
    services: false,
  })
  try {
    const {world, terminal, mask} = workspace
    const other = named === null ? await openElsewhere(workspace) : null
    const again = (on: string) => {
      const flags = [severity === 'minor' ? '' : ` --${severity}`, ` --on ${on}`]
      if (values.by !== undefined) flags.push(` --by ${shellWord(mask.mask(values.by))}`)
      return `npx zx scripts/incident.ts ${shellWord(mask.mask(what))}${flags.join('')}`
    }
    const asked = other !== null && isInteractive({json})
    const environment = asked ? await chosen(other, lang, again) : (named ?? unsaid)
    const incident = {
      what: mask.mask(what),
      severity,
      environment,
      by: mask.mask(values.by ?? world.operator),
      at: world.clock.now().toISOString(),
    } satisfies Incident
    const id = await declareIncident(world.repository, incident)
    const where = environment.toUpperCase()
    terminal.say({
      fr: `Incident ${id} déclaré sur ${where} (${severityWords[severity].fr}).`,
      en: `Incident ${id} declared on ${where} (${severityWords[severity].en}).`,
    })
    if (other !== null && !asked) {
      const meant = other.environment.toUpperCase()
      terminal.warn({
        fr: `l’exécution ${other.run}, sur ${meant}, n’est pas concernée ; si c’est là qu’il a été constaté : ${again(other.environment)}`,
        en: `the run ${other.run}, on ${meant}, is not concerned; if that is where it was seen: ${again(other.environment)}`,
      })
    }
    if (json) terminal.result('incident', {id, ...incident})
    return 0
  } finally {
    await workspace.close()
  }
}

/** Where an incident is declared that does not say where. */
const unsaid: Environment = 'production'

interface OpenRun {
  readonly run: string
  readonly environment: Environment
}

/** The run that is open, here or on another machine, on an environment that nobody named. */
async function openElsewhere(workspace: Workspace): Promise<OpenRun | null> {
  const {repository, cache, clock} = workspace.world
  // With the remote away nothing is declared either, and that is said then.
  const lease = await leasesOf({repository, clock})
    .read()
    .catch((error: unknown) => {
      if (isRemoteAway(error)) return null
      throw error
    })
  const open = lease?.holder ?? openRunHere(workspace)
  if (open === null || open.scenario === 'freeze' || open.scenario === unsaid) return null
  const {run, scenario} = open
  if (lease === null && (await hasEnded(run))) return null
  return {run, environment: scenario}

  /** Somebody else may have ended what this clone still has. */
  async function hasEnded(name: string): Promise<boolean> {
    const {runs} = await readRecords(repository, {cache})
    return runs.some((each) => each.run === name)
  }
}

async function chosen(
  {run, environment: open}: OpenRun,
  lang: Lang,
  again: (on: string) => string,
): Promise<Environment> {
  const picked = await terminalQuestions(lang).choose(
    {
      fr: 'Sur quel environnement cela a-t-il été constaté ?',
      en: 'On which environment was it seen?',
    },
    [
      {
        value: open,
        label: {
          fr: `${open.toUpperCase()} (exécution ${run}, ouverte)`,
          en: `${open.toUpperCase()} (run ${run}, open)`,
        },
      },
      {value: unsaid, label: unsaid.toUpperCase()},
    ],
  )
  if (picked !== null) return environmentOf(picked)
  throw problem({
    what: {fr: 'Rien n’a été déclaré.', en: 'Nothing was declared.'},
    next: again(open),
    exit: 4,
  })
}

function environmentOf(word: string): Environment {
  if (word === 'staging' || word === 'production') return word
  throw usage(`--on ${word}`, 'staging, production')
}
