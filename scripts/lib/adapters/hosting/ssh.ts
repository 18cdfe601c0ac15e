// Self-hosted on another machine: the same folder of releases as `folder`, filled by rsync and switched
// by one rename over SSH. Files that did not change are links into the release before.
//
//   <root>/incoming/                     the copy under way; verified there, then renamed
//   <root>/releases/<id>/                one folder a deployment, never changed again
//   <root>/meta/<id>.json, <id>.sha256   who, when, and the hash of every file; outside what is served
//   <root>/current -> releases/<id>      what the web server serves

import {randomUUID} from 'node:crypto'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {z} from 'zod'
import {fileCount, parseManifest, writeManifest} from '../../artifact/manifest.ts'
import {causeLine} from '../../base/cause-line.ts'
import type {Manifest} from '../../domain/manifest.ts'
import {problem} from '../../domain/problem.ts'
import type {ProjectEnvironment} from '../../domain/project.ts'
import {effect} from '../../guard/effect.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Deployment, Hosting} from '../../kit/ports/hosting.ts'
import {settingsOf} from '../settings.ts'
import {ownServerMs} from './propagation.ts'
import {
  lookThere,
  type Machine,
  machineOf,
  machineSettings,
  sshCommand,
  sshConfig,
} from './ssh-look.ts'
import {sshReady, triedBy} from './ssh-ready.ts'
import {setStage, stageFolder} from './stage.ts'

const schema = z.strictObject({
  adapter: z.literal('ssh'),
  ...machineSettings,
  root: z.string().regex(/^(?:\/\.?[A-Za-z0-9_][A-Za-z0-9._-]*)+$/, {
    message: 'an absolute path of plain names, such as /srv/www/app',
  }),
})

/** `hosting: {adapter: ssh, host: deploy@www.example.org, root: /srv/www/app}`. */
export function ssh(tools: AdapterTools, settings: ProjectEnvironment): Hosting {
  const {root, reader, ...given} = settingsOf('hosting', schema, settings.hosting)
  const {host} = given
  const machine = machineOf(tools.world.project, given)
  const looker = {...machine, host: tools.mode === 'READ-ONLY' ? (reader ?? host) : host}
  const url = settings.url.replace(/\/+$/, '')
  const stage = stageFolder(tools, 'ssh')
  const $ = tools.$.with({cwd: stage})
  const look = (script: string) => lookThere(tools, looker, script)
  const layOut = async (folder: string, manifest: Manifest) => {
    await setStage({stage, below: 'public', folder, manifest})
    await writeFile(join(stage, 'ssh_config'), sshConfig(machine), {mode: 0o600})
  }
  const switchTo = (id: string) => [
    // A symlink cannot be replaced in place: a new one is renamed over it, which is atomic.
    $`ssh -F ssh_config ${host} ln -sfn releases/${id} ${root}/.next`,
    $`ssh -F ssh_config ${host} mv -Tf ${root}/.next ${root}/current`,
  ]
  return {
    product: 'ssh',
    url,
    withholds: true,
    describe: {fr: `dossier de versions ${host}:${root}`, en: `folder of releases ${host}:${root}`},
    propagationMs: ownServerMs,
    ready: () => sshReady(tools, machine, root),
    live: () => live({machine: looker, root, url, look}),
    deploy: ({folder, manifest, version, message}) => {
      const id = idOf(version, manifest)
      return [
        effect(
          {
            fr: `préparer pour ${host} ${fileCount(manifest).fr}, prouvés`,
            en: `lay out for ${host} ${fileCount(manifest).en}, proven`,
          },
          async () => {
            await layOut(folder, manifest)
            await mkdir(join(stage, 'meta'))
            const meta = {version, manifest: manifest.digest, message, at: tools.world.clock.now()}
            await writeFile(join(stage, `meta/${id}.json`), `${JSON.stringify(meta)}\n`)
            await writeManifest(join(stage, `meta/${id}.sha256`), manifest)
          },
        ),
        $`ssh -F ssh_config ${host} mkdir -p ${root}/incoming ${root}/meta ${root}/releases`,
        $`rsync --recursive --checksum --delete --perms --chmod=D755,F644 --link-dest=${root}/current --rsh=${'ssh -F ssh_config'} public/ ${host}:${root}/incoming/`,
        $`rsync --recursive --checksum --perms --chmod=D755,F644 --rsh=${'ssh -F ssh_config'} meta/ ${host}:${root}/meta/`,
        // Every byte read back over there, before anybody can be served one.
        $`ssh -F ssh_config ${host} env -C ${root}/incoming sha256sum --quiet --strict --check ${root}/meta/${id}.sha256`,
        $`ssh -F ssh_config ${host} mv -T ${root}/incoming ${root}/releases/${id}`,
        ...switchTo(id),
      ]
    },
    restore: (id) => {
      if (!isId(id)) throw noRelease(id)
      return [
        effect({fr: 'préparer un dossier neutre', en: 'lay out a neutral folder'}, () =>
          layOut(stage, {files: [], bytes: 0, digest: ''}),
        ),
        $`ssh -F ssh_config ${host} test -d ${root}/releases/${id}`,
        ...switchTo(id),
      ]
    },
    keeps: async (id) => {
      if (!isId(id)) return false
      const {exit, stderr} = await look(`test -d ${root}/releases/${id}`)
      if (exit === 0 || exit === 1) return exit === 0
      throw silent(looker, stderr)
    },
    restoreByHand: (id) => {
      const there = `test -d ${root}/releases/${id} && ln -sfn releases/${id} ${root}/.next && mv -Tf ${root}/.next ${root}/current`
      return sshCommand(machine, there)
    },
    manifestOf: async (id) => {
      if (!isId(id)) return null
      const {exit, stdout, stderr} = await look(`cat ${root}/meta/${id}.sha256`)
      if (exit === 0) return parseManifest(stdout, `${host}:${root}/meta/${id}.sha256`)
      if (exit === 1) return null
      throw silent(looker, stderr)
    },
  }
}

