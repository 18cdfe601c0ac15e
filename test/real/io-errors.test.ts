// Goal: a disk that answers one call with an error ends the command with words and 3, nothing is lost, and
// the same command goes on. Method: strace in the kernel's place, at thirteen moments of a small release;
// where strace may not trace, each of them fails.

import {suite} from 'uvu'
import * as assert from 'uvu/assert'
import {survive} from '../faults/fault.ts'
import {faults} from '../faults/io-errors.ts'

const errors = suite('I/O errors')

for (const fault of faults) errors(fault.name, () => survive(fault))

errors('thirteen of them', () => assert.is(faults.length, 13))

errors.run()
