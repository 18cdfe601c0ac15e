// What the errors of a document say, in French and in English side by side: a language that is missing
// does not compile. It stands on the leftmost floor, since documents are the first that have words for people.

export type Bilingual = {readonly fr: string; readonly en: string}

/** `; did you mean …?`, to follow what is not known; nothing where no known word is near. */
export function perhaps(near: string | undefined): Bilingual {
  return near === undefined
    ? {fr: '', en: ''}
    : {fr: ` ; vouliez-vous dire « ${near} » ?`, en: `; did you mean "${near}"?`}
}
