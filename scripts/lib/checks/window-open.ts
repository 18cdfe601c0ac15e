// It is time, and enough of the declared maintenance window is left.

import {duration} from '../domain/parameters.ts'
import {check} from '../engine/definition.ts'
import {windowOpen as judgeWindow} from './watch.ts'

export const windowOpen = check({
  name: 'window-open',
  describe: {
    fr: 'La fenêtre de maintenance est ouverte et laisse assez de temps.',
    en: 'The maintenance window is open and leaves time enough.',
  },
  parameters: {leaves: duration()},
  judge: (context, {leaves}) => judgeWindow(context, {leaves}),
})
