// Plain PostgreSQL: the project ref is a word in user, host or database name, as the marker has it.

import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Database} from '../../kit/ports/database.ts'
import {openDatabase} from './open-database.ts'

export const postgres = async (tools: AdapterTools): Promise<Database> =>
  openDatabase(tools, 'postgres')
