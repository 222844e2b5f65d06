// Every journey, in one process: one server with demonstration data, one browser. A file in journeys/ is run because it is there.

import { readdirSync } from 'node:fs';
import { after } from 'node:test';
import { close } from './harness.mjs';

after(close);

const folder = new URL('journeys/', import.meta.url);
const wanted = process.env.JOURNEY;
const files = readdirSync(folder).filter((file) => file.endsWith('.mjs') && (!wanted || file === `${wanted}.mjs`));
if (files.length === 0) throw new Error(`no journey${wanted ? ` called ${wanted}` : ''} in ${folder.pathname}`);
for (const file of files.sort()) await import(new URL(file, folder));
