// Commands that a person copies into a terminal on the day Postgate itself is broken.

/** One shell word, quoted only where it must be. */
export const shellWord = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
