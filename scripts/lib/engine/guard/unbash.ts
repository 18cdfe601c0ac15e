// The shell's parser, loaded when a command is first read.

import {lazy} from '../lazy.ts'

export const unbash = lazy(() => import('unbash'))
