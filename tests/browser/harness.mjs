// What every journey needs: a server with demonstration data, a browser, a signed-in page, and the promises that hold on
// every page (no console error, no breach of the content security policy, no accessibility fault, no sideways scrolling).
//
// By hand: `cargo build && node --test all.test.mjs`; JOURNEY=sign-in runs one file. Environment: PROBITY_BIN,
// PROBITY_CHROMIUM, PROBITY_SCREENSHOTS.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const target = join(here, '../../target');
const binary = process.env.PROBITY_BIN ?? join(target, 'debug/probity');
const screenshots = process.env.PROBITY_SCREENSHOTS ?? join(target, 'screenshots');
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The administrator whom `init` creates; sign-in journeys type these. */
export const ADMIN = { email: 'ada@example.org', password: 'correct horse battery staple 7' };

export const WIDTHS = [390, 1440];
export const SCHEMES = ['light', 'dark'];

/** The most that a page may weigh on the wire, with everything it loads (ui.md). */
export const PAGE_BYTES = 60 * 1024;
/** The most that it may ask for, itself included. */
export const PAGE_REQUESTS = 6;

/** Rules of axe-core: WCAG 2.2 up to level AA. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];

const running = { server: null, browser: null, others: [] };

/** The server that all journeys share; started on first use. Journeys that must not see each other's changes start their own. */
export function server() {
  running.server ??= startServer();
  return running.server;
}

/**
 * Sets up a fresh data folder and serves it on a free port.
 * @param {{demo?: boolean, init?: boolean, words?: string[]}} options `demo` fills it with believable data, `init` creates ADMIN.
 * @returns {Promise<{origin: string, data: string, said: () => string, cli: (...words: string[]) => Promise<string>, stop: () => Promise<void>}>}
 */
export async function startServer({ demo = true, init = true, words = [], env = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'probity-browser-'));
  const data = join(folder, 'data');
  const cli = async (...more) => (await promisify(execFile)(binary, [...more, '--data', data], { cwd: folder })).stdout;
  if (init) {
    const password = join(folder, 'password');
    await writeFile(password, ADMIN.password, { mode: 0o600 });
    await cli('init', '--admin', ADMIN.email, '--password-file', password, '--country', 'DE', '--industry', 'general');
  }
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, ...(demo ? ['--demo'] : []), ...words], { cwd: folder, env: { ...process.env, ...env } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('close', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
    await rm(folder, { recursive: true, force: true });
  };
  const until = Date.now() + 120_000;
  while (!said.includes(origin) || !(await answers(origin))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop();
      assert.fail(`the server did not print ${origin} and answer there; it said:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const started = { origin, data, said: () => said, cli, stop };
  running.others.push(started);
  return started;
}

async function answers(origin) {
  try {
    await fetch(origin, { redirect: 'manual' });
    return true;
  } catch {
    return false;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The one browser, with a profile of its own that is thrown away. */
function browser() {
  running.browser ??= chromium.launch({
    executablePath: process.env.PROBITY_CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return running.browser;
}

/**
 * A page in a fresh profile, watched from its first byte.
 * @param {{server?: object, signedIn?: boolean, javaScript?: boolean, tolerate?: RegExp[]}} options
 *   `tolerate`: console messages that this journey provokes on purpose (a refusal's status, say).
 */
export async function open(t, { server: own, signedIn = false, javaScript = true, tolerate = [] } = {}) {
  const at = own ?? (await server());
  const storageState = signedIn ? await session(at) : undefined;
  const context = await (await browser()).newContext({ baseURL: at.origin, javaScriptEnabled: javaScript, storageState, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  t.after(async () => {
    if (t.passed === false) await tellFailure(t, page, at);
    await context.close();
  });
  await watch(page, tolerate);
  return page;
}

/** What whoever reads a failure on another machine wants to know: where the page stood, what it still waited for, and how it looked. */
async function tellFailure(t, page, at) {
  const waiting = [...watched.get(page).unanswered].map((request) => `${request.method()} ${new URL(request.url()).pathname}`);
  const focus = await page.locator(':focus').evaluate((element) => element.outerHTML.slice(0, 200), undefined, { timeout: 1000 }).catch(() => 'nothing');
  t.diagnostic(`failed at ${page.url()}; unanswered: ${waiting.join(', ') || 'nothing'}; focus: ${focus}; the server said last: ${at.said().slice(-500)}`);
  const name = t.name.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 60);
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `failed-${name}.png`), timeout: 5000 }).catch(() => {});
}

/** A page of the signed-in administrator. */
export function signedIn(t, options = {}) {
  return open(t, { ...options, signedIn: true });
}

const sessions = new WeakMap();

/** Signs in once for each server and keeps the cookies. */
function session(at) {
  if (!sessions.has(at)) sessions.set(at, newSession(at));
  return sessions.get(at);
}

async function newSession(at) {
  const context = await (await browser()).newContext({ baseURL: at.origin });
  try {
    const page = await context.newPage();
    await page.goto('/sign-in');
    await signIn(page);
    return await context.storageState();
  } finally {
    await context.close();
  }
}

/** Fills the sign-in form and waits for what follows it. */
export async function signIn(page, { email, password } = ADMIN) {
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await Promise.all([page.waitForURL((url) => url.pathname !== '/sign-in'), page.locator('input[type=password]').press('Enter')]);
}

const watched = new WeakMap();

async function watch(page, tolerate) {
  const seen = { faults: [], requests: 0, bytes: 0, unanswered: new Set() };
  watched.set(page, seen);
  const fault = (text) => tolerate.some((known) => known.test(text)) || seen.faults.push(text);
  page.on('console', (message) => message.type() === 'error' && fault(`console: ${message.text()} (${message.location().url})`));
  page.on('pageerror', (error) => fault(`script: ${error.message}`));
  for (const answered of ['requestfinished', 'requestfailed']) page.on(answered, (request) => seen.unanswered.delete(request));
  page.on('request', (request) => {
    seen.unanswered.add(request);
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(page.url() === 'about:blank' ? request.url() : page.url()).origin) fault(`third party: ${request.url()}`);
  });
  await page.exposeBinding('probityPolicyBreach', (_, text) => fault(`policy: ${text}`));
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (breach) =>
      globalThis.probityPolicyBreach(`${breach.effectiveDirective} refused ${breach.blockedURI} on ${breach.documentURI}`),
    ),
  );
  const wire = await page.context().newCDPSession(page);
  await wire.send('Network.enable');
  wire.on('Network.requestWillBeSent', () => (seen.requests += 1));
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => (seen.bytes += encodedDataLength));
}

/** What the page has cost on the wire since it was opened: bytes as transferred (compressed, headers included), and requests. */
export function weight(page) {
  const { requests, bytes } = watched.get(page);
  return { requests, bytes };
}

/** Opens an address cold and refuses more than `bytes` on the wire. */
export async function assertLight(page, address, bytes = PAGE_BYTES) {
  const before = weight(page);
  await page.goto(address, { waitUntil: 'networkidle' });
  const after = weight(page);
  const cost = { bytes: after.bytes - before.bytes, requests: after.requests - before.requests };
  assert.ok(cost.requests <= PAGE_REQUESTS, `${address} asks for ${cost.requests} things; ${PAGE_REQUESTS} are allowed`);
  assert.ok(cost.requests > 0 && cost.bytes <= bytes, `${address} costs ${cost.bytes} bytes in ${cost.requests} requests; ${bytes} bytes are allowed`);
  return cost;
}

/** No console error, no script error, no breach of the content security policy, nobody else's origin, since the page was opened. */
export function assertClean(page) {
  const { faults } = watched.get(page);
  assert.ok(faults.length === 0, `${page.url()}:\n${faults.join('\n')}`);
}

/** No fault that axe-core sees on the page as it stands. Needs JavaScript. */
export async function assertAccessible(page, where = page.url()) {
  await page.evaluate(axeSource);
  const faults = await page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`));
  }, WCAG);
  assert.ok(faults.length === 0, `${where}:\n${faults.join('\n')}`);
}

