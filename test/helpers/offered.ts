// The commands that something printed offers, as a person takes them out of a sentence.

const starts =
  'node \\S*postgate\\.js [a-z]|git (?:-C \\S+ )?(?:add|commit|push|tag|fetch) |mkdir -p '

/** `also`: how another command begins that is taken, as a pattern. */
export function offered(said: string, also?: string): string[] {
  const any = new RegExp(also === undefined ? starts : `${starts}|${also}`)
  return said.split('\n').flatMap((line) => {
    const found: string[] = []
    for (let rest = line; ; ) {
      const at = rest.search(any)
      if (at < 0) return found
      const [command = ''] = rest.slice(at).split(/[`;»]| {2,}| \(|, | puis /)
      found.push(command.trim())
      rest = rest.slice(at + command.length)
    }
  })
}
