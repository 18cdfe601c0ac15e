// Globs of `postgate.yaml` as git's own pathspecs, so that git itself decides what is code: `**` any
// depth, `*` within a folder, `{a,b}` alternatives, `!` excludes whatever the order.

/** `['**', '!docs/**']` to `[':(top,glob)**', ':(top,exclude,glob)docs/**']`. */
export function pathspecs(globs: readonly string[]): string[] {
  return globs.flatMap((glob) => {
    const exclude = glob.startsWith('!')
    const magic = exclude ? ':(top,exclude,glob)' : ':(top,glob)'
    return braces(exclude ? glob.slice(1) : glob).map((each) => `${magic}${each}`)
  })
}

/** `a/{b,c}.ts` to `a/b.ts` and `a/c.ts`. */
function braces(glob: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(glob)
  if (match?.[2] === undefined) return [glob]
  return match[2].split(',').flatMap((each) => braces(`${match[1]}${each}${match[3]}`))
}
