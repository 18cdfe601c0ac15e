// STAGING and PRODUCTION share nothing: what is written, what links lead to, and where redirects end.

import {judgeApart, sharedByBoth, sharedByRedirects} from '../../proofs/apart.ts'
import type {Workspace} from '../../run/session.ts'
import type {DoctorPart} from './doctor-line.ts'

export const apartPart = ({project, world, env}: Workspace): DoctorPart => ({
  title: {fr: 'STAGING n’est jamais PRODUCTION', en: 'STAGING is never PRODUCTION'},
  lines: [
    {
      title: {fr: 'réglages, liens et clés', en: 'settings, links and keys'},
      judge: async () =>
        judgeApart(
          await sharedByBoth({
            ...{project, root: world.project, variables: world.environment},
            envs: {staging: await env('staging'), production: await env('production')},
          }),
        ),
    },
    {
      title: {fr: 'adresses, redirections suivies', en: 'addresses, redirects followed'},
      judge: async () => judgeApart(await sharedByRedirects(world, project)),
    },
  ],
})
