// How long hosts are known to go on serving the version before, in milliseconds; `propagation:` of an
// environment says otherwise. Table and sources: docs/adapters.md.

/** nginx keeps a symlink's old target for `open_file_cache_valid`, 60 s unless told; some room for a slow look. */
export const ownServerMs = 90_000

/** Vendors empty their edge caches with each switch, within seconds and not everywhere at once. */
export const edgeMs = 60_000
