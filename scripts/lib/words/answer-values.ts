// What the comment of an attested item may ask of its answer: `<!-- attest: value=NAME -->`.

/** A form that the answer has to have, or the field of the freeze document that it fills. */
export const answerValues = [
  ...['window', 'reason'],
  ...['scope', 'responsible', 'planned', 'review', 'exit-criteria'],
] as const

export type AnswerValue = (typeof answerValues)[number]
