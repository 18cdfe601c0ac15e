// `postgate` without one of its commands: the list of them, or what was probably meant. Started by
// loader/postgate.js, which runs the commands' own scripts itself.

import {calledAs} from '../base/called-as.ts'
import {scriptArguments} from '../base/entry.ts'
import {didYouMean, usage} from '../base/flags.ts'
import {pageOnScreen} from '../base/screen.ts'
import {langOf, toolArguments} from '../base/tool-arguments.ts'
import {nearest} from '../documents/nearest.ts'
import {commandList, overview} from '../words/command-list.ts'
import {exitWith} from './exit.ts'

await exitWith(async () => {
  const [name, ...words] = scriptArguments()
  if (name === 'completion') return completion(words)
  if (name !== undefined && !name.startsWith('-')) throw unknownCommand(name)
  const {values} = toolArguments(scriptArguments(), {})
  process.stdout.write(pageOnScreen(overview(calledAs(), langOf(values.lang))))
  // Nothing was asked for: nothing was done.
  return values.help === true ? 0 : 2
})

/** `eval "$(postgate completion bash)"`. */
async function completion([wanted, ...more]: readonly string[]): Promise<number> {
  const {completionScript, completedShells} = await import('../words/completion.ts')
  const shell = completedShells.find((each) => each === wanted)
  if (shell === undefined || more.length > 0)
    throw usage(['completion', wanted ?? '', ...more].join(' ').trim(), {
      fr: `un shell est attendu : ${completedShells.join(', ')}`,
      en: `a shell is expected: ${completedShells.join(', ')}`,
    })
  process.stdout.write(completionScript(shell))
  return 0
}

function unknownCommand(name: string) {
  const meant = nearest(
    name,
    [...Object.keys(commandList), 'completion'],
    Math.max(1, Math.floor(name.length / 3)),
  )
  return usage(
    name,
    {fr: 'cette commande n’existe pas', en: 'there is no such command'},
    meant === undefined
      ? {fr: `les voir toutes : ${calledAs()} --help`, en: `see them all: ${calledAs()} --help`}
      : didYouMean(`${calledAs()} ${meant}`),
  )
}
