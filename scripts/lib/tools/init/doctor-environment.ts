// One environment: its env file, its host, its builder's tools, its database and its address.

import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {httpAnswer} from '../../base/http-answer.ts'
import {definedKeys} from '../../domain/defines.ts'
import type {Environment} from '../../domain/event.ts'
import {type Project, type ProjectEnvironment, readsKeys} from '../../domain/project.ts'
import {inLang, join as joined, type Lang} from '../../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../../domain/verdict.ts'
import {createShell} from '../../guard/shell.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {HostingAdapter} from '../../kit/ports/hosting.ts'
import {fetchEnvFile} from '../../policy/env-file.ts'
import type {Workspace} from '../../run/session.ts'
import {unusedScript, whoseReset} from '../../steps/reset.ts'
import {foreseenLines} from './doctor-checkpoint.ts'
import type {DoctorLine, DoctorPart} from './doctor-line.ts'
import {programVersion} from './doctor-machine.ts'
import {ciLine, sourceLines, unknownAdapter} from './doctor-sources.ts'

export async function checkEnvironment(
  workspace: Workspace,
  environment: Environment,
): Promise<DoctorPart> {
  const {project, catalogue} = workspace
  const settings = project.environments[environment]
  if (settings === undefined) return {title: environment, lines: []}
  const tools = () => toolsOf(workspace, environment)
  const {adapter} = settings.hosting
  return {
    title: environment.toUpperCase(),
    lines: [
      {title: settings.envFile, judge: () => envFile(workspace, environment, settings)},
      ...(environment === 'staging' ? builderLines(workspace, tools) : []),
      ...(await foreseenLines(workspace, environment, settings, tools)),
      {
        title: {fr: `hébergeur ${adapter}`, en: `host ${adapter}`},
        judge: async () => {
          const load = catalogue.hosting[adapter]
          if (load === undefined) return unknownAdapter('hosting', adapter, catalogue.hosting)
          const make = await load()
          const ready = await make(await tools(), settings).ready()
          return ready.verdict === 'pass' ? withVersion(workspace, make, ready) : ready
        },
      },
      {title: settings.url, judge: () => reachable(workspace, settings.url)},
      ...(settings.database === undefined || project.database === undefined
        ? []
        : [databaseLine(workspace, project.database.adapter, tools)]),
      ...(environment === 'staging' && project.database !== undefined
        ? [resetLine(workspace)]
        : []),
      ...(environment === 'staging' && project.ci !== undefined
        ? [ciLine(workspace, project.ci.adapter, tools)]
        : []),
      ...sourceLines(workspace, settings, tools),
    ],
  }
}

async function envFile(
  {world, env}: Workspace,
  environment: Environment,
  settings: ProjectEnvironment,
): Promise<Judgement> {
  const file = await env(environment)
  if (!file.exists) {
    return fail(
      {fr: 'absent', en: 'not there'},
      {next: fetchEnvFile(settings.envFile, readsKeys(settings))},
    )
  }
  if (await world.repository.isTracked(settings.envFile)) {
    return fail(
      {fr: 'suivi par git', en: 'tracked by git'},
      {
        next: {
          fr: `git rm --cached ${settings.envFile}, puis remplacer ses secrets`,
          en: `git rm --cached ${settings.envFile}, then replace its secrets`,
        },
      },
    )
  }
  if (!(await world.repository.isIgnored(settings.envFile))) {
    return fail(
      {fr: 'non ignoré par git', en: 'not ignored by git'},
      {next: `.gitignore: /${settings.envFile}`},
    )
  }
  const {auth} = settings.smoke
  const wanted = [
    ...definedKeys(settings.defines),
    ...(settings.database === undefined ? [] : [settings.database.url, settings.database.ref]),
    ...(auth === undefined ? [] : [auth.url, auth.key, auth.user, auth.password]),
  ]
  const missing = [...new Set(wanted)].filter((key) => file.get(key) === undefined)
  return missing.length === 0
    ? pass({
        fr: `clés : ${file.keys.length} ; nommées dans postgate.yaml, toutes renseignées : ${new Set(wanted).size}`,
        en: `keys: ${file.keys.length}; named in postgate.yaml, all set: ${new Set(wanted).size}`,
      })
    : fail(
        {fr: `sans valeur : ${missing.join(', ')}`, en: `without a value: ${missing.join(', ')}`},
        {next: {fr: 'les compléter', en: 'complete them'}},
      )
}