ssh.sample = {host: 'sample', root: '/srv/sample'}

/** Two deployments of the same bytes are two releases. */
const idOf = (version: string, manifest: Manifest) =>
  `${version.replace(/[^A-Za-z0-9.]+/g, '_')}-${manifest.digest.slice(0, 8)}-${randomUUID().slice(0, 6)}`

const isId = (id: string) => /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(id)

interface Looking {
  readonly machine: Machine
  readonly root: string
  readonly look: (script: string) => ReturnType<typeof lookThere>
}

const metaSchema = z.object({version: z.string(), manifest: z.string(), at: z.string()})

async function live({
  machine,
  root,
  url,
  look,
}: Looking & {url: string}): Promise<Deployment | null> {
  const {exit, stdout, stderr} = await look(
    `cd ${root} && if test -L current; then at=$(readlink current) && echo "$at" && cat "meta/\${at##*/}.json" || true; fi`,
  )
  if (exit !== 0) throw silent(machine, stderr)
  const [target = '', ...rest] = stdout.split('\n')
  const id = target.split('/').at(-1) ?? ''
  if (id === '') return null
  const text = rest.join('\n').trim()
  const meta = text === '' ? null : metaSchema.parse(JSON.parse(text))
  return {
    ...{id, url, at: meta?.at ?? null},
    ...{version: meta?.version ?? null, manifest: meta?.manifest ?? null},
  }
}

const silent = (machine: Machine, stderr: string) =>
  problem({
    what: {
      fr: `${machine.host} ne dit pas ce qu’il sert.`,
      en: `${machine.host} does not say what it serves.`,
    },
    why: causeLine(stderr) || '—',
    next: triedBy(sshCommand(machine, 'true')),
    exit: 3,
  })

const noRelease = (id: string) =>
  problem({
    what: {
      fr: `${JSON.stringify(id)} n’est pas l’identifiant d’une version.`,
      en: `${JSON.stringify(id)} is not the id of a release.`,
    },
    exit: 3,
  })