/** Photographs the page at every width in every scheme; answers where. */
export async function photograph(page, name, each = async () => {}, schemes = SCHEMES) {
  await mkdir(screenshots, { recursive: true });
  const files = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const path = join(screenshots, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path, fullPage: true });
      files.push(path);
      await each({ width, colorScheme });
    }
  }
  return files;
}

/** How wide a page is, and what stands beyond a width: the innermost first. */
function beyond(width) {
  const wide = document.documentElement.scrollWidth;
  const out = wide > width ? [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > width + 0.5) : [];
  const by = out.reverse().slice(0, 3).map((one) => `<${one.tagName.toLowerCase()} class="${one.className}"> ${one.textContent.trim().slice(0, 40)}`);
  return { wide, by: by.join('; ') };
}

/**
 * The promises of every page, with photographs at every width in every scheme. Accessibility is judged once at each width and once in
 * each scheme: what depends on both is nothing, and a judgement takes as long as all the rest. Of a page in another language only the light
 * scheme is looked at: words have no colours.
 */
export async function assertHolds(page, name, schemes = SCHEMES) {
  const files = await photograph(page, name, async ({ width, colorScheme }) => {
    const { wide, by } = await page.evaluate(beyond, width);
    assert.ok(wide <= width, `${name} scrolls sideways at ${width} px: it is ${wide} px wide, by ${by}`);
    if (WIDTHS.indexOf(width) === SCHEMES.indexOf(colorScheme)) await assertAccessible(page, `${name} at ${width} px, ${colorScheme}`);
  }, schemes);
  assertClean(page);
  return files;
}

/** Ends the browser and every server. */
export async function close() {
  const opened = await Promise.allSettled([running.browser]);
  for (const { value } of opened) await value?.close();
  for (const each of running.others) await each.stop();
}
