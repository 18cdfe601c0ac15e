// Many small things at a time, never all at once.

/** The results of `run` over `items` in their order, `width` at a time. The first error ends it. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>()
  const queue = items.entries()
  const worker = async () => {
    for (const [index, item] of queue) results.set(index, await run(item, index))
  }
  await Promise.all(Array.from({length: Math.min(width, items.length)}, worker))
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result)
}
