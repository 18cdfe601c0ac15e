// Whether the team will hear of a run. Advice: a message that does not leave stops nothing.

import {createShell} from '../../guard/shell.ts'
import {judgeChannels, noChannel} from '../../proofs/notifications.ts'
import type {Workspace} from '../../run/session.ts'
import type {DoctorLine} from './doctor-line.ts'
import {unknownAdapter} from './doctor-sources.ts'

export function notifyLines({project, catalogue, world, mask}: Workspace): DoctorLine[] {
  if (project.notify.length === 0)
    return [{title: 'notify', advice: true, judge: async () => noChannel}]
  return project.notify.map((settings) => ({
    title: `notify ${settings.adapter}`,
    advice: true,
    judge: async () => {
      const load = catalogue.notify[settings.adapter]
      if (load === undefined) return unknownAdapter('notify', settings.adapter, catalogue.notify)
      const notifier = (await load())(
        {
          ...{world, project, environment: null, mode: 'READ-ONLY', env: null, otherEnv: null},
          $: await createShell({
            ...{cwd: world.project, env: {}, mask},
            authorise: async () => ({ok: false, reason: 'a doctor runs no command of a runbook'}),
          }),
          signal: new AbortController().signal,
        },
        settings,
      )
      const [channel] = await judgeChannels([notifier], null)
      return channel?.judgement ?? noChannel
    },
  }))
}
