// Whatever the phases would refuse and can be known before they begin: judged by a plan, by the doctor and at
// every start. Read-only, and of the remote nothing is asked: the checkpoint is read from git's objects.

import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {dirname, normalize} from 'node:path'
import {publicDefines} from '../artifact/defines.ts'
import type {Environment} from '../domain/event.ts'
import {Problem} from '../domain/problem.ts'
import type {Project} from '../domain/project.ts'
import {join, type Text} from '../domain/text.ts'
import {fail, type Judgement, pass, unknown} from '../domain/verdict.ts'
import {missingEnvFiles, notExecutable, readsMissing} from '../kit/checkpoint-script.ts'
import type {Builder} from '../kit/ports/builder.ts'
import type {CommittedFiles} from '../kit/ports/committed-files.ts'
import type {Database} from '../kit/ports/database.ts'
import type {Hosting} from '../kit/ports/hosting.ts'
import type {EnvFile} from '../policy/env-file.ts'
import type {World} from '../store/world.ts'
import {backupFolder} from './backup-folder.ts'
import {committedFiles} from './committed-files.ts'

export interface ForeseenGiven {
  readonly world: World
  readonly project: Project
  readonly environment: Environment
  /** The checkpoint's, or the one that would become it. */
  readonly commit: string
  readonly env: () => Promise<EnvFile>
  readonly builder: () => Promise<Builder>
  readonly hosting: () => Promise<Hosting>
  readonly database: () => Promise<Database>
}

export interface Foreseen {
  readonly title: Text
  readonly judge: () => Promise<Judgement>
  /** It may hold in one environment and not in the other. */
  readonly own: boolean
}

/** In the order of the phases; none where the commit is not here, which other items say. */
export async function foreseen(given: ForeseenGiven): Promise<readonly Foreseen[]> {
  const {world, project, environment, commit} = given
  const settings = project.environments[environment]
  const files = await committedFiles(world.repository, commit)
  if (settings === undefined || files === null) return []
  const reset = environment === 'staging' && project.database !== undefined
  return [
    {
      title: {fr: 'dossiers de travail', en: 'folders to work in'},
      judge: () => judgeFolders(given, reset),
    },
    ...(reset && project.database?.reset !== undefined
      ? [
          {
            title: {fr: 'script de reset', en: 'reset script'},
            judge: () => judgeResetScript(given, files),
          },
        ]
      : []),
    ...(reset
      ? [
          {
            title: {fr: 'reset du checkpoint', en: 'the checkpoint’s reset'},
            judge: () => resettable(given),
          },
        ]
      : []),
    {title: 'defines', own: true, judge: () => judgeDefines(given)},
    {
      title: {fr: 'build du checkpoint', en: 'the checkpoint’s build'},
      judge: async () => (await given.builder()).fits(files),
    },
    {
      title: {fr: 'dossier du résultat', en: 'folder of the result'},
      judge: async () => judgeOutput(await given.builder(), files),
    },
    {
      title: {fr: 'configuration de l’hébergeur', en: 'the host’s configuration'},
      own: true,
      judge: async () => judgeReads((await given.hosting()).reads ?? [], files),
    },
    ...(settings.smoke.auth === undefined
      ? []
      : [
          {
            title: {fr: 'compte des smoke tests', en: 'account of the smoke tests'},
            own: true,
            judge: () => judgeAccount(given, Object.values(settings.smoke.auth ?? {})),
          },
        ]),
  ].map(({title, judge, own = false}) => ({title, own, judge: () => judge().catch(refusal)}))
}

/** What would be refused with a `Problem` is an answer here. */
function refusal(error: unknown): Judgement {
  if (!(error instanceof Problem)) throw error
  const {what, why, next} = error.parts
  return fail(why === undefined ? what : join([what, why], ' '), next === undefined ? {} : {next})
}

async function judgeFolders({world, project}: ForeseenGiven, backs: boolean): Promise<Judgement> {
  const folders = [world.cache, ...(backs ? [backupFolder({world, project})] : [])]
  for (const folder of folders) {
    if (await writable(folder)) continue
    return fail(
      {fr: `${folder} n’est pas inscriptible`, en: `${folder} cannot be written`},
      {
        next:
          folder === world.cache
            ? {
                fr: 'export XDG_CACHE_HOME=<dossier inscriptible>',
                en: 'export XDG_CACHE_HOME=<a folder that can be written>',
              }
            : {
                fr: 'corriger database.backups dans postgate.yaml',
                en: 'correct database.backups in postgate.yaml',
              },
      },
    )
  }
  return pass(folders.join(', '))
}

