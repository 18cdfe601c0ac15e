// What is made when it is first asked for, and then kept. An `import()` that is repeated is a question to
// the loader's thread each time, a third of a millisecond: kept, it is none.

export function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
