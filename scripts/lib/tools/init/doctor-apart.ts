// STAGING and PRODUCTION share nothing: what is written, what links lead to, and where redirects end.

import {separationOf, sharedByBoth, sharedByRedirects} from '../../proofs/separation.ts'
import type {Workspace} from '../../run/session.ts'
import type {DoctorPart} from './doctor-line.ts'

export const apartPart = ({project, world, env}: Workspace): DoctorPart => ({
  title: {fr: 'STAGING n’est jamais PRODUCTION', en: 'STAGING is never PRODUCTION'},
  lines: [
    {
      title: {fr: 'réglages, liens et clés', en: 'settings, links and keys'},
      judge: async () =>
        separationOf(
          await sharedByBoth({
            ...{project, root: world.project, variables: world.environment},
            envs: {staging: await env('staging'), production: await env('production')},
          }),
        ),
    },
    {
      title: {fr: 'adresses, redirections suivies', en: 'addresses, redirects followed'},
      judge: async () => separationOf(await sharedByRedirects(world, project)),
    },
  ],
})
