// A command's help, with its lines as they are typed from here.

import {commandsWith} from '../words/commands.ts'
import {calledAs} from './called-as.ts'

export function showHelp(text: string): void {
  process.stdout.write(commandsWith(text, {call: calledAs(), flags: ''}))
}
