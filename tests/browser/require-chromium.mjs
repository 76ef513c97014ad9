#!/usr/bin/env node
import { testRequire } from './lib/require-program.mjs';

await testRequire('chromium');
