// `npx zx scripts/incident.ts "what"`: one incident, published for every clone to see.

import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import type {Environment} from '../../domain/event.ts'
import type {Incident} from '../../domain/run.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace} from '../../run/session.ts'
import {declareIncident} from '../../store/records/incidents.ts'
import {incidentHelp} from '../../words/approve.ts'

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
  const environment = environmentOf(values.on ?? 'production')
  const workspace = await openWorkspace({
    args: {...place, json: values.json ?? false, lang},
    scenario: environment,
    catalogue,
    readOnly: true,
    services: false,
  })
  try {
    const {world, terminal, mask} = workspace
    const incident = {
      what: mask.mask(what),
      severity,
      environment,
      by: mask.mask(values.by ?? world.operator),
      at: world.clock.now().toISOString(),
    } satisfies Incident
    const id = await declareIncident(world.repository, incident)
    terminal.say({
      fr: `Incident ${id} déclaré sur ${environment} (${severity}).`,
      en: `Incident ${id} declared on ${environment} (${severity}).`,
    })
    if (values.json) terminal.result('incident', {id, ...incident})
    return 0
  } finally {
    await workspace.close()
  }
}

function environmentOf(word: string): Environment {
  if (word === 'staging' || word === 'production') return word
  throw usage(`--on ${word}`, 'staging, production')
}
