// Builder and host answer, in the right version and under the right account, before anything starts.

import {check} from '../engine/definition.ts'
import {toolsReady as judgeTools} from './deployment.ts'

export const toolsReady = check({
  name: 'tools-ready',
  describe: {fr: 'Le builder et l’hébergeur répondent.', en: 'Builder and host answer.'},
  parameters: {},
  judge: (context) => judgeTools(context),
})