function builderLines(
  {project, catalogue}: Workspace,
  tools: () => Promise<AdapterTools>,
): DoctorLine[] {
  const {adapter} = project.builder
  return [
    {
      title: {fr: `builder ${adapter}`, en: `builder ${adapter}`},
      judge: async () => {
        const load = catalogue.builder[adapter]
        if (load === undefined) return unknownAdapter('builder', adapter, catalogue.builder)
        return (await load())(await tools()).ready()
      },
    },
  ]
}

/** A host that answers, with the version of the program that it is asked through. */
async function withVersion(
  {world}: Workspace,
  {program}: HostingAdapter,
  ready: Judgement,
): Promise<Judgement> {
  if (program === undefined) return ready
  const {name, install: mend} = program
  const found = await programVersion(world, {name, version: ['--version'], mend})
  if (found.verdict !== 'pass') return found
  const said = (lang: Lang) => `${inLang(ready.observed, lang)} ; ${inLang(found.observed, lang)}`
  return {...ready, observed: {fr: said('fr'), en: said('en')}}
}

async function reachable({world}: Workspace, url: string): Promise<Judgement> {
  try {
    const answer = await httpAnswer(world.fetch, url, {
      ...{timeoutMs: 15_000, redirects: 'here', read: false},
    })
    return answer.status < 500
      ? pass(`HTTP ${answer.status}`)
      : fail(`HTTP ${answer.status}`, {
          next: {fr: 'regarder chez l’hébergeur', en: 'look at the host'},
        })
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return unknown(cause instanceof Error ? cause.message : String(cause), {
      next: {fr: 'vérifier réseau et adresse', en: 'check network and address'},
    })
  }
}

const databaseLine = (
  {catalogue}: Workspace,
  adapter: string,
  tools: () => Promise<AdapterTools>,
): DoctorLine => ({
  title: {fr: 'base, en lecture seule', en: 'database, read-only'},
  judge: async () => {
    const load = catalogue.database[adapter]
    if (load === undefined) return unknownAdapter('database', adapter, catalogue.database)
    const database = await (await load())(await tools())
    try {
      const ready = await database.ready?.()
      return ready === undefined || ready.verdict === 'pass' ? await database.identify() : ready
    } finally {
      await database.close()
    }
  },
})

/** Whose reset script runs, and whether it is there. */
const resetLine = ({project, world}: Workspace): DoctorLine => ({
  title: {fr: 'reset', en: 'reset'},
  judge: async () => {
    const whose = whoseReset(project)
    const own = project.database?.reset
    if (own !== undefined && !existsSync(join(world.project, own))) {
      return fail(
        {fr: `${own} n’existe pas`, en: `there is no ${own}`},
        {
          next: {
            fr: 'corriger database.reset dans postgate.yaml, ou le retirer',
            en: 'correct database.reset in postgate.yaml, or take it out',
          },
        },
      )
    }
    const beside = unusedScript(project, {root: world.project, bundle: world.bundle})
    return pass(beside === null ? whose : joined([whose, beside], ' ; '))
  },
})

async function toolsOf(
  {world, project, env, mask}: Workspace,
  environment: Environment,
): Promise<AdapterTools> {
  const other = environment === 'staging' ? 'production' : 'staging'
  const otherFile = hasEnvironment(project, other) ? await env(other) : null
  return {
    ...{world, project, environment, mode: 'READ-ONLY'},
    env: await env(environment),
    otherEnv: otherFile?.exists === true ? otherFile : null,
    $: await createShell({
      ...{cwd: world.project, env: {}, mask},
      authorise: async () => ({ok: false, reason: 'a doctor runs no command of a runbook'}),
    }),
    signal: new AbortController().signal,
  }
}

const hasEnvironment = (project: Project, name: Environment): boolean =>
  project.environments[name] !== undefined
