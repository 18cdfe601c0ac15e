// How long this process has worked, in milliseconds: on a loaded machine the clock runs on, this does not.

export function workedMs(): number {
  const {user, system} = process.cpuUsage()
  return (user + system) / 1000
}
