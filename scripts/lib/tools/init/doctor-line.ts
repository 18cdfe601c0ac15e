// One thing that the doctor looks at, and the heading that it stands under.

import type {Text} from '../../domain/text.ts'
import type {Judgement} from '../../domain/verdict.ts'

export interface DoctorLine {
  readonly title: Text
  readonly judge: () => Promise<Judgement>
  /** Missing, it is said and does not count: something asks a person instead. */
  readonly advice?: boolean
}

export interface DoctorPart {
  readonly title: Text
  readonly lines: readonly DoctorLine[]
}
