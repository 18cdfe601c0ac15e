// The ports of the sandbox's services on 127.0.0.1: chosen once, kept, and chosen anew when taken.

import type {Server} from 'node:http'
import {z} from 'zod'
import {jsonOf} from './file.ts'
import {giveBack, holdFreePort, holdPort} from './free-port.ts'

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

export type PortName = 'staging' | 'production' | 'api'
const portNames = ['staging', 'production', 'api'] as const

export interface HeldPorts {
  readonly ports: Readonly<Record<PortName, number>>
  /** Listening already, each handed to the service that will answer there. */
  readonly servers: Readonly<Record<PortName, Server>>
  /** Gives back what no service has taken. */
  readonly release: () => Promise<void>
}

/** Holds the ports of `file`, each replaced by a free one where something else listens on it. */
export async function holdPorts(file: string): Promise<HeldPorts> {
  const kept = await jsonOf(file, portsSchema)
  const hold = async (name: PortName) => {
    const wanted = kept?.[name] ?? 0
    const server = wanted > 0 ? await holdPort(wanted) : null
    return server === null ? holdFreePort() : {port: wanted, server}
  }
  const staging = await hold('staging')
  const production = await hold('production')
  const api = await hold('api')
  const held = {staging, production, api}
  return {
    ports: {staging: staging.port, production: production.port, api: api.port},
    servers: {staging: staging.server, production: production.server, api: api.server},
    release: async () => {
      for (const name of portNames)
        if (held[name].server.listening) await giveBack(held[name].server)
    },
  }
}
