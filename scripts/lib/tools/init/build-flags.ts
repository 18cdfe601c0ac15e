// What a project's workflows, scripts and editor settings give a build: `--dart-define NAME=VALUE` in every
// way that it is written, and the files of `--dart-define-from-file`.

import type {Environment} from '../../domain/event.ts'
import type {Files} from './findings.ts'

export interface GivenDefine {
  readonly name: string
  /** null: nothing near it says which. */
  readonly environment: Environment | null
  /** A constant, or the variable that holds the value. */
  readonly value: {readonly constant: string} | {readonly variable: string}
}

export interface BuildFlags {
  readonly given: readonly GivenDefine[]
  /** Files of `--dart-define-from-file`, by path in the project where they can be told. */
  readonly files: readonly {readonly path: string; readonly environment: Environment | null}[]
}

const scripts =
  /(^|\/)(?:\.github\/workflows\/[^/]+\.ya?ml|[^/]*(?:gitlab-ci|pipelines?|codemagic|melos|bitrise|appveyor|Taskfile)[^/]*\.ya?ml|\.circleci\/[^/]+\.ya?ml|[^/]+\.(?:sh|bash|zsh|ps1|bat|cmd|mk|gradle)|Makefile|makefile|[Jj]ustfile|Jenkinsfile|Fastfile|Dockerfile[^/]*|package\.json|netlify\.toml|vercel\.json|firebase\.json|\.vscode\/(?:launch|tasks)\.json|\.idea\/runConfigurations\/[^/]+\.xml|\.run\/[^/]+\.xml)$/

const value = String.raw`\$\{\{[^}\n]*\}\}|\$\([^)\n]*\)|\$\{[^}\n]*\}|\\?"[^"\n\\]*\\?"|'[^'\n]*'|[^\s"'\\,;\])<&]+`
const name = String.raw`([A-Za-z_]\w*)=`
/** In quotes as a whole (a list of arguments), with the pair in quotes, and as bare words of a shell. */
const define = new RegExp(
  [
    String.raw`(?<=(["']))--dart-define=${name}([^\n]*?)(?=\1)`,
    String.raw`--dart-define(?:=|\s+|["'],\s*)\\?(["'])${name}([^\n]*?)\\?\4`,
    String.raw`--dart-define(?:=|\s+)${name}((?:${value})*)`,
  ].join('|'),
  'g',
)
const fromFile = /--dart-define-from-file(?:=|\s+|["'],\s*["'])\\?["']?([^\s"'\\,;\])]+)/g

/** In the order of the files' names. */
export async function buildFlags({paths, text}: Files): Promise<BuildFlags> {
  const given: GivenDefine[] = []
  const files: {path: string; environment: Environment | null}[] = []
  for (const path of paths.filter((each) => scripts.test(each))) {
    const source = ((await text(path)) ?? '').replace(/&quot;/g, '"')
    if (!source.includes('--dart-define')) continue
    for (const match of source.matchAll(define)) {
      const [, , whole, inWhole, , pair, inPair, bare, inBare] = match
      const name = whole ?? pair ?? bare ?? ''
      const read = readValue(inWhole ?? inPair ?? inBare ?? '')
      const said =
        environmentIn('constant' in read ? read.constant : read.variable) ??
        environmentAt(source, match.index, path)
      given.push({name, environment: said, value: read})
    }
    for (const match of source.matchAll(fromFile)) {
      const [, file = ''] = match
      const environment = environmentIn(file) ?? environmentAt(source, match.index, path)
      files.push({path: file.replace(/^\.\//, ''), environment})
    }
  }
  return {given, files}
}

/** What the same files set the variables of these names to, which a bundler compiles in. */
export async function variablesGiven(
  {paths, text}: Files,
  names: readonly string[],
): Promise<readonly GivenDefine[]> {
  if (names.length === 0) return []
  const set = new RegExp(
    String.raw`(?<![\w.$])(${names.join('|')})["']?(?:\s*:\s+|\s*=\s*)((?:${value})+)`,
    'g',
  )
  const given: GivenDefine[] = []
  for (const path of paths.filter((each) => scripts.test(each))) {
    const source = (await text(path)) ?? ''
    for (const {1: name = '', 2: raw = '', index} of source.matchAll(set)) {
      const read = readValue(raw)
      // A table's head says what TOML's lines hang below.
      const table = /\.toml$/.test(path)
        ? (/^\[[^\n]*$(?![\s\S]*^\[)/m.exec(source.slice(0, index))?.[0] ?? '')
        : ''
      const environment =
        environmentIn('constant' in read ? read.constant : read.variable) ??
        environmentIn(table) ??
        environmentAt(source, index, path)
      given.push({name, environment, value: read})
    }
  }
  return given
}

function readValue(raw: string): GivenDefine['value'] {
  const bare = raw.replace(/^\\?["']|\\?["']$/g, '')
  const variable =
    /^\$\{\{\s*(?:secrets|vars|env|inputs|needs\.\w+\.outputs|matrix)\.([\w-]+)\s*\}\}$/.exec(
      bare,
    )?.[1] ??
    /^\$(?:env:)?(\w+)$/.exec(bare)?.[1] ??
    /^\$[({](\w+)[^})]*[)}]$/.exec(bare)?.[1]
  if (variable !== undefined) return {variable}
  // Put together from several: the name of the define is the best that is known of it.
  return /\$[\w({]/.test(bare) ? {variable: ''} : {constant: bare}
}

/** The command itself, then what it hangs below: its step, its job, its branch; else the file's name. */
function environmentAt(source: string, at: number, path: string): Environment | null {
  const lines = source.slice(0, at).split('\n').reverse()
  const rest = source.slice(at).split('\n')
  const more = rest.slice(0, rest.findIndex((line) => !/\\\s*$/.test(line)) + 1)
  const before = lines.findIndex((line, index) => index > 0 && !/\\\s*$/.test(line))
  const command = [...lines.slice(0, before < 0 ? undefined : before), ...more].join(' ')
  const own = environmentIn(command)
  if (own !== null) return own
  let indent = lines[0]?.search(/\S|$/) ?? 0
  for (const line of lines.slice(1)) {
    const depth = line.search(/\S/)
    const names = depth === indent && /^\s*"?(?:name|environment)"?\s*:/.test(line)
    if (depth < 0 || (depth >= indent && !names)) continue
    const said = environmentIn(line)
    if (said !== null) return said
    indent = depth
  }
  return environmentIn(path)
}

export function environmentIn(words: string): Environment | null {
  const staging = /(^|[^a-z])(staging|stg|preprod|recette)([^a-z]|$)/i.test(words)
  const production = /(^|[^a-z])(prod|production|prd)([^a-z]|$)/i.test(words)
  if (staging === production) return null
  return staging ? 'staging' : 'production'
}
