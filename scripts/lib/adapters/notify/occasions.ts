// The occasions on which a channel wants a message; all of them where it does not say.

import {z} from 'zod'
import type {Occasion} from '../../kit/ports/notify.ts'

const occasions = [
  'start',
  'pause',
  'trigger',
  'rollback',
  'end',
  'freeze',
] as const satisfies readonly Occasion[]

export const wanted = z.array(z.enum(occasions)).default([...occasions])
