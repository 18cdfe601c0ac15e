// What an EXECUTIVE phase is about to do, told before a person types its name: which place, how much of
// it, what users see meanwhile, and how to go back. What cannot be read is said so, and hides nothing else.

import type {Fact} from '../domain/facts.ts'
import {contentLines, releaseContent} from '../domain/release-content.ts'
import {inLang, type Text} from '../domain/text.ts'
import {utcMinute} from '../domain/times.ts'
import {fullVersion} from '../domain/version.ts'
import {shortVersion, versionLabel} from '../domain/version-label.ts'
import type {Context} from '../kit/context.ts'
import {propagationMs} from '../proofs/served.ts'
import {counted, reasonOf, rowCount, sizes, tableCount, words} from '../words/observed.ts'
import {releaseVersion} from './build.ts'

/** Of the reset: the database, what goes, what stays, what users see, and the only way back. */
export async function resetAnnouncement(context: Context): Promise<readonly Text[]> {
  if (context.project.database === undefined)
    return [{fr: 'Base : le projet n’en décrit aucune', en: 'Database: the project describes none'}]
  return Promise.all([
    line({fr: 'Base', en: 'Database'}, () => databaseName(context)),
    line({fr: 'Sera effacé', en: 'Will go'}, () => whatGoes(context)),
    line({fr: 'Pendant ce temps', en: 'Meanwhile'}, () => ({
      fr: `${context.settings().url} reste en ligne, sur une base vide dès que la transaction est validée`,
      en: `${context.settings().url} stays online, on an empty database once the transaction is committed`,
    })),
    line({fr: 'Retour', en: 'Way back'}, () => backupOf(context)),
  ])
}

/** Of the deployment: the site, the version it gets and the one it has, what users see, and the way back. */
export async function deploymentAnnouncement(context: Context): Promise<readonly Text[]> {
  const hosting = await context.adapters.hosting()
  const live = hosting.live()
  // Each line that needs it says for itself what went wrong.
  live.catch(() => undefined)
  const {url} = context.settings()
  const seconds = Math.round(propagationMs(context, hosting) / 1_000)
  return Promise.all([
    line({fr: 'Site', en: 'Site'}, async () => words`${url} (${hosting.describe})`),
    line({fr: 'Version', en: 'Version'}, async () => {
      const now = await live
      const next = await versionTold(context)
      return words`${now === null ? {fr: 'aucune', en: 'none'} : shown(now, context)} → ${next}`
    }),
    ...contentTold(context),
    line({fr: 'Pendant ce temps', en: 'Meanwhile'}, () => ({
      fr: `les utilisateurs gardent la version en ligne jusqu’à la bascule, puis reçoivent la nouvelle (partout au bout de ${seconds} s)`,
      en: `users keep the live version until the switch, then get the new one (everywhere after ${seconds} s)`,
    })),
    line({fr: 'Retour', en: 'Way back'}, async () => {
      const now = await live
      const command = `npx zx scripts/${context.scenario}.ts --rollback`
      const byHand = now === null ? '' : hosting.restoreByHand(now.id)
      if (now === null)
        return {
          fr: 'aucune version précédente : la solution de repli inscrite aux pré-requis',
          en: 'no previous version: the fallback that the prerequisites name',
        }
      return {
        fr: `${command} RAISON ; retour à la main : ${byHand}`,
        en: `${command} WHY; by hand: ${byHand}`,
      }
    }),
  ])
}

/** Of a build that deploys nothing. */
export async function buildAnnouncement(context: Context): Promise<readonly Text[]> {
  return Promise.all([
    line({fr: 'Build', en: 'Build'}, () => versionTold(context)),
    ...contentTold(context),
    line({fr: 'Pendant ce temps', en: 'Meanwhile'}, () => ({
      fr: `rien ne part en ligne : ${context.settings().url} reste comme il est`,
      en: `nothing goes online: ${context.settings().url} stays as it is`,
    })),
  ])
}

/** What the release brings: how much, and its first lines; the report has the whole. */
function contentTold(context: Context): Text[] {
  const [head = '', ...first] = contentLines(
    releaseContent(context.fact('changes'), context.checkpoint),
  )
  return [words`${{fr: 'Contenu', en: 'Contents'}} : ${head}`, ...first]
}

async function line(label: Text, read: () => Text | Promise<Text>): Promise<Text> {
  try {
    return words`${label} : ${await read()}`
  } catch (error) {
    return words`${label} : ${{fr: 'ne se lit pas', en: 'cannot be read'}} (${reasonOf(error)})`
  }
}

/** Host and name as the connection string has them; its secrets go through the mask. */
async function databaseName(context: Context): Promise<Text> {
  const env = await context.env('staging')
  const keys = context.settings().database?.url.split('|') ?? []
  const address = keys.map((key) => env.get(key.trim())).find((value) => value !== undefined)
  const url = address === undefined || !URL.canParse(address) ? null : new URL(address)
  const where = url === null ? '—' : `${url.pathname.slice(1)} @ ${url.host}`
  const ref = context.fact('database-identity')?.ref
  return ref === undefined ? where : `${where} (${ref})`
}

async function whatGoes(context: Context): Promise<Text> {
  const kept = new Set((context.project.database?.reference ?? []).map(bare))
  const tables = Object.entries(await (await context.adapters.database()).tables())
  const going = tables.filter(([name]) => !kept.has(bare(name)))
  const rows = going.reduce((sum, [, state]) => sum + state.rows, 0)
  const stays = tables.length - going.length
  return words`${tableCount(going.length)}, ${rowCount(rows)} ; ${counted(stays, ['référentiel gardé', 'référentiels gardés'], ['reference table kept', 'reference tables kept'])}`
}

const bare = (name: string) => name.replace(/^public\./, '')

function backupOf(context: Context): Text {
  const backup = context.fact('backup')
  if (backup === undefined) return {fr: 'aucune sauvegarde notée', en: 'no backup was noted'}
  const {path, keepUntil} = backup
  const day = keepUntil.slice(0, 10)
  const size = sizes(backup.bytes)
  return {
    fr: `la sauvegarde ${path} (${inLang(size, 'fr')}, gardée jusqu’au ${day}), à restaurer à la main`,
    en: `the backup ${path} (${inLang(size, 'en')}, kept until ${day}), to be restored by hand`,
  }
}

async function versionTold(context: Context): Promise<Text> {
  const {tag, commit} = context.checkpoint
  const artifact = context.fact('artifact')
  const version = shortVersion(artifact?.version ?? fullVersion(await releaseVersion(context)))
  const size = artifact === undefined ? '' : words`, ${sizes(artifact.bytes)}`
  return words`${version} (${tag}, ${commit.slice(0, 7)}${size})`
}

/** With commit and moment where they are known: two builds of one version are told apart. */
function shown({id, version, at}: Fact<'deployment'>, context: Context): Text {
  const live = context.fact('changes')?.live
  const known = live?.id === id ? live : null
  const label = versionLabel(version, known?.commit ?? null) || id
  const since = known?.at ?? at
  if (since === null) return label
  return words`${label}, ${{fr: 'en ligne depuis', en: 'live since'}} ${utcMinute(since)}`
}
