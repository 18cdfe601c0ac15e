// When a channel is told, and what it is sent: title, text and link, one below the other, marked where it is a trial.

import {z} from 'zod'
import {bracketed} from '../../domain/mark.ts'
import {occasions} from '../../domain/occasion.ts'
import type {AdapterTools} from '../../kit/adapter-tools.ts'
import type {Notifier} from '../../kit/ports/notify.ts'

export type Message = Parameters<Notifier['send']>[0]

/** The whole text; a text that already begins with its title (a rendered template) is left as it is. */
export function messageText({world, project}: AdapterTools, message: Message): string {
  const {title, text, link} = message
  if (text.includes(title)) return text.trim()
  return [bracketed(world.mark, `${project.name} : ${title}`), text, link ?? '']
    .filter((line) => line !== '')
    .join('\n')
}

/** The occasions on which a channel wants a message; all of them where it does not say. */
export const wantedOccasions = z.array(z.enum(occasions)).default([...occasions])
