#!/usr/bin/env node
import { testOrdinary } from './lib/require-program.mjs';

await testOrdinary('chromium');
