#!/usr/bin/env node
// `node scripts/postgate.js staging --plan`: the same command where neither a PATH nor npx knows `postgate`.

import './lib/loader/postgate.js'
