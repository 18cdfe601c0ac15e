// What the text of a test file shows and its run would hide: tests left out, suites never started.

/** Words about each fault; empty where there is none. */
export function textFaults(source: string): string[] {
  const faults: string[] = []
  for (const [, word] of source.matchAll(/\.(only|skip)\s*\(/g)) {
    faults.push(`it holds .${word}(`)
  }
  if (/^\s*test\(/m.test(source) && /import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(source)) {
    if (!/\btest\.run\(\)/.test(source)) faults.push('it never calls test.run()')
  }
  return faults
}

const declaration = /^(?:const|let)\s+(\w+)\s*=\s*suite(?:<[^>]*>)?\(/gm

/** The file declares more suites than were `started`: somebody forgot `.run()`. */
export function neverStarted(source: string, started: number): string[] {
  const names = [...source.matchAll(declaration)].map(([, name = '']) => name)
  if (names.length <= started) return []
  const silent = names.filter((name) => !new RegExp(`\\b${name}\\.run\\(\\)`).test(source))
  return [`its suite ${(silent.length > 0 ? silent : names).join(' or ')} never calls .run()`]
}
