// Plain PostgreSQL: the project ref is a word in user, host or database name, as the marker has it.

import type {Database} from '../../engine/ports/database.ts'
import type {AdapterTools} from '../../engine/tools.ts'
import {openDatabase} from './open-database.ts'

export const postgres = async (tools: AdapterTools): Promise<Database> =>
  openDatabase(tools, 'postgres')
