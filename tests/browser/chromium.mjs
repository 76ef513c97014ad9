#!/usr/bin/env node
import { testBrowser } from './lib/matrix-program.mjs';

await testBrowser('chromium');
