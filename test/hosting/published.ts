// What the vendors publish of their APIs on npm: pinned versions in the same cache as their CLIs, and how
// an answer is held to it. Types are asked of the TypeScript compiler, JSON schemas of ajv.

import {execFileSync, spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, resolve} from 'node:path'
import type {Exchange, Product} from '../helpers/fake-host.ts'
import {cache} from './real-cli.ts'

const packages = {
  '@vercel/sdk': '1.28.35',
  '@netlify/open-api': '2.60.0',
  '@octokit/openapi': '23.0.2',
  'supabase-management-js': '2.0.2',
  '@maxim_mazurok/gapi.client.firebasehosting-v1beta1': '0.1.20260308',
  ajv: '8.20.0',
} as const

/** Installs where needed (half a gigabyte, the first time); answers the folder of `node_modules`. */
export function published(): string {
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
  const key = Object.values(packages).join('_')
  const folder = join(cache, `published-${key}`)
  if (existsSync(folder)) return folder
  const part = `${folder}.part-${process.pid}`
  mkdirSync(part, {recursive: true})
  const words = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', part]
  execFileSync('npm', ['install', ...words, ...names], {cwd: part, stdio: 'pipe'})
  rmSync(folder, {recursive: true, force: true})
  renameSync(part, folder)
  return folder
}

export const requirePublished = () => createRequire(join(published(), 'x.js'))

/** An answer that was given to `request` (`GET /path?query`). */
export type Given = Pick<Exchange, 'request' | 'status' | 'answer'>

/** Pattern of a request to the name of the published type of its answer; null where none is published. */
type TypeTable = readonly (readonly [RegExp, string | null])[]

const vercelModels = (name: string, file: string) =>
  `Json<import('@vercel/sdk/models/${file}.js').${name}>`
const firebaseType = (name: string) => `gapi.client.firebasehosting.${name}`

const typeTables: Readonly<Record<'firebase' | 'vercel' | 'supabase', TypeTable>> = {
  vercel: [
    [/^GET \/v2\/user\b/, vercelModels('GetAuthUserResponseBody', 'getauthuserop')],
    [/^GET \/v9\/projects\//, vercelModels('GetProjectResponseBody', 'getprojectresponsebody')],
    [
      /^GET \/v13\/deployments\//,
      vercelModels('GetDeploymentResponseBody2', 'getdeploymentresponsebody1'),
    ],
    [
      /^POST \/v13\/deployments\b/,
      vercelModels('CreateDeploymentResponseBody', 'createdeploymentresponsebody'),
    ],
    [/^GET \/v7\/deployments\b/, vercelModels('GetDeploymentsResponseBody', 'getdeploymentsop')],
    [/^GET \/v4\/aliases\//, vercelModels('GetAliasResponseBody', 'getaliasop')],
    [/^POST \/v2\/files\b/, vercelModels('UploadFileResponseBody', 'uploadfileop')],
    // Their answers are empty; the status alone is published.
    [/^POST \/v\d+\/projects\/\w+\/(?:rollback|promote)\//, null],
    // The CLI's own, older paths.
    [/^GET \/(?:teams|v1\/teams|v2\/teams|v\d+\/now|v3\/deployments\/[^/]+\/events)\b/, null],
  ],
  firebase: [
    [
      /^GET \/v1beta1\/(?:projects\/[^/]+\/)?sites\/[^/]+\/channels\/live\b/,
      firebaseType('Channel'),
    ],
    [
      /^GET \/v1beta1\/projects\/[^/]+\/sites\/[^/]+\/channels\b/,
      firebaseType('ListChannelsResponse'),
    ],
    [/^GET \/v1beta1\/projects\/[^/]+\/sites\/[^/?]+(?:\?|$)/, firebaseType('Site')],
    [/:populateFiles\b/, firebaseType('PopulateVersionFilesResponse')],
    [/\/releases\b/, firebaseType('Release')],
    [/^(?:GET|POST|PATCH) \/v1beta1\/.*\/versions\b/, firebaseType('Version')],
    // Other services of Google's.
    [/^(?:GET|POST) \/(?:v1\/projects|upload|token|oauth2)/, null],
    [/^GET \/v1beta1\/projects\/[^/]+$/, null],
  ],
  supabase: [[/\/database\/backups$/, `import('supabase-management-js').V1BackupsResponse`]],
}

/** What the published types say against these answers; empty where all fit. */
export function againstTypes(
  product: keyof typeof typeTables,
  given: readonly Given[],
): readonly string[] {
  const folder = published()
  const place = join(folder, `check-${process.pid}-${product}`)
  mkdirSync(place, {recursive: true})
  const unknown: string[] = []
  const seen = new Set<string>()
  const lines = [
    // What JSON makes of a type: dates are strings, and what was read is not written to.
    `type Json<T> = T extends Date ? string : T extends readonly (infer U)[] ? readonly Json<U>[] : T extends object ? {readonly [K in keyof T]: Json<T[K]>} : T`,
  ]
  const places: string[] = ['']
  for (const {request, status, answer} of given) {
    if (status >= 400) continue
    const entry = typeTables[product].find(([pattern]) => pattern.test(request))
    if (entry === undefined) unknown.push(`${request}: no published type is named for it`)
    const type = entry?.[1] ?? null
    const text = JSON.stringify(answer)
    if (type === null || seen.has(`${type} ${text}`)) continue
    seen.add(`${type} ${text}`)
    lines.push(`export const given${seen.size}: ${type} = ${text}`)
    places.push(request)
  }
  writeFileSync(join(place, 'answers.ts'), `${lines.join('\n')}\n`)
  const types = ['@maxim_mazurok/gapi.client.firebasehosting-v1beta1']
  const options = {strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', types}
  const modules = {module: 'nodenext', moduleResolution: 'nodenext', typeRoots: ['../node_modules']}
  writeFileSync(
    join(place, 'tsconfig.json'),
    JSON.stringify({compilerOptions: {...options, ...modules}, files: ['answers.ts']}),
  )
  try {
    const {stdout, status} = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc'), '--project', place, '--pretty', 'false'],
      {encoding: 'utf8'},
    )
    const said = stdout.split('\n').filter((line) => /error TS/.test(line))
    if (status !== 0 && said.length === 0) throw new Error(`tsc: exit ${status} ${stdout}`)
    return [...unknown, ...said.map((line) => located(line, places))]
  } finally {
    rmSync(place, {recursive: true, force: true})
  }
}

/** `answers.ts(7,3): error …` with the request of that line. */
const located = (line: string, places: readonly string[]) =>
  line.replace(/^.*answers\.ts\((\d+),\d+\)/, (_, number) => places[Number(number) - 1] ?? '')

export interface JsonSchema {
  readonly [key: string]: unknown
}

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), value)

const documents = {
  netlify: {file: '@netlify/open-api/dist/swagger.json', base: '/api/v1'},
  github: {file: '@octokit/openapi/generated/api.github.com.json', base: ''},
} as const

/** A description of an API, and how its answers are found in it. */
export function describedBy(name: keyof typeof documents) {
  const {file, base} = documents[name]
  const document: Described = JSON.parse(
    readFileSync(join(published(), 'node_modules', file), 'utf8'),
  )
  const templates = Object.keys(document.paths).map((path) => ({
    path,
    // The path of a file holds slashes.
    pattern: new RegExp(`^${path.replace('{path}', '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`),
    // The most literal template wins: `/runs/latest` before `/runs/{id}`.
    literal: path.replace(/\{[^}]+\}/g, '').length,
  }))
  return {
    document,
    /** The schema of an answer; null where the API describes none, undefined where it knows no such path. */
    schemaOf: ({request, status}: Given): JsonSchema | null | undefined => {
      const [method = '', address = ''] = request.split(' ')
      const path = (address.split('?')[0] ?? '').slice(base.length)
      const [found] = templates
        .filter(({pattern}) => pattern.test(path))
        .sort((a, b) => b.literal - a.literal)
      const operation = at(document.paths, found?.path ?? '', method.toLowerCase())
      if (operation === undefined) return undefined
      const responses = at(operation, 'responses')
      const response = at(responses, String(status)) ?? at(responses, 'default')
      const schema = at(response, 'schema') ?? at(response, 'content', 'application/json', 'schema')
      return isObject(schema) ? schema : null
    },
  }
}

