// Puts the page where somebody reads it: whole or not at all, whoever looks meanwhile.

import {renameSync, rmSync, writeFileSync} from 'node:fs'
import {resolve} from 'node:path'
import {pasting} from '../../../base/called-as.ts'
import {problem} from '../../../domain/problem.ts'
import type {Workspace} from '../../../run/session.ts'
import {shellWord} from '../../../words/commands.ts'
import {readRunHistory} from '../history.ts'
import {readProjectStatus} from '../state.ts'
import {statusPage} from './page.ts'

export interface PageWanted {
  /** As the person named it. */
  readonly file: string
  /** Seconds between two writings; null: once. */
  readonly everySeconds: number | null
}

/** Writes the page of `workspace`. Throws a `Problem` (2) where the file cannot be written. */
export async function writePage(
  workspace: Workspace,
  {file, everySeconds}: PageWanted,
): Promise<void> {
  const {world, terminal, mask} = workspace
  const [status, history] = await Promise.all([
    readProjectStatus(workspace),
    readRunHistory(workspace),
  ])
  const paste = pasting(world)
  const {run, lease} = status
  const takeOver = lease !== null && !lease.ours ? ' --take-over …' : ''
  const text = statusPage({
    ...{status, history, lang: terminal.lang, mask: mask.mask, everySeconds},
    commands: {
      page: paste(`npx zx scripts/status.ts --html ${shellWord(file)}`),
      goOn: run === null ? null : paste(`npx zx scripts/${run.scenario}.ts${takeOver}`),
    },
  })
  replace(resolve(file), mask.mask(text), file)
}

function replace(path: string, text: string, file: string): void {
  const aside = `${path}.${process.pid}.new`
  try {
    writeFileSync(aside, text)
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, {force: true})
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!['ENOENT', 'ENOTDIR', 'EISDIR', 'EEXIST', 'EACCES', 'EPERM'].includes(code)) throw error
    throw problem({
      what: {
        fr: `La page ne peut pas être écrite : ${file}`,
        en: `The page cannot be written: ${file}`,
      },
      why: error instanceof Error ? error.message : code,
      next: {
        fr: 'nommer un fichier dans un dossier qui existe et où l’écriture est permise',
        en: 'name a file in a folder that exists and may be written to',
      },
      exit: 2,
    })
  }
}
