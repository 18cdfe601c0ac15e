// The visible list of what lies.

import type {Fault} from './fault.ts'

export const areas: Readonly<Record<string, () => Promise<readonly Fault[]>>> = {
  'hosting-folder': async () => (await import('./hosting-folder.ts')).faults,
  'hosting-cli': async () => (await import('./hosting-cli.ts')).faults,
  builder: async () => (await import('./builder.ts')).faults,
  database: async () => (await import('./database.ts')).faults,
  services: async () => (await import('./services.ts')).faults,
  disk: async () => (await import('./disk.ts')).faults,
  'io-errors': async () => (await import('./io-errors.ts')).faults,
  death: async () => (await import('./death.ts')).faults,
  git: async () => (await import('./git.ts')).faults,
  'clock-and-documents': async () => (await import('./clock-and-documents.ts')).faults,
}
