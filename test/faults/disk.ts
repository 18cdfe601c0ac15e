// The disk: full (a real small file system where one may be mounted, and a limit on the size of files),
// a file where a folder is wanted, a folder that cannot be written, a journal that is torn or damaged.

import {execFileSync, spawnSync} from 'node:child_process'
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {type Fault, wrong} from './fault.ts'
import {duringDeployment} from './lying-host.ts'
import type {Stage} from './stage.ts'

/** From now on no file of this process or its children grows beyond this: the kernel refuses. */
function limit(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:unlimited`])
}

function atJournal(stage: Stage): () => void {
  stage.closing(async () => limit('unlimited'))
  return () => limit(statSync(stage.journalFile).size + 10)
}
const lifted = (): undefined => {
  limit('unlimited')
}
const limitable = spawnSync('prlimit', ['--pid', String(process.pid), '--fsize']).status === 0

const asked = (text: string) =>
  text.replace('- [ ] **Déploiement**', '- [ ] **Feu vert** : dit.\n- [ ] **Déploiement**')

const full: readonly Fault[] = [
  {
    name: 'full right before the deployment',
    lies: (stage) => ({before: {deploy: atJournal(stage)}}),
    exit: 3,
    says: /The disk refused/,
    check: async (stage) => {
      lifted()
      if (!(await stage.served()).includes('ancien')) wrong('it was deployed without an intent')
    },
    next: {after: lifted, exit: 0, served: 'new'},
  },
  {
    name: 'full between the deployment and its outcome',
    lies: (stage) => duringDeployment(atJournal(stage)),
    exit: 3,
    says: /The disk refused/,
    check: lifted,
    next: {after: lifted, exit: 0, served: 'new'},
  },
  {
    name: 'full while prerequisites are judged',
    lies: (stage) => ({before: {checkpoint: atJournal(stage)}}),
    exit: 3,
    check: lifted,
    next: {after: lifted, exit: 0, served: 'new'},
  },
  {
    name: 'full while the documents are written',
    lies: (stage) => ({before: {'served-bytes': atJournal(stage)}}),
    exit: 3,
    check: lifted,
    next: {after: lifted, exit: 0, served: 'new'},
  },
  {
    name: 'full, and a rollback is wanted',
    lies: (stage) => ({before: {'served-bytes': atJournal(stage)}}),
    exit: 3,
    check: lifted,
    next: {after: lifted, flags: {rollback: 'disque plein'}, exit: 1, served: 'old'},
  },
]

/** A file stands where a folder is wanted: fails for root as well. */
const inTheWay = (
  name: string,
  path: string,
  fault: Omit<Fault, 'name' | 'lies' | 'next'>,
): Fault => ({
  name: `a file stands where a folder is wanted: ${name}`,
  lies: (stage) => {
    mkdirSync(dirname(join(stage.root, path)), {recursive: true})
    rmSync(join(stage.root, path), {recursive: true, force: true})
    writeFileSync(join(stage.root, path), 'in the way')
    return {}
  },
  ...fault,
  next: {
    after: (stage) => {
      unlinkSync(join(stage.root, path))
      return undefined
    },
    exit: 0,
    served: 'new',
  },
})

const blocked: readonly Fault[] = [
  inTheWay('the journal', 'project/.git/postgate', {exit: 3, says: /The disk refused/}),
  inTheWay('the cache', 'cache', {exit: 3}),
  inTheWay('the private files', 'cache/private', {exit: 3, served: 'old'}),
  inTheWay('the kept artifacts', 'cache/artifacts', {exit: 3, served: 'old'}),
  inTheWay('the host’s copies', 'hosting/incoming', {exit: 1, served: 'old'}),
]

/** The immutable flag of a file system that has one. */
const canFreeze = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-immutable-'))
  const can = spawnSync('chattr', ['+i', folder]).status === 0
  spawnSync('chattr', ['-i', folder])
  rmSync(folder, {recursive: true})
  return can
})()

const frozen: readonly Fault[] = [
  {
    name: 'the folder of releases is read-only',
    lies: (stage) => {
      execFileSync('chattr', ['+i', join(stage.hosting, 'releases')])
      stage.closing(async () => void spawnSync('chattr', ['-i', join(stage.hosting, 'releases')]))
      return {}
    },
    exit: 1,
    served: 'old',
    next: {
      after: (stage) => {
        execFileSync('chattr', ['-i', join(stage.hosting, 'releases')])
        return undefined
      },
      exit: 0,
      served: 'new',
    },
  },
]

/** A real file system of 200 kB under the cache. */
const canMount = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'postgate-mount-'))
  const can = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status === 0
  if (can) spawnSync('umount', [folder])
  rmSync(folder, {recursive: true})
  return can
})()

const small: readonly Fault[] = [
  {
    name: 'a file system without room for the checkpoint',
    lies: (stage) => {
      const cache = join(stage.root, 'cache')
      mkdirSync(cache)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'none', cache])
      stage.closing(async () => void spawnSync('umount', ['-l', cache]))
      return {}
    },
    exit: 3,
    served: 'old',
    next: {
      after: (stage) => {
        execFileSync('umount', ['-l', join(stage.root, 'cache')])
        return undefined
      },
      exit: 0,
      served: 'new',
    },
  },
]

/** Pauses for a person behind the first EXECUTIVE steps. */
const paused = {runbook: asked}
const greenLight = (stage: Stage): undefined => {
  stage.answers({
    answers: {'Accord donné': {observed: 'oui'}, 'Feu vert': {observed: 'oui, la chef'}},
  })
}

const journals: readonly Fault[] = [
  {
    name: 'the journal’s last line is torn',
    lies: () => paused,
    exit: 4,
    next: {
      after: (stage) => {
        appendFileSync(stage.journalFile, '{"v":1,"seq":99,"at":"2026')
        return greenLight(stage)
      },
      exit: 0,
      served: 'new',
    },
  },
  {
    name: 'a line in the journal’s middle is damaged',
    lies: () => paused,
    exit: 4,
    served: 'old',
    next: {
      after: (stage) => {
        const text = readFileSync(stage.journalFile, 'utf8')
        writeFileSync(`${stage.journalFile}.kept`, text)
        writeFileSync(stage.journalFile, text.replace('"verdict":"pass"', '"verdict":"fail"'))
        return greenLight(stage)
      },
      exit: 2,
      says: /live\.jsonl:\d+: the journal is damaged/,
      next: {
        after: (stage) => {
          writeFileSync(stage.journalFile, readFileSync(`${stage.journalFile}.kept`))
          return undefined
        },
        exit: 0,
        served: 'new',
      },
    },
  },
  {
    name: 'the kept artifact changes on the disk before it is deployed',
    lies: (stage) => ({
      before: {
        deploy: () => {
          const found = execFileSync('find', [
            ...[join(stage.root, 'cache'), '-path', '*artifacts*', '-name', 'index.html'],
          ])
          for (const path of found.toString().trim().split('\n')) {
            spawnSync('chmod', ['u+w', path])
            appendFileSync(path, '<script>')
          }
        },
      },
    }),
    exit: 3,
    served: 'old',
    says: /no longer on this machine, or its bytes changed/,
    next: {
      flags: {abort: 'artefact perdu'},
      exit: 1,
      served: 'old',
      next: {exit: 0, served: 'new'},
    },
  },
]

export const faults: readonly Fault[] = [
  ...(limitable ? full : []),
  ...blocked,
  ...(canFreeze ? frozen : []),
  ...(canMount ? small : []),
  ...journals,
]
