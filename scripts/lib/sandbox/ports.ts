// The ports of the sandbox's services on 127.0.0.1: chosen once, kept, and chosen anew when taken.

import {createServer} from 'node:net'
import {z} from 'zod'
import {jsonOf} from './file.ts'

export const portsSchema = z.object({
  staging: z.number().int(),
  production: z.number().int(),
  /** Gateway, forge, webhook: one server. */
  api: z.number().int(),
  postgres: z.number().int(),
  /** False while the files that name the ports may still name others. */
  settled: z.boolean(),
})
export type Ports = z.output<typeof portsSchema>

const portNames = ['staging', 'production', 'api'] as const

/** The ports of `file`, each replaced by a free one where something else listens on it. */
export async function choosePorts(
  file: string,
): Promise<{ports: Omit<Ports, 'postgres' | 'settled'>}> {
  const kept = await jsonOf(file, portsSchema)
  const chosen: Record<string, number> = {}
  for (const name of portNames) {
    const wanted = kept?.[name] ?? 0
    const used = Object.values(chosen)
    const free = wanted > 0 && !used.includes(wanted) ? await bindable(wanted) : null
    chosen[name] = free ?? (await freePort(used))
  }
  return {ports: portsSchema.omit({postgres: true, settled: true}).parse(chosen)}
}

async function freePort(except: readonly number[]): Promise<number> {
  for (;;) {
    const port = await bindable(0)
    if (port !== null && !except.includes(port)) return port
  }
}

const bindable = (port: number): Promise<number | null> =>
  new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      const found = typeof address === 'object' && address !== null ? address.port : null
      server.close(() => done(found))
    })
  })
