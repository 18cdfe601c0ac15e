// What a built artifact must hold, and what it must not: the public addresses of its own environment, and
// no secret, no value of the other one. A finding names the key and the file, never the value.

import {secretWords} from '../artifact/defines.ts'
import {filesOf, manifestFrom} from '../artifact/manifest.ts'
import {type Found, type Needle, scanArtifact} from '../artifact/scan.ts'
import {definedKeys} from '../domain/defines.ts'
import type {Manifest} from '../domain/manifest.ts'
import {secretKind} from '../domain/secret.ts'
import type {Text} from '../domain/text.ts'
import type {Context} from '../kit/context.ts'
import type {EnvFile} from '../policy/env-file.ts'
import {
  otherEnvironment,
  projectRef,
  publicValues,
  sharedConstants,
} from '../proofs/configuration.ts'

export interface Searched {
  readonly manifest: Manifest
  /** Addresses that should be inside and are not, by their key. */
  readonly missing: readonly string[]
  /** How many addresses should be inside. */
  readonly wanted: number
  /** What should not be inside. */
  readonly found: readonly Text[]
}

/** Reads every byte of `folder` once: what it is, and what is inside. */
export async function searchArtifact(context: Context, folder: string): Promise<Searched> {
  const paths = await filesOf(folder)
  const env = await context.env(context.environment ?? 'staging')
  const other = await otherEnvironment(context)
  const open = publicValues(context, env)
  const wanted = [...open]
    .filter(([, value]) => /^https?:\/\//.test(value))
    .map(([label, word]) => ({label, word: word.replace(/\/+$/, '')}))
  const forbidden = [
    ...ownSecrets(env, [...open.values()]),
    // A constant of this environment alone may be what was copied from the other one.
    ...(other === null
      ? []
      : foreignValues(other, [...ownValues(context, env), ...sharedConstants(context)])),
  ]
  context.progress({fr: 'lecture de l’artefact', en: 'reading the artifact'})
  const scan = await scanArtifact({
    folder,
    paths,
    forbidden,
    wanted,
    ref: projectRef(context, env),
  })
  return {
    manifest: manifestFrom(scan.files),
    missing: wanted.map(({label}) => label).filter((label) => !scan.seen.has(label)),
    wanted: wanted.length,
    found: scan.found.map(describe),
  }
}

const ownValues = (context: Context, env: EnvFile): readonly string[] =>
  definedKeys(context.settings().defines).flatMap((key) => env.get(key) ?? [])

/** This environment's own values that are not compiled in on purpose. */
function ownSecrets(env: EnvFile, open: readonly string[]): readonly Needle[] {
  return env.keys.flatMap((key) => {
    const value = env.get(key)
    const harmless = /_(?:REF|HOST|PORT|ENV|ENVIRONMENT|NAME|REGION|MODE)$/.test(key)
    if (value === undefined || !telling(value) || (harmless && secretKind(value) === null))
      return []
    // A ref stands inside the public address; it is no secret.
    if (open.some((word) => word.includes(value))) return []
    if (/^https?:\/\/[^@]*$/.test(value)) return []
    return [{label: key, word: value}]
  })
}

/** Anything of the other environment is wrong here, its public address and ref included. */
function foreignValues(
  {env, ref}: {env: EnvFile; ref: string | null},
  open: readonly string[],
): readonly Needle[] {
  const named = env.keys.flatMap((key) => {
    const value = env.get(key)
    return value === undefined || !telling(value) || open.some((word) => word.includes(value))
      ? []
      : [{label: `${key} (${env.path})`, word: value}]
  })
  return ref === null || open.some((word) => word === ref)
    ? named
    : [{label: `ref (${env.path})`, word: ref}, ...named]
}

/** Long and odd enough that it does not occur by chance. */
const telling = (value: string) =>
  value.length >= 8 && !/^(?:[a-z]{1,14}|[A-Z]{1,14}|[\d.:-]+)$/.test(value)

function describe({path, what}: Found): Text {
  switch (what.type) {
    case 'secret': {
      const kind = secretWords[what.kind]
      return {fr: `${kind.fr} dans ${path}`, en: `${kind.en} in ${path}`}
    }
    case 'foreign-key':
      return {
        fr: `une clé d’un autre projet (${what.ref}) dans ${path}`,
        en: `a key of another project (${what.ref}) in ${path}`,
      }
    case 'needle':
      return {
        fr: `la valeur de ${what.label} dans ${path}`,
        en: `the value of ${what.label} in ${path}`,
      }
    default: {
      const never: never = what
      return never
    }
  }
}
