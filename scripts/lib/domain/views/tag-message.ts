// The annotation of the outcome tag (staging-…, prod-…, freeze-…). The same words as the commit's: both
// anchor the journal, and one may outlive the other.

import {commitMessage, type JournalHead} from './commit-message.ts'
import type {ViewInput} from './input.ts'

export const tagMessage = (input: ViewInput, head: JournalHead): string =>
  commitMessage(input, head)
