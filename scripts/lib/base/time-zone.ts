// The machine's own time zone, as the person who set it up has it.

export const machineZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone
