// Evidence: the tree, whose events they are, a record's events, its bundle, its versions.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { assertClean, assertHolds, assertLight, signedIn } from '../harness.mjs';
import { unzip } from '../zip.mjs';

const main = (page) => page.locator('main').innerText();

test('the tree is shown with its checkpoint, and people by name', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people');
  t.diagnostic(JSON.stringify(await assertLight(page, '/evidence')));
  const words = await main(page);
  assert.match(words, /Events in the tree\s+[\d,]+/);
  assert.match(await page.locator('#checkpoint ~ pre, [aria-labelledby=checkpoint] pre').first().innerText(), /\/log\n\d+\n/);
  assert.match(words, /ada\S* looked at a list/i);
  assert.doesNotMatch(words, /usr_[0-9a-z]{20}/);
  await assertHolds(page, 'evidence');
});

test('a record’s events are found by its number and its bundle is taken', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people?sort=name');
  const href = await page.locator('[data-open]').first().getAttribute('href');
  await page.goto('/evidence');
  await page.locator('#record').fill(href.split('/').at(-1));
  await Promise.all([page.waitForURL(/\/evidence\/records\//), page.getByRole('button', { name: 'Find events' }).click()]);
  assert.match(await main(page), /wrote a record|looked at a list/);
  await assertHolds(page, 'evidence-record');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download bundle' }).click()]);
  const files = unzip(await readFile(await download.path()));
  t.diagnostic([...files.keys()].join(', '));
  assert.ok(files.has('bundle.json') && files.has('SHA256SUMS'));
  assertClean(page);
});

test('what is no record is said so beside the input, and what was typed is kept', async (t) => {
  const page = await signedIn(t, { tolerate: [/status of 422/] });
  await page.goto('/evidence');
  await page.locator('#record').fill('nobody at all');
  await page.locator('#record').press('Enter');
  await page.locator('#record-said').waitFor();
  assert.equal(await page.locator('#record').inputValue(), 'nobody at all');
  assertClean(page);
});

test('versions tell what changed, by whom, and withhold what is withheld', async (t) => {
  const page = await signedIn(t);
  await page.goto('/people/new');
  await page.locator('[name="field.name"]').fill('Vera Wandel');
  await page.locator('[name="field.job_title"]').fill('Clerk');
  await page.locator('[name="field.phone"]').fill('+39 02 5550 4417');
  await Promise.all([page.waitForURL(/saved=1/), page.locator('form[data-draft] .acts button').click()]);
  const href = new URL(page.url()).pathname;
  await page.goto(`${href}/edit`);
  await page.locator('[name="field.job_title"]').fill('Director');
  await page.locator('[name="field.phone"]').fill('+39 02 5550 9999');
  await Promise.all([page.waitForURL(/saved=2/), page.locator('form[data-draft] .acts button').click()]);
  await page.getByRole('link', { name: 'All versions' }).click();
  await page.waitForURL(/\/versions$/);
  const newest = await page.locator('[aria-labelledby=v2]').first().innerText();
  assert.match(newest, /Job title\s+Clerk\s+Director/);
  assert.match(newest, /ada/i);
  assert.ok(!(await page.content()).includes('5550 9999'), 'a mask stays a mask');
  await assertHolds(page, 'versions');
});
