// New errors in the logs since the deployment, at 30 minutes and at 2 hours of the watch.

import {check} from '../kit/definition.ts'
import {judgeSignal, signalParameters} from '../proofs/signal.ts'

export const errorLogs = check({
  name: 'error-logs',
  describe: {
    fr: 'Les erreurs journalisées depuis le déploiement, au moment dit : au plus `most` (0 sans précision) selon la source `signals.errorLogs` ; sans source, ou au-delà, une personne les lit.',
    en: 'Errors logged since the deployment, at the moment given: at most `most` (0 by default) by the source `signals.errorLogs`; without a source, or beyond, a person reads them.',
  },
  mayAsk: 'anybody',
  parameters: signalParameters,
  judge: (context, parameters) => judgeSignal(context, 'errorLogs', parameters),
})