/** The folder, or the nearest one above it that is there: it would be made in that. */
async function writable(folder: string): Promise<boolean> {
  for (let at = folder; ; at = dirname(at)) {
    try {
      await access(at, constants.W_OK | constants.X_OK)
      return true
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (code !== 'ENOENT' || dirname(at) === at) return false
    }
  }
}

async function judgeResetScript(
  {project}: ForeseenGiven,
  files: CommittedFiles,
): Promise<Judgement> {
  const path = project.database?.reset
  if (path === undefined) return pass({fr: 'script de Postgate', en: 'Postgate’s own script'})
  const may = await files.executable(normalize(path))
  if (may === null) {
    return fail(
      {fr: `${path} n’est pas dans le checkpoint`, en: `${path} is not in the checkpoint`},
      {
        next: {
          fr: 'le commiter avant le tag, ou retirer database.reset de postgate.yaml',
          en: 'commit it before the tag, or take database.reset out of postgate.yaml',
        },
      },
    )
  }
  if (!may) return notExecutable(path)
  const text = (await files.text(normalize(path))) ?? ''
  if (text.includes('POSTGATE_ENV_FILE')) return pass(path)
  const known = Object.values(project.environments).map((each) => each?.envFile ?? '')
  const missing = await missingEnvFiles(text, known, files)
  return missing.length === 0
    ? pass(path)
    : readsMissing(path, missing, {
        fr: 'y lire "$POSTGATE_ENV_FILE", là où est le fichier d’environnement de STAGING',
        en: 'read "$POSTGATE_ENV_FILE" there, where STAGING’s env file lies',
      })
}

async function resettable({database, commit}: ForeseenGiven): Promise<Judgement> {
  const {resettable: judge} = await database()
  return judge === undefined ? pass({fr: 'jamais remise à vide', en: 'never reset'}) : judge(commit)
}

async function judgeDefines({env, project, environment}: ForeseenGiven): Promise<Judgement> {
  const defines = project.environments[environment]?.defines ?? {}
  const file = await env()
  if (!file.exists && Object.keys(defines).length > 0)
    return unknown({fr: `${file.path} est absent`, en: `${file.path} is not there`})
  const names = Object.keys(publicDefines(file, defines))
  return pass(names.length === 0 ? {fr: 'aucun', en: 'none'} : names.join(', '))
}

/** A build that writes over committed files makes something else than the checkpoint. */
async function judgeOutput({output}: Builder, files: CommittedFiles): Promise<Judgement> {
  const committed = await files.list(normalize(output))
  return committed.length === 0
    ? pass(output)
    : fail(
        {
          fr: `${output} est commité (${committed.length} fichiers) : le build modifierait le checkpoint`,
          en: `${output} is committed (${committed.length} files): the build would change the checkpoint`,
        },
        {next: `git rm -r --cached ${output} && echo '/${output}/' >> .gitignore`},
      )
}

async function judgeReads(paths: readonly string[], files: CommittedFiles): Promise<Judgement> {
  for (const path of paths) {
    const text = await files.text(path)
    if (text !== null && !isJsonObject(text)) {
      return fail(
        {fr: `${path} n’est pas un objet JSON`, en: `${path} is no JSON object`},
        {next: {fr: 'le corriger avant le tag', en: 'correct it before the tag'}},
      )
    }
  }
  return pass(paths.length === 0 ? {fr: 'aucune à lire', en: 'none to read'} : paths.join(', '))
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

async function judgeAccount({env}: ForeseenGiven, keys: readonly string[]): Promise<Judgement> {
  const file = await env()
  const missing = keys.filter((key) => file.get(key) === undefined)
  return missing.length === 0
    ? pass(keys.join(', '))
    : fail(
        {
          fr: `sans valeur dans ${file.path} : ${missing.join(', ')}`,
          en: `without a value in ${file.path}: ${missing.join(', ')}`,
        },
        {
          next: {
            fr: 'les compléter, ou retirer smoke.auth de postgate.yaml',
            en: 'complete them, or take smoke.auth out of postgate.yaml',
          },
        },
      )
}
