// Search: by the bar, by the palette, and what the address says of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertClean, assertHolds, signedIn } from '../harness.mjs';

async function somebody(page) {
  await page.goto('/people?sort=name');
  return page.locator('[data-open]').first().innerText();
}

test('a name typed after / is found, and the address does not say it', async (t) => {
  const page = await signedIn(t);
  const name = await somebody(page);
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await Promise.all([page.waitForURL(/\/search\?query=/), page.keyboard.press('Enter')]);
  for (const word of name.toLowerCase().split(' ')) assert.ok(!page.url().toLowerCase().includes(word));
  assert.match(await page.locator('#results').innerText(), new RegExp(name.split(' ')[0]));
  await assertHolds(page, 'search');
});

test('the palette finds a person and opens them', async (t) => {
  const page = await signedIn(t);
  const name = await somebody(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type(name);
  await page.locator('#palette-options .option', { hasText: name }).first().waitFor();
  await Promise.all([page.waitForURL(/\/people\/rec_/), page.keyboard.press('Enter')]);
  assertClean(page);
});

test('the palette does things from anywhere, and only what this user may', async (t) => {
  const page = await signedIn(t);
  await page.goto('/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('new comp');
  await page.locator('#palette-options .option', { hasText: 'New company' }).first().waitFor();
  await Promise.all([page.waitForURL(/\/companies\/new/), page.keyboard.press('Enter')]);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('api keys');
  await Promise.all([page.waitForURL(/\/settings\/keys/), page.locator('#palette-options .option', { hasText: 'API keys' }).first().click()]);
  assertClean(page);
});
