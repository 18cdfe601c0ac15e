// The shell's parser, loaded when a command is first read.

import {lazy} from '../../base/lazy.ts'

export const unbash = lazy(() => import('unbash'))
