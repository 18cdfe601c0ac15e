// `npx zx scripts/status.ts`: where things stand, once or again and again, on the terminal or as a page;
// or the history of all runs.

import {showHelp} from '../../base/called-as.ts'
import {scriptArguments} from '../../base/entry.ts'
import {usage} from '../../base/flags.ts'
import {langOf, toolArguments} from '../../base/tool-arguments.ts'
import {inLang, type Lang} from '../../domain/text.ts'
import type {Catalogue} from '../../kit/catalogue.ts'
import {openWorkspace, type Workspace} from '../../run/session.ts'
import {statusHelp} from '../../words/status.ts'

const options = {
  history: {type: 'boolean'},
  markdown: {type: 'boolean'},
  html: {type: 'string'},
  watch: {type: 'boolean'},
} as const

const everySeconds = 5

export async function statusCommand(catalogue: () => Promise<Catalogue>): Promise<number> {
  const {values, place, positionals} = toolArguments(scriptArguments(), options)
  const lang = langOf(values.lang)
  if (values.help) {
    showHelp(statusHelp(lang))
    return 0
  }
  if (positionals.length > 0) {
    throw usage(positionals.join(' '), {fr: 'aucun mot n’est attendu', en: 'no word is expected'})
  }
  refuseTogether(values)
  const open = () =>
    openWorkspace({
      args: {...place, json: values.json ?? false, lang},
      scenario: 'status',
      catalogue,
      readOnly: true,
      services: false,
    })
  if (values.watch) return watching(open, {lang, html: values.html})
  const workspace = await open()
  try {
    if (values.html !== undefined) return await page(workspace, values.html)
    if (values.history) {
      const {showHistory} = await import('./history.ts')
      return await showHistory(workspace, {markdown: values.markdown ?? false})
    }
    return await (await import('./status.ts')).showStatus(workspace)
  } finally {
    await workspace.close()
  }
}

function refuseTogether(
  values: {
    readonly [K in 'markdown' | 'history' | 'watch' | 'json']?: boolean
  } & {readonly html?: string},
): void {
  const {markdown, history, html, watch, json} = values
  if (markdown && !history) {
    throw usage('--markdown', {fr: 'il n’existe qu’avec --history', en: 'it needs --history'})
  }
  if (html === '')
    throw usage('--html', {fr: 'un nom de fichier est attendu', en: 'a file name is expected'})
  const alone = {fr: 'ils ne vont pas ensemble', en: 'they do not go together'}
  if (html !== undefined && history)
    throw usage('--html --history', {
      fr: 'la page montre déjà l’historique',
      en: 'the page shows the history already',
    })
  if (html !== undefined && json) throw usage('--html --json', alone)
  if (watch && (history || json)) throw usage(`--watch ${json ? '--json' : '--history'}`, alone)
}

async function page(workspace: Workspace, file: string): Promise<number> {
  const {writePage} = await import('./page/write.ts')
  await writePage(workspace, {file, everySeconds: null})
  const {lang} = workspace.terminal
  process.stdout.write(
    `${inLang({fr: `Page écrite : ${file}`, en: `Page written: ${file}`}, lang)}\n`,
  )
  return 0
}

/** Each look opens the project anew: the policy may have changed meanwhile. */
async function watching(
  open: () => Promise<Workspace>,
  {lang, html}: {readonly lang: Lang; readonly html: string | undefined},
): Promise<number> {
  const {keepWatching} = await import('./watch.ts')
  const {statusText} = await import('./status.ts')
  const {writePage} = await import('./page/write.ts')
  const leaving = new AbortController()
  const leave = () => leaving.abort()
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  const look = async () => {
    const workspace = await open()
    try {
      if (html !== undefined) await writePage(workspace, {file: html, everySeconds})
      return await statusText(workspace)
    } finally {
      await workspace.close()
    }
  }
  await keepWatching({look, everySeconds, lang, signal: leaving.signal, screen: process.stdout})
  return 0
}
