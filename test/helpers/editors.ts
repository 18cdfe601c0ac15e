// What editors and formatters make of a Markdown file when it is saved: the programs themselves, and what Windows and a
// French keyboard do.

import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {dirname, join} from 'node:path'
import {createFromBuffer} from '@dprint/formatter'
import {getPath} from '@dprint/markdown'
import {format} from 'prettier'
import {remark} from 'remark'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import {temporaryFolder} from './folder.ts'

type Files = Readonly<Record<string, string>>
type Pass = (files: Files) => Promise<Files>

const each =
  (change: (source: string) => string | Promise<string>): Pass =>
  async (files) =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(files).map(async ([name, source]) => [name, await change(source)] as const),
      ),
    )

const dprint = () => {
  const formatter = createFromBuffer(readFileSync(getPath()))
  formatter.setConfig({}, {})
  return formatter
}

/** By name; each takes and gives files by their names. */
export const editors: Readonly<Record<string, Pass>> = {
  prettier: each((source) => format(source, {parser: 'markdown'})),
  'prettier, wrapped at 80': each((source) =>
    format(source, {parser: 'markdown', proseWrap: 'always', printWidth: 80}),
  ),
  'markdownlint-cli2 --fix': markdownlint,
  dprint: (files) => {
    const formatter = dprint()
    return each((source) => formatter.formatText({filePath: 'a.md', fileText: source}))(files)
  },
  'remark with gfm': each(async (source) =>
    String(await remark().use(remarkGfm).use(remarkFrontmatter).process(source)),
  ),
  unix2dos: each((source) => source.replaceAll('\n', '\r\n')),
  'a byte order mark': each((source) => `\uFEFF${source}`),
  'both of them': each((source) => `\uFEFF${source.replaceAll('\n', '\r\n')}`),
  'French typography': each((source) =>
    outsideFences(source, (text) =>
      text
        .replace(/ ([:;!?»%])/g, '\u00A0$1')
        .replace(/« /g, '«\u00A0')
        .replace(/(\d) (h|min|%)/g, '$1\u202F$2'),
    ),
  ),
}

/** Commands are not prose: no keyboard changes them. */
function outsideFences(source: string, change: (text: string) => string): string {
  return source
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, index) => (index % 2 === 0 ? change(part) : part))
    .join('')
}

/** The program as people run it; it says what it leaves, such as long lines. */
async function markdownlint(files: Files): Promise<Files> {
  const require = createRequire(import.meta.url)
  const home = dirname(require.resolve('markdownlint-cli2'))
  const folder = temporaryFolder(files)
  try {
    await new Promise<void>((resolve, reject) => {
      const words = [join(home, 'markdownlint-cli2-bin.mjs'), '--fix', '*.md']
      execFile(process.execPath, words, {cwd: folder.path}, (error) =>
        error === null || error.code === 1 ? resolve() : reject(error),
      )
    })
    return Object.fromEntries(
      Object.keys(files).map((name) => [name, readFileSync(join(folder.path, name), 'utf8')]),
    )
  } finally {
    folder.remove()
  }
}
