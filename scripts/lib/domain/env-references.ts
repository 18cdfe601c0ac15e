// Which env files a script reads by their own paths. It runs in the checkpoint's worktree, where git has
// put none of them.

const sample = /(example|sample|template|dist|exemple|modele)/i

/**
 * Paths as the script writes them: those of `known`, and whatever is called `.env`. What it asks for first
 * (`[ -f .env ]`), writes itself or only mentions in a comment is none.
 */
export function envReferences(script: string, known: readonly string[]): string[] {
  const found = new Map<string, string>()
  const optional = new Set<string>()
  for (const raw of script.split('\n')) {
    const line = raw.replace(/(^|\s)(#|\/\/).*$/, '')
    for (const [word] of line.matchAll(/[\w./${}@:-]*\.?\w[\w./${}-]*/g)) {
      const path = word.replace(/^(?:\$\{?\w+\}?\/|\.\/)+/, '')
      const own = known.includes(path) || /(^|\/)\.env(\.[\w-]+)*$/.test(path)
      if (!own || sample.test(path)) continue
      const before = line.slice(0, line.indexOf(word))
      if (
        /(?:\[|\btest\b)\s*!?\s*-[efrs]\s+["']?$/.test(before) ||
        /exists\w*\(\s*["']?$/i.test(before)
      )
        optional.add(path)
      else if (/>\s*["']?$/.test(before) || /\b(?:cp|mv|install)\b.*\s["']?$/.test(before))
        optional.add(path)
      else if (!found.has(path)) found.set(path, path)
    }
  }
  return [...found.keys()].filter((path) => !optional.has(path))
}
