// As whom the server runs. PostgreSQL refuses root, so root becomes another user for it: by whichever
// way this machine allows, found by trying it. Anybody else stays who they are.

import {execFile} from 'node:child_process'
import {chown, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {findProgram} from '../base/program.ts'
import {problem} from '../domain/problem.ts'

export interface ServerUser {
  /** Words before each of the server's commands. */
  readonly prefix: readonly string[]
  /** For `spawn`, where no program changes the user. */
  readonly identity: {readonly uid?: number; readonly gid?: number}
  /** Whose the server's files are; null: ours. */
  readonly owner: {readonly uid: number; readonly gid: number} | null
  /** It is somebody who cannot enter the folders that only we may enter. */
  readonly stranger: boolean
}

const nobody = {uid: 65534, gid: 65534}

/**
 * Who runs the server of `folder`, who then owns it. Data that are there already keep their owner.
 * Throws a `Problem` (2) where root cannot become anybody else.
 */
export async function serverUser(folder: string): Promise<ServerUser> {
  const linux = process.platform === 'linux'
  const has = async (name: string) => linux && (await findProgram(name, process.env)) !== null
  const setpriv = await has('setpriv')
  // Where Linux can, the server dies with us.
  const withCrashPoint = setpriv ? ['setpriv', '--pdeathsig=INT'] : []
  if (process.getuid?.() !== 0)
    return {prefix: withCrashPoint, identity: {}, owner: null, stranger: false}
  const data = await stat(join(folder, 'data')).catch(() => null)
  const own = data?.uid !== undefined && data.uid !== 0
  const ways: ServerUser[] = []
  if (data?.uid !== 0)
    ways.push(...otherUsers(own ? {uid: data.uid, gid: data.gid} : nobody, setpriv))
  if (!own && (await has('unshare'))) ways.push(renamed(withCrashPoint))
  for (const way of ways) if (await works(way, folder)) return way
  throw noUser(folder)
}

function otherUsers(owner: {uid: number; gid: number}, setpriv: boolean): ServerUser[] {
  const become = [
    'setpriv',
    `--reuid=${owner.uid}`,
    `--regid=${owner.gid}`,
    '--clear-groups',
    '--pdeathsig=INT',
  ]
  // The data folder may lie under a folder that only root can enter.
  const enter = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  const shared = {owner, stranger: true}
  return [
    ...(setpriv ? [{prefix: [...become, ...enter], identity: {}, ...shared}] : []),
    ...(setpriv ? [{prefix: become, identity: {}, ...shared}] : []),
    {prefix: [], identity: owner, ...shared},
  ]
}

/** Root of a user namespace that knows no other user: the same user, under another number. */
function renamed(withCrashPoint: readonly string[]): ServerUser {
  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000', ...withCrashPoint]
  return {prefix, identity: {}, owner: null, stranger: false}
}

/** That user has to be able to write where the data are. */
async function works({prefix, identity, owner}: ServerUser, folder: string): Promise<boolean> {
  const script = ': > "$1/.try" && rm "$1/.try"'
  const [program = '', ...words] = [...prefix, 'sh', '-c', script, 'sh', folder]
  try {
    if (owner !== null) await chown(folder, owner.uid, owner.gid)
    await promisify(execFile)(program, words, {...identity, cwd: '/'})
    return true
  } catch {
    if (owner !== null) await chown(folder, 0, 0).catch(() => {})
    return false
  }
}

const noUser = (folder: string) =>
  problem({
    what: {
      fr: 'Le PostgreSQL du bac à sable ne démarre pas : il refuse root, et root ne peut devenir personne d’autre ici.',
      en: 'The PostgreSQL of the sandbox does not start: it refuses root, and root cannot become anybody else here.',
    },
    why: {
      fr: `ni setpriv, ni setuid, ni unshare --user ne donnent un utilisateur qui puisse écrire dans ${folder}`,
      en: `neither setpriv, nor setuid, nor unshare --user gives a user who can write in ${folder}`,
    },
    next: {
      fr: 'lancez la même commande sans être root (conteneur : docker run --user 1000:1000 …), dans un dossier que cet utilisateur peut écrire',
      en: 'run the same command as an ordinary user (a container: docker run --user 1000:1000 …), in a folder that this user can write',
    },
    exit: 2,
  })
