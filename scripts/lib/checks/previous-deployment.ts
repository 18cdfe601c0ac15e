// The deployment that is live now is known, so there is somewhere to go back to. Before the very first
// one a person writes down the fallback instead.

import {utcMinute} from '../domain/times.ts'
import {pass, unknown} from '../domain/verdict.ts'
import {check} from '../engine/definition.ts'

export const previousDeployment = check({
  name: 'previous-deployment',
  describe: {
    fr: 'Le déploiement en ligne est identifié : on sait où revenir.',
    en: 'The live deployment is identified: there is somewhere to go back to.',
  },
  parameters: {},
  async judge(context) {
    const hosting = await context.adapters.hosting()
    const live = await hosting.live()
    if (live !== null) {
      const version = live.version === null ? '' : `, ${live.version}`
      const since = live.at === null ? null : utcMinute(live.at)
      return pass(
        {
          fr: `${live.id}${version}${since === null ? '' : `, depuis le ${since}`}, ${live.url}`,
          en: `${live.id}${version}${since === null ? '' : `, since ${since}`}, ${live.url}`,
        },
        {evidence: [{label: live.id, link: live.url}]},
      )
    }
    return unknown(
      {
        fr: `rien n’a encore été déployé sur ${hosting.url}`,
        en: `nothing was ever deployed to ${hosting.url}`,
      },
      {
        attestable: {},
        next: {
          fr: 'première mise en ligne : répondre en nommant la solution de repli',
          en: 'first release: answer by naming the fallback',
        },
      },
    )
  },
})
