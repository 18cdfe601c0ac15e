// An effect in words: a command as it runs, or what the code does.

import type {Text} from '../domain/text.ts'
import type {Effect} from './effect.ts'

export const effectText = (effect: Effect): Text =>
  effect.kind === 'command' ? effect.text : effect.describe
