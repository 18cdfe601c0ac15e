// What the text of a test file shows and its run would hide: tests left out, suites never started.

/** Words about each fault; empty where there is none. */
export function textFaults(source: string): string[] {
  const faults: string[] = []
  for (const [, word] of source.matchAll(/\.(only|skip)\s*\(/g)) {
    faults.push(`it holds .${word}(`)
  }
  for (const [, name = ''] of source.matchAll(
    /^(?:const|let)\s+(\w+)\s*=\s*suite(?:<[^>]*>)?\(/gm,
  )) {
    if (!new RegExp(`\\b${name}\\.run\\(\\)`).test(source)) {
      faults.push(`its suite ${name} never calls .run()`)
    }
  }
  if (/^\s*test\(/m.test(source) && /import \{[^}]*\btest\b[^}]*\} from 'uvu'/.test(source)) {
    if (!/\btest\.run\(\)/.test(source)) faults.push('it never calls test.run()')
  }
  return faults
}
