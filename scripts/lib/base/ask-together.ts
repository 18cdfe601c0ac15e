// Many who ask, few questions: what is asked for while an answer is under way goes into the next question.

/**
 * `ask` is given names, each once, and answers all of them. A name is asked for once and its answer kept
 * for as long as `keep` has it.
 */
export function askTogether<Answer>(
  ask: (names: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
  kept: Kept<Answer | undefined> = new Map(),
): (names: readonly string[]) => Promise<ReadonlyMap<string, Answer | undefined>> {
  let waiting = new Set<string>()
  let next: Promise<ReadonlyMap<string, Answer>> | undefined
  let last: Promise<unknown> = Promise.resolve()
  const joined = (names: readonly string[]) => {
    for (const name of names) waiting.add(name)
    next ??= last.then(async () => {
      const asked = [...waiting]
      waiting = new Set()
      next = undefined
      const answers = ask(asked)
      last = answers.catch(() => {})
      const found = await answers
      for (const name of asked) kept.set(name, found.get(name))
      return found
    })
    return next
  }
  return async (names) => {
    const found = new Map<string, Answer | undefined>()
    const unknown: string[] = []
    for (const name of new Set(names)) {
      if (kept.has(name)) found.set(name, kept.get(name))
      else unknown.push(name)
    }
    if (unknown.length > 0) {
      const answers = await joined(unknown)
      for (const name of unknown) found.set(name, answers.get(name))
    }
    return found
  }
}

/** Where answers are kept: a Map, or one that forgets. */
export interface Kept<Value> {
  readonly has: (name: string) => boolean
  readonly get: (name: string) => Value | undefined
  readonly set: (name: string, value: Value) => unknown
}

/** Keeps what was used last, as much as `most` holds by `sizeOf`. */
export function keepLast<Value>(most: number, sizeOf: (value: Value) => number): Kept<Value> {
  const values = new Map<string, Value>()
  let size = 0
  return {
    has: (name) => values.has(name),
    get(name) {
      const value = values.get(name)
      if (value === undefined) return undefined
      values.delete(name)
      values.set(name, value)
      return value
    },
    set(name, value) {
      const before = values.get(name)
      if (before !== undefined) size -= sizeOf(before)
      values.delete(name)
      values.set(name, value)
      size += sizeOf(value)
      for (const [oldest, there] of values) {
        if (size <= most || oldest === name) break
        values.delete(oldest)
        size -= sizeOf(there)
      }
    },
  }
}
