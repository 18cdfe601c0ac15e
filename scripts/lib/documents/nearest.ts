// "Did you mean": the known word that is closest to a written one.

/** The closest of `known` within `most` edits (a swap of neighbours is one), or undefined. */
export function nearest<Known extends string>(
  written: string,
  known: readonly Known[],
  most: number,
): Known | undefined {
  let best: {word: Known; edits: number} | undefined
  for (const word of known) {
    if (Math.abs(word.length - written.length) > most) continue
    const edits = distance(written, word)
    if (edits <= most && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = {word, edits}
  }
  return best?.word
}

/** Edits between two words: insert, delete, replace, or swap neighbours. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({length: b.length + 1}, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a.charAt(i - 1) === b.charAt(j - 1)
      let edits = Math.min(
        (row[j - 1] ?? 0) + 1,
        (last[j] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1),
      )
      if (
        a.charAt(i - 1) === b.charAt(j - 2) &&
        a.charAt(i - 2) === b.charAt(j - 1) &&
        j > 1 &&
        i > 1
      ) {
        edits = Math.min(edits, (beforeLast[j - 2] ?? 0) + 1)
      }
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
