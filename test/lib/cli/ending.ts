// A program that ends as its argument says, through the door by which every command ends.

import {exitWith} from '../../../scripts/lib/cli/exit.ts'

const line = `${'x'.repeat(1000)}\n`

await exitWith(async () => {
  const [, , how] = process.argv
  if (how === 'silence') return new Promise<number>(() => {})
  for (let index = 0; index < 400; index += 1) {
    process.stdout.write(line)
    process.stderr.write(line)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return 3
})