/**
 * What the description says against these answers. `partial`: an answer may leave out fields, but has none
 * that is not described.
 */
export function againstSchemas(
  name: keyof typeof documents,
  given: readonly Given[],
  {partial = false}: {partial?: boolean} = {},
): readonly string[] {
  const {document, schemaOf} = describedBy(name)
  const Ajv = requirePublished()('ajv')
  const ajv = new Ajv.default({strict: false, validateFormats: false, allErrors: true})
  const root = partial ? withoutRequired(document) : document
  ajv.addSchema({...asJsonSchema(root), $id: 'api'}, 'api')
  const found: string[] = []
  const seen = new Set<string>()
  for (const each of given) {
    const schema = schemaOf(each)
    const key = `${each.request.split('?')[0]} ${each.status} ${JSON.stringify(each.answer)}`
    if (seen.has(key)) continue
    seen.add(key)
    if (schema === undefined) found.push(`${each.request}: not described`)
    if (schema === undefined || schema === null) continue
    const own = partial ? withoutRequired(schema) : schema
    const validate = ajv.compile(absolute(asJsonSchema(own)))
    if (validate(each.answer)) continue
    for (const error of validate.errors) {
      found.push(
        `${each.request}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`,
      )
    }
  }
  return found
}

/** OpenAPI's `nullable` beside a reference or a choice, which JSON Schema does not know. */
function asJsonSchema(value: unknown): Record<string, unknown> {
  const walk = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(walk)
    if (!isObject(inner)) return inner
    const {nullable, ...rest} = Object.fromEntries(
      Object.entries(inner).map(([key, held]) => [key, walk(held)]),
    )
    // A property may be called so.
    if (typeof nullable !== 'boolean') return nullable === undefined ? rest : {...rest, nullable}
    if (nullable !== true) return rest
    return {anyOf: [{type: 'null'}, rest]}
  }
  const found = walk(value)
  return isObject(found) ? {...found} : {}
}

/** `#/…` of the document, from a schema of its own. */
function absolute(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(absolute)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, 'api#') : absolute(inner),
    ]),
  )
}

function withoutRequired(value: unknown): Record<string, unknown> {
  const walk = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map(walk)
    if (!isObject(inner)) return inner
    const entries = Object.entries(inner)
      .filter(([key, held]) => !(key === 'required' && Array.isArray(held)))
      .map(([key, held]) => [key, walk(held)] as const)
    const closed = isObject(inner.properties) && inner.additionalProperties === undefined
    return {...Object.fromEntries(entries), ...(closed && {additionalProperties: false})}
  }
  const walked = walk(value)
  return isObject(walked) ? {...walked} : {}
}

/** Which products the published types or schemas describe. */
export function againstPublished(product: Product, given: readonly Given[]): readonly string[] {
  return product === 'netlify' ? againstSchemas('netlify', given) : againstTypes(product, given)
}
