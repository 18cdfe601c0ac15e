// The occasions on which a channel wants a message; all of them where it does not say.

import {z} from 'zod'
import {occasions} from '../../domain/occasion.ts'

export const wanted = z.array(z.enum(occasions)).default([...occasions])
