// What is compiled into a client under a name: the value of an env file's key, or a constant of postgate.yaml.

import {z} from 'zod'

const constant = z.strictObject({
  value: z.union([z.string(), z.number(), z.boolean()]),
})

/** By the name that the application reads: `{SUPABASE_URL: STAGING_URL, SUPABASE_ENV: {value: STAGING}}`. */
export const definesSchema = z
  .record(z.string(), z.union([z.string(), constant]))
  .describe(
    'What is compiled into the client: by its name there the key of the env file, or a constant {value: …}.',
  )
  .default({})

export type Defines = z.output<typeof definesSchema>

/** A bundler compiles a variable of such a name into the client by itself. */
export const isTakenByBundlers = (name: string): boolean =>
  /^(?:VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|EXPO_PUBLIC|NUXT_PUBLIC|GATSBY|VUE_APP)_/.test(name)

interface Values {
  readonly get: (key: string) => string | undefined
}

/** The value under each name; undefined where its key has none. */
export const definedValues = (
  defines: Defines,
  env: Values | null,
): ReadonlyMap<string, string | undefined> =>
  new Map(
    Object.entries(defines).map(([name, from]) => [
      name,
      typeof from === 'string' ? env?.get(from) : String(from.value),
    ]),
  )

/** What a person knows a value by: its key in the env file, or its name in postgate.yaml. */
export const definedBy = (name: string, from: Defines[string]): string =>
  typeof from === 'string' ? from : `${name} (postgate.yaml)`

export const definedKeys = (defines: Defines): readonly string[] =>
  Object.values(defines).filter((from) => typeof from === 'string')

export const definedConstants = (defines: Defines): readonly string[] =>
  Object.values(defines).flatMap((from) => (typeof from === 'string' ? [] : [String(from.value)]))
