// Layer 3: the environment of a step's child process. Least privilege: it starts from a list of
// names, and what could redirect node, npm, zx, git or the database driver is never on it.

import {mkdir, mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Mode} from '../documents/headings.ts'

export interface ChildEnvironmentOptions {
  readonly base: Readonly<Record<string, string | undefined>>
  readonly mode: Mode
  /** Names that this phase needs besides (a host's token). In READ-ONLY no token passes. */
  readonly allow?: readonly string[]
  /** Set by the engine itself: the hooks' variables, a step's own values. Not filtered by name. */
  readonly extra?: Readonly<Record<string, string>>
  /**
   * An empty folder of ours. In READ-ONLY it stands for the home folder, since the CLIs of hosts
   * keep their sign-ins there; caches that builds need keep their real place.
   */
  readonly privateHome?: string
}

/** Tokens that let a command deploy, or write to a hosted database. */
export const deploymentTokens: readonly string[] = [
  'FIREBASE_TOKEN',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_GHA_CREDS_PATH',
  'CLOUDSDK_AUTH_ACCESS_TOKEN',
  'NETLIFY_AUTH_TOKEN',
  'VERCEL_TOKEN',
  'VERCEL_OIDC_TOKEN',
  'SUPABASE_ACCESS_TOKEN',
  'SUPABASE_DB_PASSWORD',
  'CLOUDFLARE_API_TOKEN',
  'CLOUDFLARE_API_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AZURE_STATIC_WEB_APPS_API_TOKEN',
  'GITHUB_TOKEN',
  'GH_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'NPM_TOKEN',
  'NODE_AUTH_TOKEN',
]

const passed = new Set(
  (
    'PATH HOME USER LOGNAME SHELL LANG LANGUAGE TERM COLORTERM NO_COLOR FORCE_COLOR TZ TMPDIR TEMP ' +
    'TMP CI GITHUB_ACTIONS COLUMNS LINES HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy ' +
    'no_proxy SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS SSH_AUTH_SOCK JAVA_HOME ANDROID_HOME ' +
    'ANDROID_SDK_ROOT CHROME_EXECUTABLE SYSTEMROOT'
  ).split(' '),
)
const passedPrefixes = /^(LC_|XDG_|FLUTTER_|PUB_|DART_)/

// Whoever asks for one of these by name, in `allow`, does not get it either.
const never =
  /^(NODE_OPTIONS|NODE_PATH|NODE_REPL_|npm_|NPM_CONFIG_|ZX_|PG|GIT_|BASH_ENV$|ENV$|BASH_FUNC_|SHELLOPTS|BASHOPTS|LD_|DYLD_|POSTGATE_)/

// Unknown hosts have tokens too.
const secretName = /(TOKEN|SECRET|PASSWORD|PASSWD|PRIVATE_KEY|API_?KEY|ACCESS_KEY|CREDENTIALS?)/i

// An agent signs for whoever asks: on a self-hosted machine that is the right to deploy.
const agent = 'SSH_AUTH_SOCK'

/** A variable whose value nobody may see. More than what is withheld: a webhook's address is not handed to children anyway. */
export const namesSecret = (name: string): boolean =>
  isToken(name) || /(PASSPHRASE|JWT|WEBHOOK|SERVICE_(ROLE|KEY)|_PAT$|_PASS$|_PWD$)/i.test(name)

const isToken = (name: string) => deploymentTokens.includes(name) || secretName.test(name)

/** The whole environment of a child process in a phase of this mode. */
export function childEnvironment(options: ChildEnvironmentOptions): Record<string, string> {
  const {base, mode, allow = [], extra = {}, privateHome} = options
  const environment: Record<string, string> = {}
  for (const [name, value] of Object.entries(base)) {
    if (value === undefined || never.test(name)) continue
    const wanted = passed.has(name) || passedPrefixes.test(name) || allow.includes(name)
    if (mode === 'READ-ONLY' && name === agent) continue
    if (!wanted || (isToken(name) && (mode === 'READ-ONLY' || !allow.includes(name)))) continue
    environment[name] = value
  }
  if (mode === 'READ-ONLY' && privateHome !== undefined) {
    Object.assign(environment, homeless(environment, privateHome))
  }
  for (const [name, value] of Object.entries(extra)) {
    if (mode === 'READ-ONLY' && deploymentTokens.includes(name)) continue
    environment[name] = value
  }
  return environment
}

function homeless(environment: Record<string, string>, home: string): Record<string, string> {
  const real = environment.HOME
  const moved = {HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_STATE_HOME: home}
  if (real === undefined) return moved
  return {
    PUB_CACHE: `${real}/.pub-cache`,
    XDG_CACHE_HOME: `${real}/.cache`,
    ...pick(environment),
    ...moved,
  }
}

const pick = (environment: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => name === 'PUB_CACHE' || name === 'XDG_CACHE_HOME',
    ),
  )

/**
 * The home folder of READ-ONLY children: empty, since the CLIs of hosts keep their sign-ins in the real
 * one. What a child leaves there is gone before the next one.
 */
export interface PrivateHome {
  readonly folder: string
  readonly remove: () => Promise<void>
}

/** A new empty folder, mode 0700: under the project's cache, or aside for a command that writes nothing (null). */
export async function openPrivateHome(cache: string | null): Promise<PrivateHome> {
  const parent = cache === null ? tmpdir() : join(cache, 'homes')
  if (cache !== null) await mkdir(parent, {recursive: true, mode: 0o700})
  const folder = await mkdtemp(join(parent, 'postgate-home-'))
  return {folder, remove: () => rm(folder, {recursive: true, force: true, maxRetries: 3})}
}
