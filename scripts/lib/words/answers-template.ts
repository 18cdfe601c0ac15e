// The remarks of an answers file that is to be filled in.

export const answersTemplateWords = {
  fr: {
    head: (title: string, command: string, hours: number) =>
      `Réponses pour « ${title} ». Remplir, puis :\n${command}\nCe qui reste vide est demandé sur un terminal, ou attendu. Valable ${hours} h à partir de la date.`,
    operator: 'Qui lance l’exécution ; répond de ce qui ne nomme personne.',
    roles: (roles: string) => `Rôles admis : ${roles}`,
    or: (words: string) => `ou : ${words}`,
    like: (example: string) => `par exemple ${example}`,
    may: 'Peut être demandé, là où la machine ne peut pas le dire elle-même : retirer le # pour répondre.',
    confirm: 'À taper, comme sur un terminal, pour chaque phase EXÉCUTIVE.',
    type: (word: string) => `écrire ${word}`,
  },
  en: {
    head: (title: string, command: string, hours: number) =>
      `Answers for “${title}”. Fill in, then:\n${command}\nWhat stays empty is asked on a terminal, or awaited. Good for ${hours} h from the date on.`,
    operator: 'Who runs it; answers for what names nobody.',
    roles: (roles: string) => `Roles that may answer: ${roles}`,
    or: (words: string) => `or: ${words}`,
    like: (example: string) => `for example ${example}`,
    may: 'May be asked, where the machine cannot tell by itself: take the # away to answer.',
    confirm: 'To be typed, as on a terminal, for each EXECUTIVE phase.',
    type: (word: string) => `write ${word}`,
  },
} as const

export type TemplateWords = (typeof answersTemplateWords)['fr' | 'en']
