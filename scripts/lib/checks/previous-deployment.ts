// The deployment that is live now is known, so there is somewhere to go back to. Before the very first
// one a person writes down the fallback instead.

import {check} from '../kit/definition.ts'
import {judgePreviousDeployment as judgePrevious} from '../proofs/deployment.ts'

export const previousDeployment = check({
  name: 'previous-deployment',
  describe: {
    fr: 'Le déploiement en ligne est identifié : on sait où revenir.',
    en: 'The live deployment is identified: there is somewhere to go back to.',
  },
  mayAsk: 'anybody',
  parameters: {},
  judge: (context) => judgePrevious(context),
})
