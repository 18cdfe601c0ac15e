// What users reported since the deployment, at 30 minutes and at 2 hours of the watch.

import {check} from '../kit/definition.ts'
import {judgeSignal, signalParameters} from '../proofs/signal.ts'

export const userAlerts = check({
  name: 'user-alerts',
  describe: {
    fr: 'Les alertes reçues des utilisateurs depuis le déploiement, au moment dit : au plus `most` (0 sans précision) selon la source `signals.userAlerts` ; sans source, ou au-delà, une personne les lit.',
    en: 'Alerts of users since the deployment, at the moment given: at most `most` (0 by default) by the source `signals.userAlerts`; without a source, or beyond, a person reads them.',
  },
  mayAsk: 'anybody',
  parameters: signalParameters,
  judge: (context, parameters) => judgeSignal(context, 'userAlerts', parameters),
})
