// The pages that people read, and their bash blocks.

import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {globbySync} from 'globby'
import {fences} from '../../scripts/lib/documents/fences.ts'
import {parse} from '../../scripts/lib/documents/parse.ts'
import {root} from './generated.ts'

/** README, CHANGELOG and docs/, but not what runs wrote there. */
export const pages = globbySync(['*.md', 'docs/*.md', 'docs/examples/**/*.md'], {cwd: root}).sort()

export interface Shown {
  readonly command: string
  readonly path: string
  readonly line: number
}

/** Each command line of the bash blocks, without its comment. */
export async function shownCommands(): Promise<Shown[]> {
  const found: Shown[] = []
  // docs/examples/ is what runs wrote: it quotes commands, and shows none to type.
  for (const path of pages.filter((each) => !each.startsWith('docs/examples/'))) {
    const document = await parse(readFileSync(join(root, path), 'utf8'), path)
    for (const {language, lines} of fences(document)) {
      if (!['bash', 'sh'].includes(language)) continue
      for (const {text, position} of lines) {
        const command = text
          .replace(/\s+#.*$/, '')
          .replace(/^exec /, '')
          .trim()
        if (command !== '' && !command.startsWith('#')) {
          found.push({command, path, line: position.line})
        }
      }
    }
  }
  return found
}
