// Every value of every enumeration, and null wherever null is published, in a schema of a vendor's: what a
// client has to read without falling over.

/** One published value, and where an answer holds it; array items are `0`. */
export interface PublishedValue {
  readonly path: readonly string[]
  readonly value: unknown
}

const depthMax = 5

interface ZodDef {
  readonly typeName?: string
  readonly [key: string]: unknown
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const defOf = (schema: unknown): ZodDef | null =>
  isRecord(schema) && isRecord(schema._def) ? schema._def : null

/** Of a zod 3 schema, as the inbound schemas of @vercel/sdk are. */
export function valuesOfZod(schema: unknown, path: readonly string[] = []): PublishedValue[] {
  const def = defOf(schema)
  if (def === null || path.length > depthMax) return []
  const inner = (one: unknown) => valuesOfZod(one, path)
  switch (def.typeName) {
    case 'ZodObject': {
      const shape = isRecord(schema) && isRecord(schema.shape) ? schema.shape : {}
      return Object.entries(shape).flatMap(([key, one]) => valuesOfZod(one, [...path, key]))
    }
    case 'ZodArray':
      return valuesOfZod(def.type, [...path, '0'])
    case 'ZodNullable':
      return [{path, value: null}, ...inner(def.innerType)]
    case 'ZodNull':
      return [{path, value: null}]
    case 'ZodOptional':
    case 'ZodDefault':
      return inner(def.innerType)
    case 'ZodEffects':
      return inner(def.schema)
    case 'ZodPipeline':
      return inner(def.in)
    case 'ZodLazy':
      return typeof def.getter === 'function' ? inner(def.getter()) : []
    case 'ZodNativeEnum':
    case 'ZodEnum':
      return Object.values(isRecord(def.values) ? def.values : {}).map((value) => ({path, value}))
    case 'ZodUnion': {
      const options = Array.isArray(def.options) ? def.options : []
      // A lax reader's own: null where nothing but absence is published.
      return options.filter((one) => !isLax(one)).flatMap(inner)
    }
    default:
      return []
  }
}

const isLax = (schema: unknown): boolean => defOf(schema)?.typeName === 'ZodEffects'

/** Of a JSON schema, `$ref` looked up in `document`; `nullable` and `x-nullable` are null. */
export function valuesOfSchema(
  schema: unknown,
  document: unknown,
  path: readonly string[] = [],
): PublishedValue[] {
  if (!isRecord(schema) || path.length > depthMax) return []
  if (typeof schema.$ref === 'string') {
    const keys = schema.$ref.replace(/^#\//, '').split('/')
    const found = keys.reduce<unknown>(
      (one, key) => (isRecord(one) ? one[key] : undefined),
      document,
    )
    return valuesOfSchema(found, document, path)
  }
  const nested = ['allOf', 'anyOf', 'oneOf'].flatMap((key) => {
    const all = schema[key]
    return Array.isArray(all) ? all.flatMap((one) => valuesOfSchema(one, document, path)) : []
  })
  const properties = isRecord(schema.properties) ? schema.properties : {}
  return [
    ...(schema.nullable === true || schema['x-nullable'] === true ? [{path, value: null}] : []),
    ...(Array.isArray(schema.enum) ? schema.enum.map((value) => ({path, value})) : []),
    ...Object.entries(properties).flatMap(([key, one]) =>
      valuesOfSchema(one, document, [...path, key]),
    ),
    ...valuesOfSchema(schema.items, document, [...path, '0']),
    ...nested,
  ]
}

/** A copy of `answer` with this value there; what is missing on the way is made. */
export function withValue(answer: unknown, {path, value}: PublishedValue): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (Array.isArray(answer)) {
    const items = answer.length === 0 ? [{}] : answer
    return items.map((item, index) =>
      String(index) === key ? withValue(item, {path: rest, value}) : item,
    )
  }
  if (key === '0') return [withValue({}, {path: rest, value})]
  const own = isRecord(answer) ? answer : {}
  return {...own, [key]: withValue(own[key], {path: rest, value})}
}
